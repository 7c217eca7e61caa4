"""Asking a service: words for the ear when it takes long, a way out when it takes too long."""

from dataclasses import dataclass

from ivrengine.errors import FlowError
from ivrengine.flow.behaviours.behaviour import Answer, Behaviour
from ivrengine.flow.effects import Act
from ivrengine.flow.expressions import evaluate
from ivrengine.flow.inputs import ActionDone
from ivrengine.flow.nodes import ActNode
from ivrengine.flow.state import TimerName

OK, ERROR, TIMEOUT = "ok", "error", "timeout"


@dataclass(slots=True)
class Acting(Behaviour):
    """Keys are kept for what follows; they cut neither the filler nor the service."""

    node: ActNode

    def enter(self) -> None:
        """Ask."""
        turn, node = self.turn, self.node
        try:
            variables = turn.variables
            given = {name: evaluate(each, variables) for name, each in node.arguments.items()}
        except FlowError as fault:
            turn.fail(str(fault))
            return
        turn.order(
            lambda generation: Act(
                generation=generation,
                action=node.action,
                arguments=given,
                deadline_s=node.deadline_s,
            )
        )
        grace_s = turn.dialplan.timing.answer_grace_s
        turn.start_timer(TimerName.ANSWER, node.deadline_s + grace_s)
        if node.filler:
            turn.start_timer(TimerName.FILLER, node.filler_after_s)

    def timer(self, name: TimerName) -> None:
        """Say the filler, or give up."""
        match name:
            case TimerName.FILLER:
                self.turn.speak(self.node.filler, aside=True)
            case TimerName.ANSWER:
                self._take(TIMEOUT)
            case _:
                pass

    def answer(self, answer: Answer) -> None:
        """Take the service's answer."""
        if not isinstance(answer, ActionDone):
            self.turn.count("late_inputs")
            return
        if answer.outcome == OK and not self._filled(answer):
            self._take(ERROR)
        else:
            self._take(answer.outcome)

    def _filled(self, done: ActionDone) -> bool:
        turn = self.turn
        try:
            for variable, name in self.node.into.items():
                turn.fill(variable, done.values.get(name))
        except FlowError as fault:
            turn.note_fault(f"the answer of {self.node.action} does not fit: {fault}")
            return False
        return True

    def _take(self, outcome: str) -> None:
        outcomes = self.node.outcomes
        target = outcomes.get(outcome) or outcomes.get(ERROR)
        if target is None:
            self.turn.fail(f"{self.node.action} has no way out for {outcome}")
        else:
            self.turn.go(target)
