"""What SIPp and a server of sound tell each other: short messages, each ended by an escape byte.

SIPp exchanges them with a twin when it runs as a third party's controller (its option `-3pcc`).
The first line names the call, the second holds a verb and what it needs:

    Call-ID: …     Takes: a line             answered with `Media: <host>:<port>`
    Call-ID: …     Talks: to the other side  followed by the answer to the INVITE, whole
    Call-ID: …     Presses: 600519           answered with `Pressed: 600519` when that is done
    Call-ID: …     Speaks: 4                 for so many seconds, what counts as speech
    Call-ID: …     Leaves: the line

SIPp's own word for a call that failed is `internal-cmd`.
"""

import asyncio
from dataclasses import dataclass
from typing import Final, Self

from ivrengine.errors import EngineError

_END: Final = b"\x1b"
_SENT_WITHIN_S: Final = 5.0


class StrangeCommand(EngineError):
    """SIPp asked for something that nobody here understands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What one call asks for; ``text`` is the whole message."""

    call_id: str
    verb: str
    value: str
    text: str

    @classmethod
    def read(cls, message: bytes) -> Self:
        """Read one message without its escape byte.

        Raises:
            StrangeCommand: it does not begin with a Call-ID and a verb.
        """
        text = message.decode("latin-1").strip()
        lines = [line.partition(":") for line in text.splitlines()[:2]]
        if len(lines) < 2 or lines[0][0].lower() != "call-id":
            raise StrangeCommand(text)
        (_, _, call_id), (verb, _, value) = lines
        return cls(call_id=call_id.strip(), verb=verb, value=value.strip(), text=text)

    def field(self, name: str) -> str:
        """Return the value of a further line, empty when it is not there."""
        for line in self.text.splitlines()[2:]:
            key, _, value = line.partition(":")
            if key == name:
                return value.strip()
        return ""


class Twin:
    """One SIPp at the other end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def next(self) -> Command | None:
        """Wait for the next command; None when SIPp has left.

        Raises:
            StrangeCommand: the message is none.
        """
        try:
            return Command.read((await self._reader.readuntil(_END)).removesuffix(_END))
        except (asyncio.IncompleteReadError, ConnectionResetError):
            return None

    async def tell(self, call_id: str, line: str) -> None:
        """Send one line about a call; a SIPp that has left is told nothing.

        Raises:
            TimeoutError: SIPp does not read.
        """
        if self._writer.is_closing():
            return
        self._writer.write(f"Call-ID: {call_id}\r\n{line}\r\n\r\n".encode("latin-1") + _END)
        try:
            async with asyncio.timeout(_SENT_WITHIN_S):
                await self._writer.drain()
        except ConnectionError:
            # It left in between; whoever reads from it learns so.
            return

    def close(self) -> None:
        """Hang up on SIPp."""
        self._writer.close()
