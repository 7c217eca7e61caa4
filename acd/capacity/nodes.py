"""Engine nodes for a load, from what a call was measured to cost."""

from dataclasses import dataclass
from math import ceil

from acd.capacity.demand import require


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessCost:
    """What a call costs a process, in seconds of one processor core.

    Attributes:
        core_s_per_call: for its coming, its keys and its end.
        core_s_per_call_s: for each second that it is up.
    """

    core_s_per_call: float
    core_s_per_call_s: float

    def cores(self, calls_per_s: float, calls_up: float) -> float:
        """Return the cores that are busy with so many new calls a second and so many up."""
        return calls_per_s * self.core_s_per_call + calls_up * self.core_s_per_call_s


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCost:
    """What a call was measured to cost a node.

    Attributes:
        engine: the engine's part.
        switch: the softswitch's part, its sound included.
        measured_on: the day, as 2026-01-31.
        how: the machine and the calls, in a few words.
    """

    engine: ProcessCost
    switch: ProcessCost
    measured_on: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRules:
    """What a node is, and how busy it may be kept.

    An engine is one process, which uses one core at most; the more of it is in use, the longer a
    key waits for its answer.
    """

    cores: int = 2
    most_of_engine_core: float = 0.5
    most_of_cores: float = 0.7

    def __post_init__(self) -> None:
        require(self.cores >= 1, "a node has a core")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """Nodes, and the cores that are busy on all of them together."""

    nodes: int
    engine_cores: float
    switch_cores: float


def nodes_for(calls_per_s: float, calls_up: float, cost: CallCost, rules: NodeRules) -> Nodes:
    """Return the nodes for so many new calls a second and so many up at once."""
    engine_cores = cost.engine.cores(calls_per_s, calls_up)
    switch_cores = cost.switch.cores(calls_per_s, calls_up)
    by_engine = engine_cores / rules.most_of_engine_core
    by_cores = (engine_cores + switch_cores) / (rules.cores * rules.most_of_cores)
    return Nodes(
        nodes=max(1, ceil(round(max(by_engine, by_cores), 9))),
        engine_cores=engine_cores,
        switch_cores=switch_cores,
    )
