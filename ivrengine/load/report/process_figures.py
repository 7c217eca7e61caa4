"""What each process used while the calls were held up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import fmean, quantiles

from ivrengine.load.measures.moment import Moment
from ivrengine.load.measures.processes import ProcessUse
from ivrengine.load.measures.spread import Spread
from ivrengine.load.report.result import LoadResult
from ivrengine.load.report.trends import Growth, Trend, growth_of, trend_of

_STILL_FILLING_S = 3.0
"""Left out at the beginning of a steady phase: the last calls are being set up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessFigures:
    """One name; ``memory`` is the trend of the longest stretch in which nobody was replaced.

    ``cpu_cores`` is the mean of the steady phase with most calls, ``cpu_p95_cores`` its 95th
    percentile; memory, descriptors and threads are those of its end. ``replaced`` counts how often
    other processes took the place of those before, ``absent`` the readings that found none.
    """

    name: str
    cpu_cores: float
    cpu_p95_cores: float
    cpu_cores_per_100_calls: float | None
    rss_bytes: int
    pss_bytes: int | None
    descriptors: int
    threads: int
    memory: Trend | None
    replaced: int
    absent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StolenCores:
    """What the host kept from a virtual machine: on average, and in the worst second."""

    mean: float
    worst: float


def process_figures(result: LoadResult) -> tuple[ProcessFigures, ...]:
    """Sum up every process that was there in the steady phase with most calls."""
    steady = result.steady
    if steady is None:
        return ()
    moments = [m for m in result.during(steady) if m.at_s >= steady.from_s + _STILL_FILLING_S]
    names = dict.fromkeys(name for moment in moments for name in moment.processes)
    figures = (_figures_of(name, moments) for name in names)
    return tuple(one for one in figures if one is not None)


def cores_of_others(result: LoadResult) -> float | None:
    """Return the mean of what programs that have no part in the run used, the host's included.

    Taken over the steady phase with most calls; None if that was not read.
    """
    moments = result.during(result.steady) if result.steady else ()
    used = [
        max(0.0, moment.machine_cores - sum(_shares_in(moment)))
        for moment in moments
        if moment.machine_cores is not None
    ]
    return fmean(used) if used else None


def stolen_cores(result: LoadResult) -> StolenCores | None:
    """Return what the host kept for others in the steady phase with most calls, None if unread."""
    moments = result.during(result.steady) if result.steady else ()
    stolen = [moment.stolen_cores for moment in moments if moment.stolen_cores is not None]
    return StolenCores(mean=fmean(stolen), worst=max(stolen)) if stolen else None


def fixed_computation(result: LoadResult) -> Spread | None:
    """Return what a fixed computation took in the steady phase with most calls, None if unread."""
    moments = result.during(result.steady) if result.steady else ()
    return Spread.of([moment.fixed_s for moment in moments if moment.fixed_s is not None])


def growth_of_cpu(result: LoadResult, name: str) -> Growth | None:
    """Fit how the process' share of a core grows over the steady phases."""
    levels = []
    for phase in result.phases:
        moments = [m for m in result.during(phase) if m.at_s >= phase.from_s + _STILL_FILLING_S]
        shares = _shares(name, moments)
        if phase.steady and shares:
            levels.append((fmean(moment.up for moment in moments), fmean(shares)))
    return growth_of(levels)


def _figures_of(name: str, moments: Sequence[Moment]) -> ProcessFigures | None:
    shares = _shares(name, moments)
    uses = [moment.processes[name] for moment in moments if name in moment.processes]
    if not shares:
        return None
    last, cpu_cores = uses[-1], fmean(shares)
    up = fmean(moment.up for moment in moments)
    return ProcessFigures(
        name=name,
        cpu_cores=cpu_cores,
        cpu_p95_cores=quantiles(shares, n=20, method="inclusive")[18]
        if len(shares) > 1
        else cpu_cores,
        cpu_cores_per_100_calls=cpu_cores / up * 100 if up else None,
        rss_bytes=last.rss_bytes,
        pss_bytes=next((use.pss_bytes for use in reversed(uses) if use.pss_bytes), None),
        descriptors=last.descriptors,
        threads=last.threads,
        memory=_memory(name, moments),
        replaced=sum(a.pids != b.pids for a, b in pairwise(uses)),
        absent=len(moments) - len(uses),
    )


def _shares_in(moment: Moment) -> Iterator[float]:
    return (use.cpu_cores for use in moment.processes.values() if use.cpu_cores is not None)


def _shares(name: str, moments: Sequence[Moment]) -> list[float]:
    uses = (moment.processes.get(name) for moment in moments)
    return [use.cpu_cores for use in uses if use is not None and use.cpu_cores is not None]


def _memory(name: str, moments: Sequence[Moment]) -> Trend | None:
    there = [(m.at_s, m.processes[name]) for m in moments if name in m.processes]

    def pids(pair: tuple[float, ProcessUse]) -> tuple[int, ...]:
        return pair[1].pids

    stretches = [list(stretch) for _, stretch in groupby(there, pids)]
    longest = max(stretches, key=len, default=[])
    return trend_of([at for at, _ in longest], [float(use.rss_bytes) for _, use in longest])
