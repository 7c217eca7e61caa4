"""The figures of two loads side by side, a line for each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Self

from ivrengine.load.measures.spread import Spread
from ivrengine.load.report.figures import ENGINE, SOFTSWITCH, Figures
from ivrengine.load.report.process_figures import StolenCores

Draw = Callable[[Figures], float | None]
DrawSpread = Callable[[Figures], Spread | None]

_MEGABYTE: Final = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure in ``unit`` at both; None is what was not measured, or is not there to measure.

    ``ratio`` is the engine's in the rival's: 2 is twice as much.
    """

    what: str
    unit: str
    engine: float | None
    rival: float | None
    ratio: float | None

    @classmethod
    def of(cls, what: str, unit: str, *, engine: float | None, rival: float | None) -> Self:
        """Set two figures side by side."""
        ratio = engine / rival if engine is not None and rival else None
        return cls(what=what, unit=unit, engine=engine, rival=rival, ratio=ratio)


def side_by_side(engine: Figures, rival: Figures) -> tuple[Line, ...]:
    """Return every line, in the order in which a call goes through them."""
    return tuple(
        Line.of(what, unit, engine=draw(engine), rival=draw(rival))
        for what, unit, draw in (*_COUNTS, *_delays(), *_COSTS)
    )


def _delays() -> Iterator[tuple[str, str, Draw]]:
    for what, draw in _DELAYS:
        yield f"{what}, median", "ms", _in_ms(draw, lambda spread: spread.median_s)
        yield f"{what}, 99 %", "ms", _in_ms(draw, lambda spread: spread.p99_s)


def _in_ms(draw: DrawSpread, part: Callable[[Spread], float]) -> Draw:
    def drawn(figures: Figures) -> float | None:
        spread = draw(figures)
        return None if spread is None else part(spread) * 1e3

    return drawn


def _cpu(*names: str) -> Draw:
    """Return what draws the hundredths of a core that these processes take for a hundred calls."""

    def drawn(figures: Figures) -> float | None:
        shares = [
            one.cpu_cores_per_100_calls
            for name in names
            if (one := figures.process(name)) and one.cpu_cores_per_100_calls is not None
        ]
        return sum(shares) * 100 if shares else None

    return drawn


def _memory(*names: str) -> Draw:
    def drawn(figures: Figures) -> float | None:
        there = [one for name in names if (one := figures.process(name))]
        return sum(one.rss_bytes for one in there) / _MEGABYTE if there else None

    return drawn


def _pace(figures: Figures) -> float | None:
    took = figures.fixed_computation
    return None if took is None else took.median_s * 1000


def _stolen(part: Callable[[StolenCores], float]) -> Draw:
    def drawn(figures: Figures) -> float | None:
        return None if figures.stolen is None else part(figures.stolen) * 100

    return drawn


_COUNTS: Final[tuple[tuple[str, str, Draw], ...]] = (
    ("calls up at once", "calls", lambda figures: figures.calls.held),
    ("calls completed", "calls", lambda figures: figures.calls.completed),
    ("calls refused", "calls", lambda figures: figures.calls.refused),
    ("calls failed", "calls", lambda figures: figures.calls.failed),
    ("set-ups in a second", "calls/s", lambda figures: figures.calls.setups_per_s),
    ("wrong or missing prompts", "calls", lambda figures: figures.heard.faults),
    ("worst gap in a read-out", "samples", lambda figures: figures.heard.worst_gap_samples),
)

_DELAYS: Final[tuple[tuple[str, DrawSpread], ...]] = (
    ("INVITE → 200 OK", lambda figures: figures.heard.setup),
    ("200 OK → first sound", lambda figures: figures.heard.first_sound),
    ("key → next prompt", lambda figures: figures.heard.digit_to_prompt),
    ("agent ready → ringing", lambda figures: figures.ready_to_ring),
)

_COSTS: Final[tuple[tuple[str, str, Draw], ...]] = (
    ("softswitch for 100 calls", "% of a core", _cpu(SOFTSWITCH)),
    ("engine for 100 calls", "% of a core", _cpu(ENGINE)),
    ("both for 100 calls", "% of a core", _cpu(SOFTSWITCH, ENGINE)),
    ("memory of the softswitch", "MB", _memory(SOFTSWITCH)),
    ("memory of the engine", "MB", _memory(ENGINE)),
    ("memory of both", "MB", _memory(SOFTSWITCH, ENGINE)),
    ("kept by the machine's host", "% of a core", _stolen(lambda stolen: stolen.mean)),
    ("the same, worst second", "% of a core", _stolen(lambda stolen: stolen.worst)),
    ("a fixed computation", "ms", _pace),
)
