"""Plots of calls: how many, where, how fast they were set up, and who was turned away."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import nan

from ivrengine.load.measures.engine_metrics import EngineFigures
from ivrengine.load.measures.moment import CallerCounts, Moment
from ivrengine.load.report.engine_figures import counts_since_first
from ivrengine.load.report.plots.canvas import Canvas, Plot
from ivrengine.load.report.result import LoadResult

_Points = list[tuple[float, int]]


def call_plots(result: LoadResult) -> Iterator[Plot]:
    """Draw those for which there are readings."""
    yield _by_state(result)
    if any(moment.lines for moment in result.moments):
        yield _by_trunk(result)
    yield _set_up(result)
    yield _turned_away(result)


def _by_state(result: LoadResult) -> Plot:
    canvas = Canvas(
        result,
        title="Calls by state",
        caption="Calls up as their callers count them; who waits and who talks as the engine says.",
        unit="calls",
    )
    moments = result.moments
    at_s = [moment.at_s for moment in moments]
    if any(moment.engine for moment in moments):
        waiting = [float(moment.engine.waiting) if moment.engine else nan for moment in moments]
        talking = [float(moment.engine.talking) if moment.engine else nan for moment in moments]
        rest = [
            max(0.0, moment.up - waits - talks)
            for moment, waits, talks in zip(moments, waiting, talking, strict=True)
        ]
        canvas.layers(at_s, {"in menus": rest, "waiting for a person": waiting, "talking": talking})
    else:
        canvas.line("up", at_s, [float(moment.up) for moment in moments])
    canvas.limit(result.plan.calls, f"{result.plan.calls} planned")
    canvas.from_zero(least_top=result.plan.calls * 1.08, whole=True)
    return canvas.finished()


def _by_trunk(result: LoadResult) -> Plot:
    canvas = Canvas(
        result,
        title="Lines in use by trunk group",
        caption="As the system itself says.",
        unit="lines",
    )
    at_s = [moment.at_s for moment in result.moments]
    trunks = dict.fromkeys(trunk for moment in result.moments for trunk in moment.lines or ())
    for trunk in trunks:
        lines = [
            float(m.lines.get(trunk, 0)) if m.lines is not None else nan for m in result.moments
        ]
        canvas.line(trunk, at_s, lines)
    canvas.from_zero(least_top=5, whole=True)
    return canvas.finished()


def _set_up(result: LoadResult) -> Plot:
    canvas = Canvas(
        result,
        title="Calls set up a second",
        caption="Answered calls, and those that were refused or failed in the same second.",
        unit="calls/s",
    )
    at_s = [moment.at_s for moment in result.moments[1:]]
    canvas.line("answered", at_s, _rates(result.moments, lambda c: c.up + c.completed))
    canvas.line("refused or failed", at_s, _rates(result.moments, lambda c: c.refused + c.failed))
    canvas.from_zero(least_top=5, whole=True)
    return canvas.finished()


def _turned_away(result: LoadResult) -> Plot:
    answered = [(m.at_s, m.engine) for m in result.moments if m.engine is not None]
    source = "as the engine counts for want of a line" if answered else "as their callers count"
    canvas = Canvas(
        result,
        title="Refused by class of caller",
        caption=f"Until each moment, {source}.",
        unit="calls",
    )
    for name, points in (_by_class(answered) if answered else _by_kind(result)).items():
        canvas.line(name, [at_s for at_s, _ in points], [float(count) for _, count in points])
    canvas.from_zero(least_top=5, whole=True)
    return canvas.finished()


def _by_class(answered: Sequence[tuple[float, EngineFigures]]) -> Mapping[str, _Points]:
    counts = counts_since_first([engine for _, engine in answered], lambda engine: engine.refused)
    times = [at_s for at_s, _ in answered]
    classes = sorted({name for count in counts for name in count})
    return {
        name: [(at_s, count.get(name, 0)) for at_s, count in zip(times, counts, strict=True)]
        for name in classes
    } or {"anybody": [(at_s, 0) for at_s in times]}


def _by_kind(result: LoadResult) -> Mapping[str, _Points]:
    kinds = dict.fromkeys(kind for moment in result.moments for kind in moment.callers)
    points = {
        kind: [(m.at_s, m.callers[kind].refused) for m in result.moments if kind in m.callers]
        for kind in kinds
    }
    refused = {kind: counts for kind, counts in points.items() if counts[-1][1]}
    return refused or {"anybody": [(moment.at_s, 0) for moment in result.moments]}


def _rates(moments: Sequence[Moment], count: Callable[[CallerCounts], int]) -> list[float]:
    totals = [sum(count(counts) for counts in moment.callers.values()) for moment in moments]
    return [
        max(0.0, later - earlier) / max(after.at_s - before.at_s, 1e-3)
        for (before, after), (earlier, later) in zip(
            pairwise(moments), pairwise(totals), strict=True
        )
    ]
