"""Where callers perform: told by SIPp of every call, gives it sound, and judges how it went.

The messages are those of `ivrengine.load.sound.protocol`, with these verbs:

    Calls: trading quote     and the lines `From: …` and `Script: …`; answered with
                             `Media: <host>:<port>`
    Talks: to the other side followed by the answer to the INVITE, whole
    Ends: hung up | let go | refused 503 | failed <reason>

and from here to SIPp, once, `Hangs up: now`.
"""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Self

from ivrengine.load.callers.caller import Caller
from ivrengine.load.callers.tally import Book
from ivrengine.load.mix.script import read_script
from ivrengine.load.sound.lines import Lines
from ivrengine.load.sound.protocol import Command, StrangeCommand, Twin
from ivrengine.softphone.sip import sdp
from ivrengine.softphone.sip.sdp import Address, UnusableSession

_LOOPBACK: Final = "127.0.0.1"
_SIPP_GAVE_UP: Final = "an answer that SIP does not foresee, or none"


class Stage:
    """All calls of all SIPps. Open it first: SIPp connects to ``address`` when it starts."""

    def __init__(
        self, listener: socket.socket, lines: Lines, complain: Callable[[str], None]
    ) -> None:
        self.address: Address = listener.getsockname()
        self.lines = lines
        self.book = Book()
        self._listener = listener
        self._complain = complain
        self._calls: dict[str, tuple[Caller, Twin]] = {}

    @classmethod
    @contextmanager
    def opened(cls, complain: Callable[[str], None]) -> Iterator[Self]:
        """Bind a port for SIPp and begin to beat; in the end all sound stops.

        ``complain`` is told of each call that failed.
        """
        with socket.create_server((_LOOPBACK, 0)) as listener, Lines.opened() as lines:
            listener.setblocking(False)
            yield cls(listener, lines, complain)

    async def serve(self) -> None:
        """Serve as many SIPps as come, until it is cancelled.

        Raises:
            ExceptionGroup: a scenario said what nobody here understands.
        """
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:
            while True:
                accepted, _ = await loop.sock_accept(self._listener)
                twin = Twin(*await asyncio.open_connection(sock=accepted))
                group.create_task(self._attend(twin, group))

    async def dismiss(self) -> None:
        """Have everybody who is up hang up."""
        for caller, _ in list(self._calls.values()):
            await caller.hang_up()

    async def _attend(self, twin: Twin, group: asyncio.TaskGroup) -> None:
        try:
            while command := await twin.next():
                await self._carry_out(command, twin, group)
        finally:
            twin.close()
            for call_id, (_, theirs) in list(self._calls.items()):
                if theirs is twin:
                    self._end(call_id, "failed SIPp has left")

    async def _carry_out(self, command: Command, twin: Twin, group: asyncio.TaskGroup) -> None:
        match command.verb:
            case "Calls":
                await self._call(command, twin)
            case "Talks":
                await self._talk(command, twin, group)
            case "Ends":
                self._end(command.call_id, command.value)
            case "internal-cmd":
                self._end(command.call_id, f"failed {_SIPP_GAVE_UP}")
            case _:
                raise StrangeCommand(command.text)

    async def _call(self, command: Command, twin: Twin) -> None:
        script = read_script(command.field("Script"))

        async def hang_up() -> None:
            await twin.tell(command.call_id, "Hangs up: now")

        caller = Caller(
            command.value, script, self.lines.take(), telephone=command.field("From"), tell=hang_up
        )
        self._calls[command.call_id] = (caller, twin)
        self.book.place(caller.kind)
        host, port = caller.line.address
        await twin.tell(command.call_id, f"Media: {host}:{port}")

    async def _talk(self, command: Command, twin: Twin, group: asyncio.TaskGroup) -> None:
        caller, _ = self._calls[command.call_id]
        caller.is_up = True
        self.book.answer(caller.kind)

        try:
            caller.begin(sdp.read(command.text.encode("latin-1")), group=group)
        except UnusableSession as fault:
            caller.fault = str(fault)
            await caller.hang_up()

    def _end(self, call_id: str, how: str) -> None:
        if (call := self._calls.pop(call_id, None)) is None:
            return
        caller, _ = call
        caller.stop()
        if caller.is_up:
            self.book.leave(caller.kind)
        how, _, rest = how.partition(" ")
        match how:
            case "refused":
                self.book.refuse(caller.kind, int(rest))
                return
            case "failed":
                caller.fault = caller.fault or rest
            case "let":
                caller.is_let_go()
        if caller.fault:
            self.book.fail(caller.kind, caller.fault)
            self._complain(f"{caller.telephone} {caller.kind}: {caller.fault} ({call_id})")
        else:
            self.book.complete(caller.kind)
