"""The steady stretches of a run side by side, so that one can be compared with another."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from ivrengine.load.measures.moment import CallerCounts, Moment
from ivrengine.load.measures.spread import Spread
from ivrengine.load.report.result import LoadResult, Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class StretchFigures:
    """One of them. ``up`` is the median of the calls that were up.

    ``key_to_prompt`` is that of keys pressed in it, at telephones that listen. ``failed`` are calls
    of those who had a line and were not served as they meant to be.
    """

    name: str
    up: float
    key_to_prompt: Spread | None
    refused_per_s: float
    failed: int


def stretch_figures(result: LoadResult) -> tuple[StretchFigures, ...]:
    """Sum up every steady stretch of which there are two readings or more."""
    return tuple(
        _figures_of(result, phase, moments)
        for phase in result.phases
        if phase.steady and len(moments := result.during(phase)) > 1
    )


def _figures_of(result: LoadResult, phase: Phase, moments: tuple[Moment, ...]) -> StretchFigures:
    over_s = moments[-1].at_s - moments[0].at_s
    refused = _came(moments, lambda counts: counts.refused)
    return StretchFigures(
        name=phase.name,
        up=median(moment.up for moment in moments),
        key_to_prompt=Spread.of(
            delay_s
            for call in result.probe_calls
            for pressed_at, delay_s in zip(call.pressed_at, call.digit_to_prompt_s, strict=True)
            if phase.from_s <= pressed_at - result.origin <= phase.to_s
        ),
        refused_per_s=refused / over_s,
        failed=_came(moments, lambda counts: counts.failed),
    )


def _came(moments: tuple[Moment, ...], count: Callable[[CallerCounts], int]) -> int:
    first, last = (sum(map(count, at.callers.values())) for at in (moments[0], moments[-1]))
    return last - first
