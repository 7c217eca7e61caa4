"""A process of this program that works beside a run: told by its input, heard by its output.

It lives no longer than its input is open, so it ends with whoever started it.
"""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from ivrengine.errors import EngineError
from ivrengine.softphone.watch import Watch

_BEGUN_WITHIN_S: Final = 30.0
_LEFT_WITHIN_S: Final = 10.0
_LONGEST_LINE: Final = 1 << 20
"""A telephone that heard something else tells all that it heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What a process is for: ``python -m module arguments``, its complaints appended to ``log``.

    ``name`` is what faults call it, in the plural.
    """

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    log: Path


class OwnProcess:
    """Made by :meth:`start`; ends when the block of :meth:`heard_by` does."""

    def __init__(self, process: Process, role: Role) -> None:
        self._process = process
        self._role = role
        self._leaving = False
        self._watch = Watch()

    @classmethod
    async def start(cls, role: Role) -> Self:
        """Start it; whoever does so enters :meth:`heard_by` at once."""
        role.log.parent.mkdir(parents=True, exist_ok=True)
        with role.log.open("ab") as complaints:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", role.module, *role.arguments),
                stdin=PIPE,
                stdout=PIPE,
                stderr=complaints,
                process_group=0,
                limit=_LONGEST_LINE,
            )
        return cls(process, role)

    @property
    def pid(self) -> int:
        """Its process id, also when it has ended."""
        return self._process.pid

    @asynccontextmanager
    async def heard_by(
        self, take: Callable[[bytes], None], *, has_begun: Callable[[], bool]
    ) -> AsyncIterator[None]:
        """Give every line to ``take``; enter once ``has_begun``, and have it gone after the block.

        Raises:
            ExceptionGroup: of EngineError, it did not begin, or ended by itself before the block.
        """
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen(take))
            try:
                await self._until_begun(has_begun)
                yield
            finally:
                await self.leave()

    async def until(self, holds: Callable[[], bool], *, within_s: float) -> bool:
        """Wait until something holds that depends on what was heard; False when it still does not.

        What does not hold when the process ends will not hold later, and is waited for in vain.
        """
        return await self._watch.until(holds, within_s=within_s)

    def tell(self, words: bytes) -> None:
        """Write to its input.

        Raises:
            EngineError: it has ended.
        """
        if self._process.returncode is not None:
            raise self._fault("have gone")
        assert self._process.stdin is not None
        self._process.stdin.write(words)

    async def leave(self) -> None:
        """Close its input, and return when it has ended. May be called twice."""
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

    async def _until_begun(self, has_begun: Callable[[], bool]) -> None:
        def settled() -> bool:
            return has_begun() or self._process.returncode is not None

        await self._watch.until(settled, within_s=_BEGUN_WITHIN_S)
        if not has_begun():
            raise self._fault("did not come up")

    async def _listen(self, take: Callable[[bytes], None]) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            take(line)
            self._watch.notify()
        await self._process.wait()
        self._watch.notify()
        if not self._leaving:
            raise self._fault("have gone")

    def _fault(self, what: str) -> EngineError:
        return EngineError(f"{self._role.name} {what}", remedy=f"see {self._role.log}")
