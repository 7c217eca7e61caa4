"""The way to a person: waiting in a queue or for one agent, and the conversation behind it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ivrengine.errors import FlowError
from ivrengine.flow.behaviours.behaviour import Answer, Behaviour
from ivrengine.flow.effects import (
    AskStanding,
    ChangeMusic,
    EntryOutcome,
    NoteAnnounced,
)
from ivrengine.flow.expressions import decide
from ivrengine.flow.inputs import Joined, SeekEnded, Stands, Waiting
from ivrengine.flow.nodes import SeekNode, WaitingKey
from ivrengine.flow.sayings import (
    EXPECTED,
    SLACK_S,
    Saying,
    music_at,
    music_changes,
    sayings,
    says,
)
from ivrengine.flow.searches import KEY, change_search, end_search
from ivrengine.flow.seek_orders import seek_order
from ivrengine.flow.state import Search, TimerName, Utterance
from ivrengine.flow.targets import Ask, Take, Way
from ivrengine.flow.turn import Turn
from ivrengine.flow.utterances import run_together, utterances
from ivrengine.flow.waiting import Standing

FAILED, TIMED_OUT = "failed", "timed-out"

AFTER_SPEECH_S = 1.0
"""How soon it is tried again to say what came in the midst of something else."""


def note_position(turn: Turn, waiting: Waiting) -> None:
    """Take note of the place in the queue; what else is known of it stays."""
    turn.change(standing=replace(turn.state.standing, position=waiting.position))


@dataclass(slots=True)
class Seeking(Behaviour):
    """First what has to be said, then the search, then perhaps a conversation.

    While the caller waits each key acts alone and at once. From the moment the agent is joined,
    keys are the conversation's. A call that is resumed here goes on waiting without a word, and so
    does a caller who comes back from a flow that ran above the search.
    """

    node: SeekNode

    def enter(self) -> None:
        """Say what has to be said first, unless the search is under way."""
        turn = self.turn
        if self._is_searching():
            self._go_on()
            return
        turn.note_checkpoint()
        turn.change(standing=Standing())
        if turn.resumed:
            self._begin()
        else:
            turn.speak(self.node.speech)

    def key(self, key: str) -> None:
        """Take a key according to how far the search is."""
        turn = self.turn
        if not self._is_searching():
            turn.keep(key)
            turn.cut()
        elif turn.state.joined:
            turn.count("dropped_keys")
        else:
            self._pressed(key)

    def quiet(self) -> None:
        """Begin the search after what had to be said."""
        if not self._is_searching():
            self._begin()

    def timer(self, name: TimerName) -> None:
        """Tell the news, or end a wait that has been too long."""
        match name:
            case TimerName.NEWS if self.turn.state.voice is not None:
                self.turn.start_timer(TimerName.NEWS, AFTER_SPEECH_S)
            case TimerName.NEWS:
                self._ask_standing()
            case TimerName.WAIT:
                end_search(self.turn, TIMED_OUT)
                self._take(TIMED_OUT)
            case _:
                pass

    def answer(self, answer: Answer) -> None:
        """Take note of the place, the agent, or the end of it all."""
        turn = self.turn
        match answer:
            case Waiting() if turn.state.joined:
                # The agent was gone in the instant of the joining.
                turn.change(joined=False)
                self._go_on()
            case Waiting():
                pass
            case Stands(standing=standing) if not turn.state.joined:
                self._tell(standing)
            case Stands():
                pass
            case Joined(agent=agent):
                turn.change(joined=True, agent=agent)
                turn.forget_voice()
                turn.stop_timer(TimerName.NEWS)
                turn.stop_timer(TimerName.WAIT)
            case SeekEnded(outcome=outcome, agent=agent):
                turn.change(agent=agent or turn.state.agent, search=None)
                self._take(outcome)
            case _:
                turn.count("late_inputs")

    # The search.

    def _begin(self) -> None:
        turn, node = self.turn, self.node
        end_search(turn, KEY)
        generation = turn.next_generation()
        try:
            order = seek_order(node, turn.variables, generation=generation)
        except FlowError as fault:
            turn.fail(str(fault))
            return
        search = Search(
            generation=generation,
            depth=len(turn.state.frames),
            flow=turn.frame.flow,
            node=node.name,
            music_class=node.music_class,
        )
        turn.change(search=search)
        turn.emit(order)
        self._go_on()
        while turn.state.keys and turn.state.search is not None and turn.destination is None:
            self._pressed(turn.take_key())

    def _is_searching(self) -> bool:
        """Tell whether the search of this node is under way, and not one that was left behind."""
        search = self.turn.state.search
        here = (len(self.turn.state.frames), self.turn.frame.flow, self.node.name)
        return search is not None and here == (search.depth, search.flow, search.node)

    # What is said meanwhile.

    def _go_on(self) -> None:
        self.turn.start_timer(TimerName.WAIT, self.node.max_wait_s)
        self._ask_standing()

    def _ask_standing(self) -> None:
        search = self.turn.state.search
        if search is not None:
            self.turn.emit(AskStanding(generation=search.generation))

    def _tell(self, standing: Standing) -> None:
        """Say what is due for a caller who stands so, and wait for what comes next."""
        turn, search = self.turn, self.turn.state.search
        if search is None:
            return
        now = standing.waited_s
        began_s = now if search.began_s is None else search.began_s
        turn.start_timer(TimerName.WAIT, max(SLACK_S, self.node.max_wait_s - (now - began_s)))
        all_said = tuple(
            sayings(self.node.news, standing, began_s=began_s, language=turn.state.language)
        )
        due = {each.name: search.due.get(each.name, each.first_s) for each in all_said}
        if turn.state.voice is None:
            ready = [each for each in all_said if _is_ready(each, due[each.name], now)]
            due |= {each.name: now + each.every_s for each in ready}
            self._say(ready)
        change_search(turn, began_s=began_s, due=due)
        self._change_music(standing)
        self._await_next(all_said, due, standing)

    def _say(self, ready: list[Saying]) -> None:
        turn = self.turn
        said: tuple[Utterance, ...] = ()
        promised = False
        for each in ready:
            variables = {**turn.variables, **dict.fromkeys(each.hides, 0)}
            try:
                said += utterances(each.speech, variables)
                promised = promised or says(each.speech, EXPECTED, variables)
            except FlowError as fault:
                turn.note_fault(str(fault))
        if said:
            turn.say_aside(run_together(said))
        if said and promised:
            self._note_announced()

    def _note_announced(self) -> None:
        search, standing = self.turn.state.search, self.turn.state.standing
        if search is not None and standing.expected_wait_s:
            self.turn.emit(
                NoteAnnounced(
                    generation=search.generation,
                    position=standing.position,
                    expected_wait_s=standing.expected_wait_s,
                )
            )

    def _change_music(self, standing: Standing) -> None:
        search = self.turn.state.search
        music_class = music_at(self.node.news, standing, self.node.music_class)
        if search is not None and music_class != search.music_class:
            change_search(self.turn, music_class=music_class)
            self.turn.emit(ChangeMusic(music_class=music_class))

    def _await_next(
        self, all_said: tuple[Saying, ...], due: Mapping[str, float], standing: Standing
    ) -> None:
        now = standing.waited_s
        moments = [due[each.name] for each in all_said if max(now, due[each.name]) < each.until_s]
        moments += [at for at in music_changes(self.node.news, standing.plan) if at > now]
        first = min(moments, default=math.inf)
        if first < math.inf:
            soonest_s = SLACK_S if self.turn.state.voice is None else AFTER_SPEECH_S
            self.turn.start_timer(TimerName.NEWS, max(soonest_s, first - now))

    # The ways out.

    def _pressed(self, key: str) -> None:
        turn = self.turn
        pressed = self.node.keys.get(key)
        if pressed is None or not self._acts(pressed):
            turn.count("dropped_keys")
            return
        turn.note_entry(key, EntryOutcome.MATCHED)
        target = pressed.target
        if isinstance(target, Take) and target.way is Way.STAY:
            turn.silence()
            turn.spend()
            if turn.destination is not None:
                end_search(turn, KEY)
            return
        if not isinstance(target, Ask):
            end_search(turn, KEY)
        turn.go(target)

    def _acts(self, key: WaitingKey) -> bool:
        try:
            return key.when is None or decide(key.when, self.turn.variables)
        except FlowError as fault:
            self.turn.note_fault(str(fault))
            return False

    def _take(self, outcome: str) -> None:
        target = self.node.outcomes.get(outcome) or self.node.outcomes.get(FAILED)
        if target is None:
            self.turn.fail(f"there is no way out for {outcome}")
        else:
            self.turn.go(target)


def _is_ready(saying: Saying, due_s: float, now_s: float) -> bool:
    return due_s <= now_s + SLACK_S and now_s < saying.until_s
