"""One load at one target: agents come in, callers fill the lines and hold them, and all go again.

Everything that is started here is stopped here, also when somebody ends the run before its time;
what was measured until then is the result.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

from ivrengine.load.agents.readiness import Readiness
from ivrengine.load.cast import Cast
from ivrengine.load.interruptions import Interruptions
from ivrengine.load.measures.samples import Samples
from ivrengine.load.phases import Step, course_of, whole_s
from ivrengine.load.plan import LoadPlan
from ivrengine.load.progress import Progress
from ivrengine.load.remains import Remains, left_over
from ivrengine.load.report.result import Kind, LoadResult
from ivrengine.load.results import result_of
from ivrengine.load.target import Target

Show = Callable[[Progress], Coroutine[None, None, None]]
"""Shows how it goes, until cancelled."""

ENGINE: Final = "engine"

_COMES_AND_GOES: Final = 0.1
_LOOK_EVERY_S: Final = 0.25
_FINISHED_WITHIN_S: Final = 60.0
_BROKEN_OFF_WITHIN_S: Final = 5.0
_BACK_WITHIN_S: Final = 60.0
_GONE_WITHIN_S: Final = 45.0
"""Longer than a connection without an order is kept open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is offered. ``folder`` takes what callers and agents write while they run.

    With ``kill_every_s`` the engine is killed without notice, each time it has served that long.
    """

    plan: LoadPlan
    folder: Path
    kind: Kind = Kind.FULL
    kill_every_s: float | None = None


async def offer_load(
    target: Target, offer: Offer, *, show: Show, interruptions: Interruptions | None = None
) -> LoadResult:
    """Offer a load to a running target and return what was measured.

    One of ``interruptions`` ends the calls early; what was measured until then is returned.

    Raises:
        EngineError: agents or callers could not begin, or have ended by themselves.
    """
    async with _prepared(target, offer) as run, asyncio.TaskGroup() as tasks:
        before = await Remains.of(target, run.progress.samples)
        showing = tasks.create_task(show(run.progress))
        with (interruptions or Interruptions()).gently(run.break_off):
            await run.hold_course()
            await run.finish()
            left = await left_over(target, run.progress.samples, before, within_s=_GONE_WITHIN_S)
        showing.cancel()
        return result_of(run.progress, target, run.cast, leftovers=left)


@asynccontextmanager
async def _prepared(target: Target, offer: Offer) -> "AsyncIterator[_Run]":
    async with (
        Cast.at(
            target, offer.plan, folder=offer.folder, kills=offer.kill_every_s is not None
        ) as cast,
        Samples.taken(target, partial(cast.census, target), cast.tallies) as samples,
    ):
        chance = Random(offer.plan.seed)
        progress = Progress(
            kind=offer.kind,
            target=target.name,
            plan=offer.plan,
            samples=samples,
            crew=cast.crew,
            probes=cast.probes,
            readiness=Readiness(target, cast.crew, origin=samples.origin, chance=chance),
            ends_at_s=whole_s(course_of(offer.kind, offer.plan)),
        )
        yield _Run(target, offer, cast=cast, progress=progress)


class _Run:
    """The course of one load, once everybody is there."""

    def __init__(self, target: Target, offer: Offer, *, cast: Cast, progress: Progress) -> None:
        self.cast = cast
        self.progress = progress
        self._target = target
        self._offer = offer
        self._course: asyncio.Task[None] | None = None

    async def hold_course(self) -> None:
        """Go through all steps, with everything that goes on beside them."""
        async with asyncio.TaskGroup() as tasks:
            self._course = tasks.create_task(self._take_steps())
            beside = [tasks.create_task(errand) for errand in self._errands()]
            await asyncio.wait((self._course,))
            for errand in beside:
                errand.cancel()

    def break_off(self) -> None:
        """Take no further step."""
        self.progress.interrupted = True
        if self._course is not None:
            self._course.cancel()

    async def finish(self) -> None:
        """Have nobody call any more, and those who are there end their calls."""
        await self._until_it_serves()
        began_s = self.progress.now_s
        self.progress.name = "calls end"
        within_s = (
            _BROKEN_OFF_WITHIN_S
            if self.progress.interrupted
            else min(_FINISHED_WITHIN_S, self.progress.plan.hold_s)
        )
        await self.cast.probes.finish()
        with suppress(TimeoutError):
            # Calls that nobody could end are found among what is left over.
            await self.cast.callers.finish(within_s)
        self.progress.record("calls end", from_s=began_s, calls=0)
        self.progress.name = "what is left is counted"

    async def _take_steps(self) -> None:
        self.cast.probes.begin()
        for step in course_of(self._offer.kind, self._offer.plan):
            await self._take(step)

    async def _take(self, step: Step) -> None:
        progress = self.progress
        began_s = progress.now_s
        progress.name = f"{step.name}: callers come"
        by_sipp = max(0, step.calls - self._offer.plan.probes)
        await self.cast.callers.keep(by_sipp, rate_per_s=step.rate_per_s)
        latest_s = began_s + step.within_s
        await self._until(lambda: progress.up >= step.up or progress.now_s >= latest_s)
        progress.record(progress.name, from_s=began_s, calls=step.up)
        began_s = progress.now_s
        progress.name = step.name
        try:
            await asyncio.sleep(step.hold_s)
        finally:
            progress.record(step.name, from_s=began_s, calls=step.up, steady=step.steady)

    async def _until_it_serves(self) -> None:
        """Give a killed engine the time to come back to its calls, unless somebody ends the run."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_BACK_WITHIN_S):
                await self._until(lambda: self.progress.serves or self.progress.interrupted)

    async def _until(self, holds: Callable[[], bool]) -> None:
        # What is up and what answers is read once a second, and nobody tells.
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_EVERY_S)

    def _errands(self) -> Iterator[Coroutine[None, None, None]]:
        agents = self.cast.crew.agents
        yield self.progress.readiness.sample(agents[: max(1, round(len(agents) * _COMES_AND_GOES))])
        if self._offer.kill_every_s:
            yield self._kill_every(self._offer.kill_every_s)

    async def _kill_every(self, pause_s: float) -> None:
        while True:
            # An engine that has not served since it died last has nothing more to lose.
            await self._until(lambda: self.progress.serves)
            await asyncio.sleep(pause_s)
            pid = self._target.processes().get(ENGINE)
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
                self.progress.killed_at_s.append(self.progress.now_s)
