"""Nodes that take no time: switch, set, call and return."""

from dataclasses import dataclass

from ivrengine.errors import FlowError
from ivrengine.flow.behaviours.behaviour import Behaviour
from ivrengine.flow.effects import Value
from ivrengine.flow.expressions import decide, evaluate
from ivrengine.flow.nodes import CallNode, ReturnNode, SetNode, SwitchNode
from ivrengine.flow.targets import Target
from ivrengine.flow.turn import EnterFlow, LeaveFlow
from ivrengine.flow.variables import fitted


@dataclass(slots=True)
class Switching(Behaviour):
    """Takes the first case that holds."""

    node: SwitchNode

    def enter(self) -> None:
        """Choose."""
        try:
            self.turn.go(self._choice())
        except FlowError as fault:
            self.turn.fail(str(fault))

    def _choice(self) -> Target:
        variables = self.turn.variables
        for case in self.node.cases:
            if decide(case.when, variables):
                return case.target
        return self.node.otherwise


@dataclass(slots=True)
class Setting(Behaviour):
    """Fills variables one after the other; each sees those before it."""

    node: SetNode

    def enter(self) -> None:
        """Fill them."""
        try:
            for variable, expression in self.node.assignments.items():
                self.turn.fill(variable, evaluate(expression, self.turn.variables))
        except FlowError as fault:
            self.turn.fail(str(fault))
            return
        self.turn.go(self.node.next)


@dataclass(slots=True)
class Calling(Behaviour):
    """Begins another flow; when that returns, the call goes on behind this node."""

    node: CallNode

    def enter(self) -> None:
        """Hand over the arguments."""
        try:
            given = self._arguments()
        except FlowError as fault:
            self.turn.fail(str(fault))
            return
        self.turn.go(EnterFlow(flow=self.node.flow, variables=given))

    def _arguments(self) -> dict[str, Value]:
        types = self.turn.flows.flows[self.node.flow].arguments
        variables = self.turn.variables
        return {
            name: fitted(evaluate(expression, variables), types[name])
            for name, expression in self.node.arguments.items()
        }


@dataclass(slots=True)
class Returning(Behaviour):
    """Ends the flow."""

    node: ReturnNode

    def enter(self) -> None:
        """Hand back the values."""
        variables = self.turn.variables
        try:
            values = {name: evaluate(each, variables) for name, each in self.node.values.items()}
        except FlowError as fault:
            self.turn.fail(str(fault))
            return
        self.turn.go(LeaveFlow(values=values))
