"""The series of a load: every second what each process uses, what the system says, who calls."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, NoReturn, Self

import aiohttp
import structlog

from ivrengine.errors import EngineError
from ivrengine.load.callers.tally import Tally
from ivrengine.load.measures.engine_metrics import EngineFigures, read_page
from ivrengine.load.measures.moment import CallerCounts, Moment
from ivrengine.load.measures.processes import Census, MachineWatch, ProcessWatch
from ivrengine.load.measures.yardstick import fixed_computation_s
from ivrengine.load.target import Target

log = structlog.get_logger(__name__)

_EVERY_S: Final = 1.0
_PSS_EVERY: Final = 15
"""Readings from one with shared memory to the next: the kernel halts a process to count it."""

_ANSWER_WITHIN_S: Final = 0.8

Tallies = Callable[[], Mapping[str, Tally]]
"""Tells how far the callers of each kind have come as of now."""


@dataclass(slots=True)
class Samples:
    """Made by :meth:`taken`; ``moments`` grows while that is entered.

    ``origin`` is the monotonic moment, in seconds, from which ``at_s`` of every moment counts.
    ``unanswered`` counts the readings in which the system did not answer.
    """

    target: Target
    watch: ProcessWatch
    tallies: Tallies
    session: aiohttp.ClientSession
    origin: float
    machine: MachineWatch = field(default_factory=MachineWatch)
    moments: list[Moment] = field(default_factory=list)
    unanswered: int = 0

    @classmethod
    @asynccontextmanager
    async def taken(
        cls, target: Target, census: Census, tallies: Tallies, *, every_s: float = _EVERY_S
    ) -> AsyncIterator[Self]:
        """Take a reading at once and every ``every_s`` seconds until the end of the block."""
        limit = aiohttp.ClientTimeout(total=_ANSWER_WITHIN_S)
        async with aiohttp.ClientSession(timeout=limit) as session, asyncio.TaskGroup() as tasks:
            samples = cls(target, ProcessWatch(census), tallies, session, time.monotonic())
            await samples.take(0.0)
            keeping = tasks.create_task(samples._keep_on(every_s))
            yield samples
            keeping.cancel()

    @property
    def latest(self) -> Moment:
        """The newest moment; the first is there from the beginning."""
        return self.moments[-1]

    async def take(self, late_s: float) -> None:
        """Take one reading; a system that is away is part of it."""
        at_s = time.monotonic() - self.origin
        processes = self.watch.read(with_pss=len(self.moments) % _PSS_EVERY == 0)
        machine = self.machine.read()
        engine, lines = await asyncio.gather(self._ask_engine(), self._ask_for_lines())
        callers = {kind: CallerCounts.of(tally) for kind, tally in self.tallies().items()}
        self.moments.append(
            Moment(
                at_s=at_s,
                processes=processes,
                engine=engine,
                lines=lines,
                callers=callers,
                machine_cores=machine.busy if machine else None,
                stolen_cores=machine.stolen if machine else None,
                fixed_s=fixed_computation_s(),
                late_s=late_s,
            )
        )

    async def _keep_on(self, every_s: float) -> NoReturn:
        due = self.origin
        while True:
            due += every_s
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            late_s = max(0.0, time.monotonic() - due)
            await self.take(late_s)
            # Readings that were missed are not made up for by several in a row.
            due += late_s // every_s * every_s

    async def _ask_engine(self) -> EngineFigures | None:
        url = self.target.metrics_url
        if url is None:
            return None
        try:
            async with self.session.get(url) as answer:
                answer.raise_for_status()
                return read_page(await answer.text())
        except (aiohttp.ClientError, TimeoutError, ValueError) as fault:
            self._note_silence("engine", fault)
            return None

    async def _ask_for_lines(self) -> Mapping[str, int] | None:
        try:
            async with asyncio.timeout(_ANSWER_WITHIN_S):
                return dict(await self.target.lines_in_use())
        except (EngineError, TimeoutError) as fault:
            self._note_silence("lines", fault)
            return None

    def _note_silence(self, of: str, fault: Exception) -> None:
        self.unanswered += 1
        log.debug("no_reading", of=of, fault=str(fault) or type(fault).__name__)
