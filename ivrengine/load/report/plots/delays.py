"""Plots of what callers and agents feel: how long until the next thing is heard, or rings."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from ivrengine.load.measures import engine_metrics
from ivrengine.load.measures.engine_metrics import EngineFigures
from ivrengine.load.measures.moment import Moment
from ivrengine.load.measures.probe_call import ProbeCall
from ivrengine.load.report import judging
from ivrengine.load.report.engine_figures import histogram_over
from ivrengine.load.report.plots.canvas import Canvas, Plot
from ivrengine.load.report.result import LoadResult

_WINDOW_S = 10.0
_MS = 1e3
_USUAL_MS = (1.0, 200.0)
"""What every axis of delays shows at least, so that runs can be compared at a glance."""

_LEAST_MS = 0.05
"""A logarithm has no zero; nothing below this is told apart."""


def delay_plots(result: LoadResult) -> Iterator[Plot]:
    """Draw those for which there are measurements."""
    if any(call.setup_s is not None for call in result.probe_calls):
        yield _set_up_time(result)
    if any(call.digit_to_prompt_s for call in result.probe_calls) or _readings(result.moments):
        yield _digit_to_prompt(result)
    if any(call.gaps_samples for call in result.probe_calls):
        yield _gaps(result)
    if result.rings:
        yield _ready_to_ring(result)
    if _readings(result.moments):
        yield _loop_lag(result)


def _set_up_time(result: LoadResult) -> Plot:
    canvas = _delay_canvas(
        result,
        "Set-up and first sound",
        "At telephones that listen: from the INVITE to its 200, and from there to the greeting.",
    )
    calls = result.probe_calls
    _draw(canvas, "INVITE to 200", result, calls, lambda call: _known(call.setup_s))
    _draw(canvas, "200 to first sound", result, calls, lambda call: _known(call.first_sound_s))
    canvas.within(*_USUAL_MS)
    return canvas.finished()


def _digit_to_prompt(result: LoadResult) -> Plot:
    canvas = _delay_canvas(
        result,
        "Key to prompt",
        "Dots: at telephones that listen, from a key's end to the next prompt's first frame. "
        "Lines: the engine's own, over ten seconds each.",
    )
    _draw(canvas, "heard", result, result.probe_calls, lambda call: call.digit_to_prompt_s)
    _draw_engine(canvas, result, engine_metrics.DIGIT_TO_PROMPT)
    canvas.limit(judging.DIGIT_TO_PROMPT_P99_S * _MS, "99 % below this")
    canvas.within(*_USUAL_MS)
    return canvas.finished()


def _gaps(result: LoadResult) -> Plot:
    canvas = Canvas(
        result,
        title="Gap between the fragments of a read-out",
        caption="The largest of each call, on the sender's own clock; 8 samples are 1 ms.",
        unit="samples",
    )
    _draw_largest(canvas, "between fragments", result, lambda call: call.gaps_samples)
    _draw_largest(canvas, "inside of fragments", result, lambda call: call.holes_samples)
    canvas.from_zero(least_top=200, whole=True)
    canvas.limit(160, "one frame")
    return canvas.finished()


def _draw_largest(
    canvas: Canvas,
    name: str,
    result: LoadResult,
    silences: Callable[[ProbeCall], Sequence[int]],
) -> None:
    calls = [call for call in result.probe_calls if silences(call)]
    at_s = [call.began_at - result.origin for call in calls]
    canvas.dots(name, at_s, [float(max(silences(call), key=abs)) for call in calls])


def _ready_to_ring(result: LoadResult) -> Plot:
    canvas = _delay_canvas(
        result,
        "Agent ready to telephone ringing",
        "At agents' telephones while callers wait, from the order to the INVITE.",
    )
    rung = [(ring.at_s, ring.took_s) for ring in result.rings if ring.took_s is not None]
    canvas.dots("rang", [at for at, _ in rung], [_shown_ms(took) for _, took in rung])
    canvas.limit(judging.READY_TO_RING_P99_S * _MS, "99 % below this")
    canvas.within(*_USUAL_MS)
    return canvas.finished()


def _loop_lag(result: LoadResult) -> Plot:
    canvas = _delay_canvas(
        result,
        "Lag of the engine's event loop",
        "How late the engine wakes up, as it says itself, over ten seconds each.",
    )
    _draw_engine(canvas, result, engine_metrics.LOOP_LAG)
    canvas.within(*_USUAL_MS)
    return canvas.finished()


def _delay_canvas(result: LoadResult, title: str, caption: str) -> Canvas:
    return Canvas(result, title=title, caption=caption, unit="ms", logarithmic=True)


def _draw(
    canvas: Canvas,
    name: str,
    result: LoadResult,
    calls: Sequence[ProbeCall],
    delays: Callable[[ProbeCall], Iterable[float]],
) -> None:
    points = [(call.began_at - result.origin, delay) for call in calls for delay in delays(call)]
    canvas.dots(name, [at for at, _ in points], [_shown_ms(delay) for _, delay in points])


def _known(delay_s: float | None) -> tuple[float, ...]:
    return () if delay_s is None else (delay_s,)


def _draw_engine(canvas: Canvas, result: LoadResult, name: str) -> None:
    for share, word in ((0.5, "engine, median"), (0.99, "engine, 99 %")):
        points = list(_percentiles(result.moments, name, share))
        if points:
            canvas.line(word, [at for at, _ in points], [delay for _, delay in points])


def _percentiles(
    moments: Sequence[Moment], name: str, share: float
) -> Iterator[tuple[float, float]]:
    readings = _readings(moments)
    starts = [readings[0]] if readings else []
    for reading in readings[1:]:
        if reading[0] - starts[-1][0] >= _WINDOW_S:
            starts.append(reading)
    for (_, before), (at_s, after) in pairwise(starts):
        buckets = histogram_over((before, after), name)
        delay_s = buckets.quantile_s(share) if buckets else None
        if buckets is not None and delay_s is not None:
            yield at_s, _shown_ms(min(delay_s, buckets.bounds_s[-1]))


def _readings(moments: Sequence[Moment]) -> list[tuple[float, EngineFigures]]:
    return [(moment.at_s, moment.engine) for moment in moments if moment.engine is not None]


def _shown_ms(delay_s: float) -> float:
    return max(_LEAST_MS, delay_s * _MS)
