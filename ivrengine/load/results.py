"""From a run that is over to its result: what was measured, and on which machine."""

import platform
import sys
from pathlib import Path
from typing import Final

import psutil

from acd.trunk_groups import LineClass
from ivrengine.clock import SteadyClock
from ivrengine.load.callers.tally import Tally
from ivrengine.load.cast import Cast
from ivrengine.load.measures.moment import CallerCounts
from ivrengine.load.progress import Progress
from ivrengine.load.report.result import LoadResult, Machine, Tallied
from ivrengine.load.target import Target

_CPU_INFO: Final = Path("/proc/cpuinfo")


def result_of(
    progress: Progress, target: Target, cast: Cast, *, leftovers: tuple[str, ...]
) -> LoadResult:
    """Put together what a run has come to."""
    tallies = cast.tallies()
    return LoadResult(
        kind=progress.kind,
        target=progress.target,
        plan=progress.plan,
        machine=this_machine(),
        begun_at=SteadyClock().now() - progress.now_s,
        origin=progress.samples.origin,
        phases=tuple(progress.phases),
        moments=tuple(progress.samples.moments),
        tallies={kind: _tallied(tally) for kind, tally in tallies.items()},
        probe_calls=tuple(progress.probes.calls),
        rings=tuple(progress.readiness.rings),
        customers=frozenset(kind for kind in tallies if kind.split()[0] == LineClass.TRADING),
        leftovers=leftovers,
        kills=progress.kills,
        refused_with=frozenset[int]().union(*(group.refused_with for group in target.groups)),
        passed_over=progress.readiness.passed_over,
        shortcomings=cast.callers.shortcomings(),
        interrupted=progress.interrupted,
    )


def this_machine() -> Machine:
    """Describe the machine that this runs on."""
    return Machine(
        cores=psutil.cpu_count() or 1,
        processor=_processor(),
        memory_bytes=psutil.virtual_memory().total,
        system=f"{platform.system()} {platform.release()}",
        python=".".join(str(part) for part in sys.version_info[:3]),
    )


def _tallied(tally: Tally) -> Tallied:
    return Tallied(
        counts=CallerCounts.of(tally),
        refused=dict(tally.refused),
        failed=dict(tally.failed),
    )


def _processor() -> str:
    for line in _CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()
