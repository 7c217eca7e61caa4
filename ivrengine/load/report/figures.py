"""The figures of a run, each as one number or one spread, drawn from all that was measured."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from ivrengine.load.measures import engine_metrics
from ivrengine.load.measures.buckets import Buckets
from ivrengine.load.measures.engine_metrics import EngineFigures
from ivrengine.load.measures.moment import CallerCounts, Moment
from ivrengine.load.measures.probe_call import ProbeCall
from ivrengine.load.measures.spread import Spread
from ivrengine.load.report.process_figures import ProcessFigures, growth_of_cpu, process_figures
from ivrengine.load.report.result import LoadResult
from ivrengine.load.report.trends import Growth

ENGINE: Final = "engine"
SOFTSWITCH: Final = "asterisk"

_FASTEST_OVER_S: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFigures:
    """What became of the calls, probes among them.

    ``held`` is the median of the calls up in the steady phase with most, ``least_held`` the fewest.
    ``setups_per_s`` is the mean of the five seconds in which most calls were answered, and
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


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardFigures:
    """What the telephones that listen heard; ``faults`` are calls that heard something else.

    ``fragments`` is the number of places where two fragments of a read-out meet.
    """

    calls: int
    faults: int
    setup: Spread | None
    first_sound: Spread | None
    digit_to_prompt: Spread | None
    fragments: int
    fragments_apart: int
    worst_gap_samples: int | None
    packets: int
    packets_lost: int
    worst_jitter_s: float | None
    longest_wait_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOwnFigures:
    """What the engine says of itself, over the whole run.

    A percentile that lies beyond the last bound of the engine's histogram is infinite.
    """

    histograms: Mapping[str, Buckets]
    refused: Mapping[str, int]
    lost: Mapping[str, int]
    unanswered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All of a run. ``not_rung`` counts agents who became ready and whose telephone kept still."""

    calls: CallFigures
    heard: HeardFigures
    ready_to_ring: Spread | None
    not_rung: int
    processes: tuple[ProcessFigures, ...]
    growth: Growth | None
    engine: EngineOwnFigures | None

    def process(self, name: str) -> ProcessFigures | None:
        """Return what a process used, None if it was not there."""
        return next((one for one in self.processes if one.name == name), None)


def figures_of(result: LoadResult) -> Figures:
    """Draw the figures."""
    rung = [ring.took_s for ring in result.rings if ring.took_s is not None]
    return Figures(
        calls=_call_figures(result),
        heard=_heard_figures(result.probe_calls),
        ready_to_ring=Spread.of(rung),
        not_rung=len(result.rings) - len(rung),
        processes=process_figures(result),
        growth=growth_of_cpu(result, ENGINE),
        engine=_engine_figures(result.moments),
    )


def _call_figures(result: LoadResult) -> CallFigures:
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
        while end.at_s - moments[start].at_s > _FASTEST_OVER_S + 0.5:
            start += 1
        over_s = end.at_s - moments[start].at_s
        if over_s < _FASTEST_OVER_S - 0.5:
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


def _heard_figures(calls: Sequence[ProbeCall]) -> HeardFigures:
    gaps = [gap for call in calls for gap in call.gaps_samples]
    sound = [call.rtp for call in calls if call.rtp is not None]
    return HeardFigures(
        calls=len(calls),
        faults=sum(bool(call.fault) for call in calls),
        setup=Spread.of(_given(call.setup_s for call in calls)),
        first_sound=Spread.of(_given(call.first_sound_s for call in calls)),
        digit_to_prompt=Spread.of(delay for call in calls for delay in call.digit_to_prompt_s),
        fragments=len(gaps),
        fragments_apart=sum(gap != 0 for gap in gaps),
        worst_gap_samples=max(gaps, key=abs, default=None),
        packets=sum(rtp.received for rtp in sound),
        packets_lost=sum(rtp.lost for rtp in sound),
        worst_jitter_s=max((rtp.jitter_s for rtp in sound), default=None),
        longest_wait_s=max((rtp.longest_wait_s for rtp in sound), default=None),
    )


def _given(durations_s: Iterable[float | None]) -> list[float]:
    return [duration for duration in durations_s if duration is not None]


def _engine_figures(moments: Sequence[Moment]) -> EngineOwnFigures | None:
    answered = [moment.engine for moment in moments if moment.engine is not None]
    if not answered:
        return None
    return EngineOwnFigures(
        histograms={
            name: histogram
            for name in engine_metrics.HISTOGRAMS
            if (histogram := histogram_over(answered, name)) is not None
        },
        refused=_counted_over(answered, lambda engine: engine.refused),
        lost=_counted_over(answered, lambda engine: engine.lost),
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


def _counted_over(
    readings: Sequence[EngineFigures], count: Callable[[EngineFigures], Mapping[str, int]]
) -> Mapping[str, int]:
    total: dict[str, int] = {}
    for before, after in pairwise(readings):
        earlier = count(before) if _same_run(before, after) else {}
        for name, number in count(after).items():
            total[name] = total.get(name, 0) + number - earlier.get(name, 0)
    return total


def _same_run(before: EngineFigures, after: EngineFigures) -> bool:
    return before.started_at == after.started_at
