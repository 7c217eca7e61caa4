"""The sound of SIPp's calls: SIPp does the signalling and orders its sound from here."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Self

from ivrengine.load.sound.frames import Voice
from ivrengine.load.sound.lines import Line, Lines
from ivrengine.load.sound.protocol import Command, StrangeCommand, Twin
from ivrengine.softphone.sip import sdp
from ivrengine.softphone.sip.sdp import Address

_LOOPBACK: Final = "127.0.0.1"


class SoundServer:
    """Every call's sound. Open it first: SIPp connects to ``address`` when it starts."""

    def __init__(self, listener: socket.socket, lines: Lines) -> None:
        self.address: Address = listener.getsockname()
        self._listener = listener
        self._lines = lines
        self._taken: dict[str, Line] = {}

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Self]:
        """Bind a port for SIPp; in the end all sound stops."""
        with socket.create_server((_LOOPBACK, 0)) as listener, Lines.opened() as lines:
            listener.setblocking(False)
            yield cls(listener, lines)

    async def serve(self) -> None:
        """Serve one SIPp until it has left.

        Raises:
            ExceptionGroup: of StrangeCommand, or of whatever kept a call from its sound.
        """
        accepted, _ = await asyncio.get_running_loop().sock_accept(self._listener)
        twin = Twin(*await asyncio.open_connection(sock=accepted))
        mine: set[str] = set()
        try:
            async with asyncio.TaskGroup() as orders:
                while command := await twin.next():
                    mine.add(command.call_id)
                    match command.verb:
                        case "Presses":
                            orders.create_task(self._press(command, twin))
                        case "Speaks":
                            orders.create_task(self._speak(command))
                        case _:
                            await self._carry_out(command, twin)
        finally:
            twin.close()
            for call_id in mine:
                self._leave(call_id)

    async def _carry_out(self, command: Command, twin: Twin) -> None:
        match command.verb:
            case "Takes":
                line = self._taken[command.call_id] = self._lines.take()
                host, port = line.address
                await twin.tell(command.call_id, f"Media: {host}:{port}")
            case "Talks":
                self._taken[command.call_id].talk_to(sdp.read(command.text.encode("latin-1")))
            case "Leaves" | "internal-cmd":
                self._leave(command.call_id)
            case _:
                raise StrangeCommand(command.text)

    async def _press(self, command: Command, twin: Twin) -> None:
        line = self._taken[command.call_id]
        line.press(command.value)
        await line.has_pressed.wait()
        if command.call_id in self._taken:
            await twin.tell(command.call_id, f"Pressed: {command.value}")

    async def _speak(self, command: Command) -> None:
        line = self._taken[command.call_id]
        line.speak_as(Voice.SPEAKING)
        await asyncio.sleep(float(command.value))
        line.speak_as(Voice.QUIET)

    def _leave(self, call_id: str) -> None:
        if line := self._taken.pop(call_id, None):
            line.leave()
