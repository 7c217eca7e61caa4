"""The probes as a run sees them: a process of telephones that listen, and what they found out."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final, Self, assert_never

from ivrengine.errors import EngineError
from ivrengine.load.callers.tally import Tally
from ivrengine.load.measures.probe_call import ProbeCall
from ivrengine.load.measures.probes.news import Answered, Begun, Listening, News, Over, read
from ivrengine.load.measures.probes.orders import ProbeOrders
from ivrengine.softphone.watch import Watch

_LISTENING_WITHIN_S: Final = 30.0
_LEFT_WITHIN_S: Final = 10.0
_LONGEST_LINE: Final = 1 << 20
"""A call that heard something else tells all that it heard."""


class Probes:
    """Made by :meth:`at`; ``calls`` has every call that is over, in the order of their ends."""

    def __init__(self, process: Process, log: Path) -> None:
        self.calls: list[ProbeCall] = []
        self._process = process
        self._log = log
        self._placed = 0
        self._up = 0
        self._listening = False
        self._leaving = False
        self._watch = Watch()

    @classmethod
    @asynccontextmanager
    async def at(cls, orders: ProbeOrders, *, log: Path) -> AsyncIterator[Self]:
        """Have the telephones there until the end of the block; they call from :meth:`begin` on.

        Raises:
            ExceptionGroup: of EngineError when they did not come, or went before the end; ``log``
                tells why.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "ivrengine.load.measures.probes", orders.written()),
                stdin=PIPE,
                stdout=PIPE,
                stderr=errors,
                process_group=0,
                limit=_LONGEST_LINE,
            )
        probes = cls(process, log)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(probes._listen())
            try:
                await probes._until_listening()
                yield probes
            finally:
                await probes.finish()

    @property
    def pid(self) -> int:
        """The process of the telephones."""
        return self._process.pid

    def tally(self) -> Tally:
        """Return how far the calls have come; one that was broken off at the end is complete."""
        refused = Counter(call.refused for call in self.calls if call.refused)
        failed = Counter(call.fault.partition("\n")[0] for call in self.calls if call.fault)
        return Tally(
            placed=self._placed,
            up=self._up,
            completed=len(self.calls) - refused.total() - failed.total(),
            refused=refused,
            failed=failed,
        )

    def begin(self) -> None:
        """Have every telephone call, and call again after each call."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")

    async def finish(self) -> None:
        """Have every telephone hang up where it is; returns when all have. May be called twice."""
        assert self._process.stdin is not None
        self._leaving = True
        self._process.stdin.close()
        try:
            async with asyncio.timeout(_LEFT_WITHIN_S):
                await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)
            await self._process.wait()

    async def _until_listening(self) -> None:
        def settled() -> bool:
            return self._listening or self._process.returncode is not None

        await self._watch.until(settled, within_s=_LISTENING_WITHIN_S)
        if not self._listening:
            raise EngineError("the probes' telephones did not come up", remedy=f"see {self._log}")

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self._take(read(line))
            self._watch.notify()
        await self._process.wait()
        self._watch.notify()
        if not self._leaving:
            raise EngineError("the probes' telephones have gone", remedy=f"see {self._log}")

    def _take(self, news: News) -> None:
        match news:
            case Listening():
                self._listening = True
            case Begun():
                self._placed += 1
            case Answered():
                self._up += 1
            case Over(call=call):
                self._up -= call.setup_s is not None
                self.calls.append(call)
            case _:
                assert_never(news)
