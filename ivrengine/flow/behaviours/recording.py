"""Recording what the caller says."""

from dataclasses import dataclass

from ivrengine.errors import FlowError
from ivrengine.flow.behaviours.behaviour import Answer, Behaviour
from ivrengine.flow.effects import Record, StopRecording
from ivrengine.flow.inputs import Recorded
from ivrengine.flow.nodes import RecordNode
from ivrengine.flow.state import TimerName
from ivrengine.flow.targets import Target

TERMINATOR = "#"


@dataclass(slots=True)
class Recording(Behaviour):
    """Keys before the tone cut the prompt; behind it only the terminator means anything.

    The terminator is heard twice: the softswitch ends the recording by itself, and its key comes
    here, before or after the recording does. Either way no node that follows may take it.
    """

    node: RecordNode

    def enter(self) -> None:
        """Say what to do."""
        self.turn.speak(self.node.speech)

    def key(self, key: str) -> None:
        """Cut the prompt, or end the recording."""
        turn = self.turn
        if turn.state.order is None:
            turn.keep(key)
            turn.cut()
        elif key == TERMINATOR:
            turn.change(entry=key)
            turn.emit(StopRecording(generation=turn.state.order))
        else:
            turn.count("dropped_keys")

    def quiet(self) -> None:
        """Begin to record."""
        turn, node = self.turn, self.node
        if turn.state.order is not None:
            return
        turn.change(keys="")
        turn.order(
            lambda generation: Record(
                generation=generation,
                max_s=node.max_s,
                max_silence_s=node.max_silence_s,
                terminator=TERMINATOR,
                beep=node.beep,
            )
        )
        turn.start_timer(TimerName.ANSWER, node.max_s + turn.dialplan.timing.answer_grace_s)

    def timer(self, name: TimerName) -> None:
        """Give up a recording that does not end."""
        if name is TimerName.ANSWER and self.turn.state.order is not None:
            self.turn.emit(StopRecording(generation=self.turn.state.order))
            self.turn.go(self.node.nothing)

    def answer(self, answer: Answer) -> None:
        """Take the recording, if there is anything on it."""
        turn, node = self.turn, self.node
        if not isinstance(answer, Recorded):
            turn.count("late_inputs")
            return
        if not turn.state.entry:
            turn.start_timer(TimerName.TERMINATOR, turn.dialplan.timing.terminator_s)
        if self._is_empty(answer):
            turn.go(node.nothing)
            return
        try:
            turn.fill(node.variable, answer.recording)
        except FlowError as fault:
            turn.fail(str(fault))
            return
        turn.go(node.next)

    def hung_up(self, recorded: Recorded | None) -> Target | None:
        """Return what the node names for it, if there is a recording to do it with."""
        if self.node.on_hang_up is None or recorded is None or self._is_empty(recorded):
            return None
        try:
            self.turn.fill(self.node.variable, recorded.recording)
        except FlowError:
            return None
        return self.node.on_hang_up

    def _is_empty(self, recorded: Recorded) -> bool:
        return recorded.failed or recorded.duration_s < self.node.min_s
