"""Which nodes and which ways out of them a set of rehearsed calls has taken."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivrengine.flow.anatomy import edges
from ivrengine.flow.model import FlowSet
from ivrengine.flow.targets import Take, Way
from ivrengine.flow.turn import Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowCoverage:
    """What of one flow was taken. ``missed`` are ways out as ``node`` or ``node: label``."""

    flow: str
    taken: int
    ways: int
    missed: tuple[str, ...]


class Coverage:
    """Collects what calls do: hand :meth:`watch` to a stepper."""

    def __init__(self, flows: FlowSet) -> None:
        self._flows = flows
        self._taken: set[tuple[str, str, str]] = set()

    def watch(self, flow: str, node: str, destination: Destination) -> None:
        """Take note that a call left a node."""
        for edge in edges(self._flows.node(flow, node)):
            if edge.target == destination:
                self._taken.add((flow, node, edge.label))

    def report(self) -> Iterator[FlowCoverage]:
        """Yield what was taken of each flow, in the order of the files."""
        for flow in self._flows.flows.values():
            ways = [
                (flow.name, node.name, edge.label)
                for node in flow.nodes.values()
                for edge in edges(node)
                if not (isinstance(edge.target, Take) and edge.target.way is Way.STAY)
            ]
            missed = [way for way in ways if way not in self._taken]
            yield FlowCoverage(
                flow=flow.name,
                taken=len(ways) - len(missed),
                ways=len(ways),
                missed=tuple(f"{node}: {label}" if label else node for _, node, label in missed),
            )
