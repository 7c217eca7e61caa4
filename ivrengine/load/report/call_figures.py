"""What became of the calls of a run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from ivrengine.load.measures.moment import CallerCounts, Moment
from ivrengine.load.report.result import LoadResult

FASTEST_OVER_S: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFigures:
    """What became of the calls, probes among them.

    ``held`` is the median of the calls up in the steady phase with most, ``least_held`` the fewest.
    ``setups_per_s`` is the mean of the three seconds in which most calls were answered, and
    ``not_set_up`` how many were refused or failed in these.
    """

    placed: int
    completed: int
    refused: int
    failed: int
    most_up: int
    held: float | None
    least_held: int | None
    setups_per_s: float | None
    not_set_up: int


def call_figures(result: LoadResult) -> CallFigures:
    """Sum up the callers of all kinds."""
    counts = [tallied.counts for tallied in result.tallies.values()]
    steady = result.steady
    held = [m.up for m in result.during(steady)] if steady else []
    setups_per_s, not_set_up = _fastest(result.moments)
    return CallFigures(
        placed=sum(count.placed for count in counts),
        completed=sum(count.completed for count in counts),
        refused=sum(count.refused for count in counts),
        failed=sum(count.failed for count in counts),
        most_up=max((moment.up for moment in result.moments), default=0),
        held=median(held) if held else None,
        least_held=min(held, default=None),
        setups_per_s=setups_per_s,
        not_set_up=not_set_up,
    )


def _fastest(moments: Sequence[Moment]) -> tuple[float | None, int]:
    """Return the answered calls a second in the best stretch, and those that were not."""
    best: tuple[float, int] | None = None
    start = 0
    for end in moments:
        while end.at_s - moments[start].at_s > FASTEST_OVER_S + 0.5:
            start += 1
        over_s = end.at_s - moments[start].at_s
        if over_s < FASTEST_OVER_S - 0.5:
            continue
        answered = _total(end, _answered) - _total(moments[start], _answered)
        missed = _total(end, _missed) - _total(moments[start], _missed)
        if best is None or answered / over_s > best[0]:
            best = (answered / over_s, missed)
    return best or (None, 0)


def _total(moment: Moment, count: Callable[[CallerCounts], int]) -> int:
    return sum(count(counts) for counts in moment.callers.values())


def _answered(counts: CallerCounts) -> int:
    return counts.up + counts.completed


def _missed(counts: CallerCounts) -> int:
    return counts.refused + counts.failed
