"""The sound of SIPp's callers: one RTP stream each, with keys in it, from ordinary sockets.

SIPp itself sends keys through a raw socket only, which ordinary users may not open.  So SIPp does
the signalling and orders the sound from here, by the commands that it exchanges with a twin when it
runs as a third party's controller (its option `-3pcc`).  A command is a few lines and an escape
byte:

    Call-ID: …     Takes: a line             answered with `Media: <host>:<port>`
    Call-ID: …     Talks: to the other side  followed by the answer to the INVITE, whole
    Call-ID: …     Presses: 600519           answered with `Pressed: 600519` when that is done
    Call-ID: …     Leaves: the line
"""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Self

from ivrengine.softphone.sip import sdp
from ivrengine.softphone.sip.dtmf import KeyStyle
from ivrengine.softphone.sip.media import Media
from ivrengine.softphone.sip.rtp import RtpSocket
from ivrengine.softphone.sip.sdp import Address

_END: Final = b"\x1b"
_LOOPBACK: Final = "127.0.0.1"
_SENT_WITHIN_S: Final = 5.0


class StrangeCommand(Exception):
    """SIPp asked for something that nobody here understands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What one call asks for; `text` is the whole message."""

    call_id: str
    verb: str
    value: str
    text: str

    @classmethod
    def read(cls, message: bytes) -> Self:
        """Reads one message without its escape byte.

        Raises:
            StrangeCommand: it does not begin with a Call-ID and a verb.
        """
        text = message.decode("latin-1").strip()
        lines = [line.partition(":") for line in text.splitlines()[:2]]
        if len(lines) < 2 or lines[0][0].lower() != "call-id":
            raise StrangeCommand(text)
        (_, _, call_id), (verb, _, value) = lines
        return cls(call_id=call_id.strip(), verb=verb, value=value.strip(), text=text)


class Switchboard:
    """Every call's sound.  Open it first: SIPp connects to `address` when it starts."""

    def __init__(self, listener: socket.socket) -> None:
        self.address: Address = listener.getsockname()
        self._listener = listener
        self._media: dict[str, Media] = {}
        self._presses: dict[str, asyncio.Task[None]] = {}

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Self]:
        """Binds a port for SIPp; in the end all sound stops."""
        with socket.create_server((_LOOPBACK, 0)) as listener:
            listener.setblocking(False)
            board = cls(listener)
            try:
                yield board
            finally:
                board._close()

    async def serve(self) -> None:
        """Serves one SIPp until it has left.

        Raises:
            ExceptionGroup: of StrangeCommand, or of whatever kept a call from its sound.
        """
        accepted, _ = await asyncio.get_running_loop().sock_accept(self._listener)
        reader, writer = await asyncio.open_connection(sock=accepted)
        try:
            async with asyncio.TaskGroup() as orders:
                while message := await _next_message(reader):
                    command = Command.read(message)
                    if command.verb == "Presses":
                        pressing = orders.create_task(self._press(command, writer))
                        self._presses[command.call_id] = pressing
                    else:
                        await self._carry_out(command, writer)
        finally:
            writer.close()

    async def _carry_out(self, command: Command, writer: asyncio.StreamWriter) -> None:
        match command.verb:
            case "Takes":
                media = self._media[command.call_id] = Media(RtpSocket.open(_LOOPBACK))
                host, port = media.address
                await _answer(writer, command, f"Media: {host}:{port}")
            case "Talks":
                stream = sdp.read(command.text.encode("latin-1"))
                self._media[command.call_id].agree(stream, stream.codecs[0])
            case "Leaves" | "internal-cmd":
                # The latter is SIPp's own word for a call that failed.
                self._end(command.call_id)
            case _:
                raise StrangeCommand(command.text)

    async def _press(self, command: Command, writer: asyncio.StreamWriter) -> None:
        await self._media[command.call_id].press(command.value, KeyStyle())
        await _answer(writer, command, f"Pressed: {command.value}")

    def _end(self, call_id: str) -> None:
        if pressing := self._presses.pop(call_id, None):
            pressing.cancel()
        if media := self._media.pop(call_id, None):
            media.close()

    def _close(self) -> None:
        for call_id in list(self._media):
            self._end(call_id)


async def _next_message(reader: asyncio.StreamReader) -> bytes:
    try:
        return (await reader.readuntil(_END)).removesuffix(_END)
    except asyncio.IncompleteReadError:
        return b""


async def _answer(writer: asyncio.StreamWriter, command: Command, line: str) -> None:
    text = f"Call-ID: {command.call_id}\r\n{line}\r\n\r\n"
    writer.write(text.encode("latin-1") + _END)
    async with asyncio.timeout(_SENT_WITHIN_S):
        await writer.drain()
