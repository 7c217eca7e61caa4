"""A load at one moment, a few words for each figure: for the terminal and for plain output."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ivrengine.load.measures import engine_metrics
from ivrengine.load.measures.engine_metrics import EngineFigures
from ivrengine.load.measures.moment import Moment
from ivrengine.load.measures.spread import Spread
from ivrengine.load.progress import Progress

_RATE_OVER_S: Final = 5.0
_DELAYS_OVER_S: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """``title`` says what goes on; ``facts`` are names with what is to be said of each."""

    title: str
    facts: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, progress: Progress) -> "Glimpse":
        """Look at a run now."""
        return cls(title=_title(progress), facts=tuple(_facts(progress)))

    def line(self) -> str:
        """All of it in one line."""
        return " · ".join((self.title, *(f"{name} {value}" for name, value in self.facts)))


def setups_per_s(moments: Sequence[Moment]) -> float:
    """Return how many calls a second were answered of late."""
    before = _before(moments, _RATE_OVER_S)
    over_s = moments[-1].at_s - before.at_s
    return (_answered(moments[-1]) - _answered(before)) / over_s if over_s else 0.0


def _title(progress: Progress) -> str:
    minutes, seconds = divmod(round(progress.left_s), 60)
    killed = f", engine killed {progress.kills} times" if progress.kills else ""
    return f"{progress.target}: {progress.name}{killed}, {minutes}:{seconds:02} left"


def _facts(progress: Progress) -> Iterator[tuple[str, str]]:
    moments, now = progress.samples.moments, progress.latest
    counts = list(now.callers.values())
    yield "up", f"{now.up} of {progress.plan.calls}"
    yield "set up", f"{setups_per_s(moments):.1f}/s"
    yield "completed", f"{sum(count.completed for count in counts):,}"
    yield "refused", _refused(now, sum(count.refused for count in counts))
    yield "failed", f"{sum(count.failed for count in counts):,}"
    yield "lines", _numbers(now.lines) if now.lines is not None else "not told"
    if now.engine is not None:
        yield "waiting", str(now.engine.waiting)
        yield "agents", _numbers({state: n for state, n in now.engine.agents.items() if n})
        yield "key to prompt", _delays(now.engine, _before(moments, _DELAYS_OVER_S).engine)
    yield "ready to ringing", _rings(progress)
    yield "cores", _cores(now)


def _refused(now: Moment, refused: int) -> str:
    by_class = now.engine.refused if now.engine else {}
    classes = _numbers({name: count for name, count in by_class.items() if count})
    return f"{refused:,} ({classes})" if classes else f"{refused:,}"


def _numbers(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in numbers.items())


def _delays(now: EngineFigures, before: EngineFigures | None) -> str:
    delays = now.histograms.get(engine_metrics.DIGIT_TO_PROMPT)
    if delays is None:
        return "none yet"
    earlier = before.histograms.get(engine_metrics.DIGIT_TO_PROMPT) if before else None
    lately = delays.since(earlier)
    median_s, p99_s = lately.quantile_s(0.5), lately.quantile_s(0.99)
    if median_s is None or p99_s is None:
        return "none lately"
    return f"{median_s * 1e3:.0f} ms, 99 % {p99_s * 1e3:.0f} ms"


def _rings(progress: Progress) -> str:
    rings = progress.readiness.rings
    spread = Spread.of(ring.took_s for ring in rings if ring.took_s is not None)
    if spread is None:
        return "none yet"
    missed = sum(ring.took_s is None for ring in rings)
    kept_still = f", {missed} kept still" if missed else ""
    median_ms, p99_ms = spread.median_s * 1e3, spread.p99_s * 1e3
    return f"{median_ms:.0f} ms, 99 % {p99_ms:.0f} ms of {spread.samples}{kept_still}"


def _cores(now: Moment) -> str:
    return ", ".join(
        f"{name} {use.cpu_cores:.2f}"
        for name, use in now.processes.items()
        if use.cpu_cores is not None
    )


def _answered(moment: Moment) -> int:
    return sum(count.up + count.completed for count in moment.callers.values())


def _before(moments: Sequence[Moment], by_s: float) -> Moment:
    """Return the newest moment that is at least so much older than the last, or the first."""
    latest_s = moments[-1].at_s - by_s
    return next((moment for moment in reversed(moments) if moment.at_s <= latest_s), moments[0])
