"""The callers' own process as seen from outside: started, asked, ended."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Self

from pydantic import TypeAdapter

from ivrengine.errors import EngineError
from ivrengine.load.callers.tally import BULLETIN, Bulletin
from ivrengine.softphone.sip.sdp import Address

_ADDRESS: Final = TypeAdapter(Address)
_STARTED_WITHIN_S: Final = 20.0
_STOPPED_WITHIN_S: Final = 5.0
_LONGEST_LINE: Final = 1 << 20


class Performers:
    """``address`` is where SIPp finds it, ``bulletin`` what it told last, twice a second."""

    def __init__(self, process: asyncio.subprocess.Process, address: Address) -> None:
        self.address = address
        self._process = process
        self.bulletin = Bulletin()

    @classmethod
    @asynccontextmanager
    async def running(cls, log: Path) -> AsyncIterator[Self]:
        """Start it; what it complains of is appended to ``log``.

        Raises:
            EngineError: it did not start.
        """
        with log.open("ab") as complaints:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "ivrengine.load.callers"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=complaints,
                limit=_LONGEST_LINE,
                process_group=0,
            )
        try:
            performers = cls(process, await _address_of(process, log))
            async with asyncio.TaskGroup() as group:
                reading = group.create_task(performers._read())
                yield performers
                reading.cancel()
        finally:
            await _stop(process)

    @property
    def pid(self) -> int:
        """The process that sends all sound."""
        return self._process.pid

    async def dismiss(self) -> None:
        """Have everybody who is up hang up.

        Raises:
            EngineError: the process has ended.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(b"dismiss\n")
            async with asyncio.timeout(_STOPPED_WITHIN_S):
                await self._process.stdin.drain()
        except ConnectionError as fault:
            raise EngineError("the callers' process has ended") from fault

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            self.bulletin = BULLETIN.validate_json(line)
        raise EngineError(f"the callers' process ended with {await self._process.wait()}")


async def _address_of(process: asyncio.subprocess.Process, log: Path) -> Address:
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_STARTED_WITHIN_S):
            line = await process.stdout.readline()
    except TimeoutError:
        line = b""
    if not line:
        raise EngineError(f"the callers' process did not start; see {log}")
    return _ADDRESS.validate_json(line)


async def _stop(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(_STOPPED_WITHIN_S):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
