"""What a call costs a node, as measured: what plans of capacity are reckoned with.

Loads that differ in how many calls come and in how many are up take different amounts of processor
time; what a call costs for its coming and for each second is what explains them best together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from acd.capacity.nodes import CallCost, ProcessCost


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One load that was held up: calls that came each second, calls up, and the cores it took."""

    load: str
    set_ups_per_s: float
    up: float
    engine_cores: float
    switch_cores: float


OBSERVED: Final = (
    Observation(
        load="short calls", set_ups_per_s=27.0, up=108, engine_cores=0.29, switch_cores=0.44
    ),
    Observation(load="quotes", set_ups_per_s=4.5, up=100, engine_cores=0.14, switch_cores=0.27),
    Observation(load="the mix", set_ups_per_s=5.2, up=237, engine_cores=0.26, switch_cores=0.72),
    Observation(load="the mix", set_ups_per_s=7.5, up=356, engine_cores=0.31, switch_cores=1.10),
)
"""`ivrengine load` with nothing else on two cores, as docs/capacity.md says."""


def fitted(seen: Sequence[Observation], cores: Sequence[float]) -> ProcessCost:
    """Return the cost by which ``seen`` would have taken these cores, by least squares.

    Loads of few and of many calls count alike: it is the relative differences that are least.
    """
    coming = [each.set_ups_per_s / took for each, took in zip(seen, cores, strict=True)]
    lasting = [each.up / took for each, took in zip(seen, cores, strict=True)]
    both = _product(coming, lasting)
    determinant = _product(coming, coming) * _product(lasting, lasting) - both**2
    by_call = sum(coming) * _product(lasting, lasting) - sum(lasting) * both
    by_second = sum(lasting) * _product(coming, coming) - sum(coming) * both
    return ProcessCost(
        core_s_per_call=by_call / determinant, core_s_per_call_s=by_second / determinant
    )


def _product(first: Sequence[float], second: Sequence[float]) -> float:
    return sum(one * other for one, other in zip(first, second, strict=True))


MEASURED: Final = CallCost(
    engine=fitted(OBSERVED, [each.engine_cores for each in OBSERVED]),
    switch=fitted(OBSERVED, [each.switch_cores for each in OBSERVED]),
    measured_on="2026-11-22",
    how=f"{len(OBSERVED)} loads of up to {max(each.up for each in OBSERVED):.0f} calls, G.711, "
    "two cores of their own",
)
