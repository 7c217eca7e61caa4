"""Engine nodes for a load, from what a call was measured to cost."""

from dataclasses import dataclass, replace
from math import ceil
from typing import Self

from acd.capacity.demand import require


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLoad:
    """What a node has to do at a time.

    Attributes:
        calls_per_s: calls that come.
        up: calls that are up.
        talking: those of them that talk with an agent.
    """

    calls_per_s: float
    up: float
    talking: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessCost:
    """What a call costs a process, in seconds of one processor core.

    Attributes:
        core_s_per_call: for its coming, its keys and its end.
        core_s_per_menu_s: for each second in the menus or in a queue.
        core_s_per_talk_s: for each second of talk, the agent's leg and the recording included.
    """

    core_s_per_call: float
    core_s_per_menu_s: float
    core_s_per_talk_s: float

    def cores(self, load: NodeLoad) -> float:
        """Return the cores that are busy with ``load``."""
        return (
            load.calls_per_s * self.core_s_per_call
            + (load.up - load.talking) * self.core_s_per_menu_s
            + load.talking * self.core_s_per_talk_s
        )

    def times(self, factor: float) -> Self:
        """Return what a call costs on cores that take so many times as long for the same."""
        return replace(
            self,
            core_s_per_call=self.core_s_per_call * factor,
            core_s_per_menu_s=self.core_s_per_menu_s * factor,
            core_s_per_talk_s=self.core_s_per_talk_s * factor,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCost:
    """What a call was measured to cost a node.

    Attributes:
        engine: the engine's part.
        switch: the softswitch's part, its sound included.
        pace_ms: how fast the cores are, in milliseconds that they take for a fixed computation.
        measured_on: the day, as 2026-01-31.
        how: the machine and the calls, in a few words.
    """

    engine: ProcessCost
    switch: ProcessCost
    pace_ms: float
    measured_on: str
    how: str

    def at(self, pace_ms: float) -> Self:
        """Return what a call costs on cores that take ``pace_ms`` for the fixed computation."""
        require(pace_ms > 0, "a computation takes time")
        factor = pace_ms / self.pace_ms
        return replace(
            self,
            engine=self.engine.times(factor),
            switch=self.switch.times(factor),
            pace_ms=pace_ms,
        )


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


def nodes_for(load: NodeLoad, cost: CallCost, rules: NodeRules) -> Nodes:
    """Return the nodes that bear ``load`` together."""
    engine_cores = cost.engine.cores(load)
    switch_cores = cost.switch.cores(load)
    by_engine = engine_cores / rules.most_of_engine_core
    by_cores = (engine_cores + switch_cores) / (rules.cores * rules.most_of_cores)
    return Nodes(
        nodes=max(1, ceil(round(max(by_engine, by_cores), 9))),
        engine_cores=engine_cores,
        switch_cores=switch_cores,
    )
