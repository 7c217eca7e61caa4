"""The callers' own process as seen from outside: started, asked, ended."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Self

from pydantic import TypeAdapter

from ivrengine.load.callers.tally import BULLETIN, Bulletin
from ivrengine.load.own_process import OwnProcess, Role
from ivrengine.softphone.sip.sdp import Address

_ADDRESS: Final = TypeAdapter(Address)


class Performers:
    """Made by :meth:`running`; ``bulletin`` is what it told last, twice a second."""

    def __init__(self, process: OwnProcess) -> None:
        self.bulletin = Bulletin()
        self._process = process
        self._address: Address | None = None

    @classmethod
    @asynccontextmanager
    async def running(cls, log: Path) -> AsyncIterator[Self]:
        """Start it; what it complains of is appended to ``log``.

        Raises:
            ExceptionGroup: of EngineError, it did not start, or ended by itself.
        """
        role = Role(name="the callers' voices", module="ivrengine.load.callers", log=log)
        process = await OwnProcess.start(role)
        performers = cls(process)
        async with process.heard_by(
            performers._hear, has_begun=lambda: performers._address is not None
        ):
            yield performers

    @property
    def pid(self) -> int:
        """The process that sends all sound."""
        return self._process.pid

    @property
    def address(self) -> Address:
        """Where SIPp finds it."""
        assert self._address is not None
        return self._address

    def dismiss(self) -> None:
        """Have everybody who is up hang up.

        Raises:
            EngineError: the process has ended.
        """
        self._process.tell(b"dismiss\n")

    def _hear(self, line: bytes) -> None:
        if self._address is None:
            self._address = _ADDRESS.validate_json(line)
        else:
            self.bulletin = BULLETIN.validate_json(line)
