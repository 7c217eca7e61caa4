"""The way to a person: waiting in a queue or for one agent, and the conversation behind it."""

from dataclasses import dataclass

from ivrengine.errors import FlowError
from ivrengine.flow.behaviours.behaviour import Answer, Behaviour
from ivrengine.flow.effects import EntryOutcome, Seek, Withdraw
from ivrengine.flow.expressions import ExpressionError
from ivrengine.flow.inputs import Joined, SeekEnded, Waiting
from ivrengine.flow.nodes import SeekNode, VariableName
from ivrengine.flow.state import TimerName
from ivrengine.flow.targets import Take, Way
from ivrengine.flow.utterances import items_of

FAILED, TIMED_OUT = "failed", "timed-out"


@dataclass(slots=True)
class Seeking(Behaviour):
    """First what has to be said, then the search, then perhaps a conversation.

    While the caller waits each key acts alone and at once. From the moment the agent is joined,
    keys are the conversation's. A call that is resumed here goes on waiting without a word.
    """

    node: SeekNode

    def enter(self) -> None:
        """Say what has to be said first."""
        turn = self.turn
        turn.note_checkpoint()
        turn.change(position=0)
        if turn.resumed:
            self._begin()
        else:
            turn.speak(self.node.speech)

    def key(self, key: str) -> None:
        """Take a key according to how far the search is."""
        turn = self.turn
        if turn.state.order is None:
            turn.keep(key)
            turn.cut()
        elif turn.state.joined:
            turn.count("dropped_keys")
        else:
            self._pressed(key)

    def quiet(self) -> None:
        """Begin the search after what had to be said."""
        if self.turn.state.order is None:
            self._begin()

    def timer(self, name: TimerName) -> None:
        """Tell the news, or end a wait that has been too long."""
        match name:
            case TimerName.NEWS:
                self.turn.start_timer(TimerName.NEWS, self.node.news.every_s)
                self.turn.speak(self.node.news.speech, aside=True)
            case TimerName.WAIT:
                self._withdraw(TIMED_OUT)
                self._take(TIMED_OUT)
            case _:
                pass

    def answer(self, answer: Answer) -> None:
        """Take note of the place, the agent, or the end of it all."""
        turn = self.turn
        match answer:
            case Waiting(position=position):
                turn.change(position=position)
                if turn.state.joined:
                    self._wait_again()
            case Joined(agent=agent):
                turn.change(joined=True, agent=agent)
                turn.forget_voice()
                turn.stop_timer(TimerName.NEWS)
                turn.stop_timer(TimerName.WAIT)
            case SeekEnded(outcome=outcome, agent=agent):
                turn.change(agent=agent or turn.state.agent)
                self._take(outcome)
            case _:
                turn.count("late_inputs")

    def _begin(self) -> None:
        turn, node = self.turn, self.node
        try:
            queue, agent = self._named(node.queue), self._named(node.agent)
            announcement = items_of(node.announcement, turn.variables)
        except FlowError as fault:
            turn.fail(str(fault))
            return
        turn.order(
            lambda generation: Seek(
                generation=generation,
                queue=queue,
                agent=agent,
                announcement=announcement,
                recorded=node.recorded,
                music_class=node.music_class,
            )
        )
        self._start_timers()
        while turn.state.keys and turn.destination is None:
            self._pressed(turn.take_key())

    def _wait_again(self) -> None:
        """Wait on after an agent who was gone in the instant of the joining."""
        self.turn.change(joined=False)
        self._start_timers()

    def _start_timers(self) -> None:
        turn, node = self.turn, self.node
        turn.start_timer(TimerName.WAIT, node.max_wait_s)
        if node.news.speech:
            turn.start_timer(TimerName.NEWS, node.news.first_after_s)

    def _named(self, word: str | VariableName | None) -> str:
        if not isinstance(word, VariableName):
            return word or ""
        held = self.turn.variables.get(word.variable)
        if not isinstance(held, str) or not held:
            raise ExpressionError(f"the variable {word.variable} names nobody")
        return held

    def _pressed(self, key: str) -> None:
        turn = self.turn
        target = self.node.keys.get(key)
        if target is None:
            turn.count("dropped_keys")
            return
        turn.note_entry(key, EntryOutcome.MATCHED)
        if isinstance(target, Take) and target.way is Way.STAY:
            turn.silence()
            turn.spend()
            if turn.destination is not None:
                self._withdraw("key")
            return
        self._withdraw("key")
        turn.go(target)

    def _withdraw(self, cause: str) -> None:
        if self.turn.state.order is not None:
            self.turn.emit(Withdraw(generation=self.turn.state.order, cause=cause))

    def _take(self, outcome: str) -> None:
        target = self.node.outcomes.get(outcome) or self.node.outcomes.get(FAILED)
        if target is None:
            self.turn.fail(f"there is no way out for {outcome}")
        else:
            self.turn.go(target)
