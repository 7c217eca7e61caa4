"""What the engine said of itself over a run, however often it was started anew meanwhile."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ivrengine.load.measures import engine_metrics
from ivrengine.load.measures.buckets import Buckets
from ivrengine.load.measures.engine_metrics import EngineFigures
from ivrengine.load.measures.moment import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOwnFigures:
    """What the engine says of itself, over the whole run.

    A percentile that lies beyond the last bound of the engine's histogram is infinite.
    """

    histograms: Mapping[str, Buckets]
    refused: Mapping[str, int]
    lost: Mapping[str, int]
    unanswered: int


def engine_figures(moments: Sequence[Moment]) -> EngineOwnFigures | None:
    """Sum up what the engine told; None if it told nothing."""
    answered = [moment.engine for moment in moments if moment.engine is not None]
    if not answered:
        return None
    return EngineOwnFigures(
        histograms={
            name: histogram
            for name in engine_metrics.HISTOGRAMS
            if (histogram := histogram_over(answered, name)) is not None
        },
        refused=counts_since_first(answered, lambda engine: engine.refused)[-1],
        lost=counts_since_first(answered, lambda engine: engine.lost)[-1],
        unanswered=len(moments) - len(answered),
    )


def histogram_over(readings: Sequence[EngineFigures], name: str) -> Buckets | None:
    """Add up what came between the first reading and the last, restarts of the engine included."""
    total: Buckets | None = None
    for before, after in pairwise(readings):
        histogram = after.histograms.get(name)
        if histogram is not None:
            earlier = before.histograms.get(name) if _same_run(before, after) else None
            came = histogram.since(earlier)
            total = came if total is None else total.plus(came)
    return total


def counts_since_first(
    readings: Sequence[EngineFigures], count: Callable[[EngineFigures], Mapping[str, int]]
) -> list[Mapping[str, int]]:
    """Return for each reading what was counted since the first, restarts of the engine included."""
    counts: list[Mapping[str, int]] = [{}] if readings else []
    for before, after in pairwise(readings):
        earlier = count(before) if _same_run(before, after) else {}
        total = dict(counts[-1])
        for name, number in count(after).items():
            total[name] = total.get(name, 0) + number - earlier.get(name, 0)
        counts.append(total)
    return counts


def _same_run(before: EngineFigures, after: EngineFigures) -> bool:
    return before.started_at == after.started_at
