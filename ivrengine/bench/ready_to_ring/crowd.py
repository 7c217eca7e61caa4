"""Many callers who only wait: one socket for all their signalling, one port that drops all sound.

They send no sound and read none, so what they cost is the softswitch's part alone. Whoever has been
served calls again as somebody new, so that always as many wait.
"""

import asyncio
import socket
from types import TracebackType
from typing import Self

from ivrengine.errors import EngineError
from ivrengine.load.places import HOST
from ivrengine.softphone.sip.dialog import Dialog, new_tag, response_to
from ivrengine.softphone.sip.line import Line
from ivrengine.softphone.sip.message import SipRequest, SipResponse
from ivrengine.softphone.sip.sdp import Address, AudioStream
from ivrengine.softphone.sip.transactions import ServerTransaction, Timers, Transactions
from ivrengine.softphone.sip.wire import Wire
from ivrengine.softphone.sound.codec import Codec
from ivrengine.softphone.watch import Watch

_FIRST_NUMBER = 13900000000
_CALLS_PER_S = 60.0
_FAREWELLS_PER_S = 200.0
_SETTLED_WITHIN_S = 20.0


class Crowd:
    """The callers of one number at one server. ``refused`` counts calls that were not answered."""

    def __init__(self, *, server: Address, dialled: str, wire: Wire) -> None:
        self.refused = 0
        self._server = server
        self._dialled = dialled
        self._wire = wire
        self._placed = 0
        self._calls: dict[str, tuple[Line, Dialog]] = {}
        self._stays = False
        self._watch = Watch()
        self._transactions = Transactions(wire, Timers())
        self._transactions.on_request = self._take_request
        # Nobody ever reads from it: once its buffer is full, the kernel drops what arrives.
        self._ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 0)
        self._ear.bind((HOST, 0))

    @classmethod
    async def open(cls, *, server: Address, dialled: str) -> Self:
        """Bind the sockets; nobody calls yet."""
        return cls(server=server, dialled=dialled, wire=await Wire.open(HOST))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stays = False
        self._transactions.close()
        self._wire.close()
        self._ear.close()

    @property
    def size(self) -> int:
        """How many calls have been answered and are up."""
        return len(self._calls)

    async def gather(self, size: int) -> None:
        """Have ``size`` callers call in, and from here on have everybody served call again.

        Raises:
            EngineError: some were not answered.
        """
        self._stays = True
        for _ in range(size):
            self._call()
            await asyncio.sleep(1 / _CALLS_PER_S)
        await self._watch.until(
            lambda: self.size + self.refused >= size, within_s=_SETTLED_WITHIN_S
        )
        if self.size < size:
            raise EngineError(f"only {self.size} of {size} callers were answered")

    async def disperse(self) -> None:
        """Have everybody hang up, and whoever is answered only after this as well."""
        self._stays = False
        for call_id, (line, dialog) in list(self._calls.items()):
            if self._calls.pop(call_id, None) is not None:
                _hang_up(line, dialog)
            await asyncio.sleep(1 / _FAREWELLS_PER_S)

    def _call(self) -> None:
        self._placed += 1
        number = str(_FIRST_NUMBER + self._placed)
        line = Line(
            user=number,
            display_name=number,
            local=self._wire.address,
            server=self._server,
            codecs=(Codec.PCMA,),
            credentials=None,
            transactions=self._transactions,
        )
        dialog = line.dialog_with(self._dialled)

        def take_answer(invite: SipRequest, response: SipResponse) -> None:
            if response.is_final:
                self._take_answer(line, dialog, invite, response)

        line.ask(dialog.request("INVITE", body=self._offer()), take_answer)

    def _take_answer(
        self, line: Line, dialog: Dialog, invite: SipRequest, response: SipResponse
    ) -> None:
        if response.status < 300:
            dialog.learn(response)
            acknowledgement = dialog.acknowledgement(invite.cseq[0])
            self._transactions.tell(acknowledgement, line.next_hop(acknowledgement))
            if self._stays:
                self._calls[dialog.call_id] = (line, dialog)
            else:
                # One who was calling again, after being served last, when all others hung up.
                _hang_up(line, dialog)
        else:
            self.refused += 1
        self._watch.notify()

    def _take_request(self, transaction: ServerTransaction) -> None:
        request = transaction.request
        match request.method:
            case "ACK":
                return
            case "BYE":
                self._respond(transaction)
                if self._calls.pop(request.header("Call-ID"), None) is not None and self._stays:
                    self._call()
            case "INVITE" | "UPDATE":
                self._respond(transaction, body=self._offer())
            case _:
                self._respond(transaction)

    def _respond(self, transaction: ServerTransaction, *, body: bytes = b"") -> None:
        host, port = self._wire.address
        transaction.respond(
            response_to(
                transaction.request,
                200,
                "OK",
                tag=new_tag(),
                contact=f"<sip:{host}:{port}>",
                body=body,
            )
        )

    def _offer(self) -> bytes:
        return AudioStream(address=self._ear.getsockname(), codecs=(Codec.PCMA,)).render()


def _hang_up(line: Line, dialog: Dialog) -> None:
    line.ask(dialog.request("BYE"), lambda request, response: None)
