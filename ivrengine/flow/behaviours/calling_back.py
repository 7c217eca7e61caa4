"""Promising to call back a caller who waits behind this flow."""

from dataclasses import dataclass

from ivrengine.errors import FlowError
from ivrengine.flow.behaviours.behaviour import Answer, Behaviour
from ivrengine.flow.effects import CallBack
from ivrengine.flow.expressions import evaluate
from ivrengine.flow.inputs import NotCalledBack
from ivrengine.flow.nodes import CallBackNode
from ivrengine.flow.state import TimerName

ANSWERED_WITHIN_S = 5.0
"""How long the promise may take until the caller is told that there is none."""


@dataclass(slots=True)
class CallingBack(Behaviour):
    """Asks for the callback; that it is promised is told to the search, which ends with it."""

    node: CallBackNode

    def enter(self) -> None:
        """Ask."""
        turn = self.turn
        search = turn.state.search
        try:
            number = evaluate(self.node.number, turn.variables)
        except FlowError as fault:
            turn.fail(str(fault))
            return
        if search is None or not isinstance(number, str) or not number:
            turn.go(self.node.failed)
            return
        turn.emit(CallBack(generation=search.generation, number=number))
        turn.start_timer(TimerName.ANSWER, ANSWERED_WITHIN_S)

    def timer(self, name: TimerName) -> None:
        """Give up."""
        if name is TimerName.ANSWER:
            self.turn.go(self.node.failed)

    def answer(self, answer: Answer) -> None:
        """Take the refusal."""
        if isinstance(answer, NotCalledBack):
            self.turn.go(self.node.failed)
