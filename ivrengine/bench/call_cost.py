"""What a call costs a node, as measured: what plans of capacity are reckoned with.

Loads that differ in how many calls come, are up and talk take different amounts of processor time;
what a call costs for its coming and for each second is what explains them best together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from acd.capacity.nodes import CallCost, NodeLoad, ProcessCost


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One load that was held up, and the cores that it took.

    ``pace_ms`` is what a fixed computation took on these cores meanwhile.
    """

    name: str
    load: NodeLoad
    engine_cores: float
    switch_cores: float
    pace_ms: float


OBSERVED: Final = (
    Observation(
        name="short calls",
        load=NodeLoad(calls_per_s=25.3, up=94, talking=0),
        engine_cores=0.292,
        switch_cores=0.385,
        pace_ms=1.17,
    ),
    Observation(
        name="quotes",
        load=NodeLoad(calls_per_s=3.6, up=98, talking=0),
        engine_cores=0.126,
        switch_cores=0.237,
        pace_ms=1.16,
    ),
    Observation(
        name="the mix",
        load=NodeLoad(calls_per_s=7.3, up=236, talking=46),
        engine_cores=0.259,
        switch_cores=0.852,
        pace_ms=1.18,
    ),
    Observation(
        name="the mix",
        load=NodeLoad(calls_per_s=8.9, up=295, talking=55),
        engine_cores=0.255,
        switch_cores=0.843,
        pace_ms=0.91,
    ),
    Observation(
        name="the mix",
        load=NodeLoad(calls_per_s=11.2, up=345, talking=66),
        engine_cores=0.318,
        switch_cores=1.179,
        pace_ms=1.13,
    ),
)
"""`ivrengine load` with nothing else on two cores, as docs/capacity.md says."""


def fitted(seen: Sequence[Observation], cores: Sequence[float]) -> ProcessCost:
    """Return the cost by which ``seen`` would have taken these cores, by least squares.

    Loads of few and of many calls count alike: it is the relative differences that are least.
    Nothing costs less than nothing.
    """
    loads = [(each.load.calls_per_s, each.load.up, each.load.talking) for each in seen]
    causes = np.array([(coming, up - talking, talking) for coming, up, talking in loads])
    causes /= np.array(cores)[:, np.newaxis]
    costs, counted = np.zeros(causes.shape[1]), np.ones(causes.shape[1], dtype=bool)
    while True:
        costs[counted] = np.linalg.lstsq(causes[:, counted], np.ones(len(cores)), rcond=None)[0]
        if costs.min() >= 0:
            break
        counted[costs.argmin()], costs = False, np.zeros_like(costs)
    by_call, by_menu, by_talk = costs.tolist()
    return ProcessCost(
        core_s_per_call=by_call, core_s_per_menu_s=by_menu, core_s_per_talk_s=by_talk
    )


MEASURED: Final = CallCost(
    engine=fitted(OBSERVED, [each.engine_cores / each.pace_ms for each in OBSERVED]),
    switch=fitted(OBSERVED, [each.switch_cores / each.pace_ms for each in OBSERVED]),
    pace_ms=1.0,
    measured_on="2026-11-22",
    how=f"{len(OBSERVED)} loads of up to {max(each.load.up for each in OBSERVED):.0f} calls, "
    "G.711, two cores of their own",
)
