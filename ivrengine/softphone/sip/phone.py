"""A SIP telephone: real sockets, no library, no tasks.

It does what a desk telephone does: registers, places and takes calls, answers a challenge, repeats
what was not answered, presses keys, speaks and listens.  It can also do what no telephone should:
vanish, stay deaf, and lose datagrams (`phone.wire.loses_sent`).
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from types import TracebackType
from typing import Final, Self

from ivrengine.softphone.sip.call import Call, CallState, EndedBy
from ivrengine.softphone.sip.dialog import new_tag, response_to
from ivrengine.softphone.sip.digest import Credentials
from ivrengine.softphone.sip.incoming import IncomingCall
from ivrengine.softphone.sip.line import Line
from ivrengine.softphone.sip.media import Media
from ivrengine.softphone.sip.message import Header, MalformedMessage, SipResponse
from ivrengine.softphone.sip.outgoing import OutgoingCall
from ivrengine.softphone.sip.registration import Registration
from ivrengine.softphone.sip.rtp import RtpSocket
from ivrengine.softphone.sip.sdp import Address
from ivrengine.softphone.sip.transactions import ServerTransaction, Timers, Transactions
from ivrengine.softphone.sip.wire import Wire
from ivrengine.softphone.sound.codec import Codec
from ivrengine.softphone.watch import Watch

_FAREWELL_S: Final = 2.0


class Manner(Enum):
    """What a telephone does when it is called."""

    RING = auto()
    ANSWER = auto()
    BUSY = auto()
    DEAF = auto()
    """Says nothing at all, not even that it rings."""


class CallRefused(Exception):
    """A call that was not answered; `status` is the SIP status, 408 when nobody said anything."""

    def __init__(self, number: str, status: int, reason: str) -> None:
        super().__init__(f"the call to {number} ended with {status} {reason}")
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneSettings:
    """Who a telephone is and where its server listens."""

    user: str
    server: Address
    password: str | None = field(default=None, repr=False)
    display_name: str = "softphone"
    host: str = "127.0.0.1"
    port: int = 0
    codecs: tuple[Codec, ...] = (Codec.PCMA, Codec.PCMU)
    timers: Timers = field(default_factory=Timers)


class Phone:
    """One telephone.  Use as `async with await Phone.open(settings) as phone`."""

    def __init__(self, settings: PhoneSettings, wire: Wire) -> None:
        self.settings = settings
        self.wire = wire
        self.manner = Manner.RING
        self.calls: list[Call] = []
        self.on_new_call: Callable[[Call], None] = lambda call: None
        self.registration: Registration | None = None
        self._watch = Watch()
        self._rung: list[IncomingCall] = []
        self._transactions = Transactions(wire, settings.timers)
        self._transactions.on_request = self._take_request
        self.line = Line(
            user=settings.user,
            display_name=settings.display_name,
            local=wire.address,
            server=settings.server,
            codecs=settings.codecs,
            credentials=_credentials(settings),
            transactions=self._transactions,
        )

    @classmethod
    async def open(cls, settings: PhoneSettings) -> Self:
        """Binds the telephone's socket."""
        return cls(settings, await Wire.open(settings.host, settings.port))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    @property
    def call_in_hand(self) -> Call:
        """The newest call.

        Raises:
            LookupError: there has been none.
        """
        if not self.calls:
            raise LookupError(f"telephone {self.settings.user} has no call")
        return self.calls[-1]

    def start_call(
        self, number: str, *, call_id: str | None = None, extra: tuple[Header, ...] = ()
    ) -> OutgoingCall:
        """Dials and returns at once, so that one can cancel or look at the ringing."""
        media = Media(RtpSocket.open(self.settings.host))
        call = OutgoingCall.to(number, self.line, media, call_id=call_id)
        self._adopt(call)
        call.invite(extra=extra)
        return call

    async def call(self, number: str, *, within_s: float = 10.0) -> OutgoingCall:
        """Dials and waits for the answer.

        Raises:
            CallRefused: it ended otherwise; an unanswered one is cancelled first.
        """
        call = self.start_call(number)
        if await call.reaches(CallState.TALKING, within_s=within_s):
            return call
        call.give_up()
        end = call.end
        raise CallRefused(number, end.status if end else 408, end.reason if end else "no answer")

    async def wait_for_ring(self, *, within_s: float = 10.0) -> IncomingCall:
        """Waits for a call to come in that has not been waited for before.

        Raises:
            TimeoutError: nobody called.
        """
        if not await self._watch.until(lambda: bool(self._rung), within_s=within_s):
            raise TimeoutError(f"telephone {self.settings.user} did not ring in {within_s} s")
        return self._rung.pop(0)

    async def answer(self, *, within_s: float = 10.0) -> IncomingCall:
        """Waits for the bell and picks up what rings then, not what has ceased to ring."""
        call = await self._what_rings(within_s=within_s)
        call.accept()
        return call

    async def reject(self, status: int = 486, *, within_s: float = 10.0) -> IncomingCall:
        """Waits for the bell and sends the caller away."""
        call = await self._what_rings(within_s=within_s)
        call.refuse(status, "Rejected")
        return call

    async def register(self, *, expires_s: int = 120, within_s: float = 5.0) -> Registration:
        """Registers at the server and keeps the registration fresh.

        Raises:
            RegistrationRefused: the server did not take it.
        """
        self.registration = Registration(self.line, expires_s=expires_s)
        await self.registration.register(within_s=within_s)
        return self.registration

    async def options(self, *, within_s: float = 2.0) -> SipResponse | None:
        """Asks the server whether it is there; None when it does not say."""
        answers: list[SipResponse] = []
        watch = Watch()

        def on_answer(_: object, response: SipResponse) -> None:
            answers.append(response)
            watch.notify()

        self.line.ask(self.line.dialog_with(self.settings.user).request("OPTIONS"), on_answer)
        await watch.until(lambda: bool(answers), within_s=within_s)
        return answers[0] if answers else None

    def vanish(self) -> None:
        """Pulls the plug: sockets close in this instant and nobody is told."""
        self.wire.close()
        self._transactions.close()
        if self.registration is not None:
            self.registration.close()
        for call in self.calls:
            if isinstance(call, IncomingCall):
                call.silence_repeats()
            call.finish(by=EndedBy.US, status=0, reason="vanished")

    async def close(self) -> None:
        """Ends what is up politely, then goes, whether or not anybody answers the farewell."""
        try:
            for call in self.calls:
                await self._say_farewell(call)
        finally:
            self.vanish()

    async def _say_farewell(self, call: Call) -> None:
        if isinstance(call, OutgoingCall):
            call.give_up()
            await call.reaches(CallState.ENDED, CallState.TALKING, within_s=_FAREWELL_S)
        elif isinstance(call, IncomingCall) and call.state is CallState.RINGING:
            call.refuse(480, "Going away")
        with contextlib.suppress(TimeoutError):
            await call.hang_up(within_s=_FAREWELL_S)

    async def _what_rings(self, *, within_s: float) -> IncomingCall:
        def rings() -> bool:
            return any(call.end is None for call in self._rung)

        if not await self._watch.until(rings, within_s=within_s):
            raise TimeoutError(f"telephone {self.settings.user} did not ring in {within_s} s")
        self._rung = [call for call in self._rung if call.end is None]
        return self._rung.pop(0)

    def _adopt(self, call: Call) -> None:
        self.calls.append(call)
        self.on_new_call(call)

    def _take_request(self, transaction: ServerTransaction) -> None:
        request = transaction.request
        call = self._call_of(request.header("Call-ID"))
        match request.method:
            case "ACK":
                if isinstance(call, IncomingCall):
                    call.acknowledge()
            case "CANCEL" if isinstance(call, IncomingCall):
                call.take_cancel(transaction)
            case "INVITE" if call is None:
                self._take_invite(transaction)
            case "OPTIONS" | "NOTIFY" if call is None:
                self._respond(transaction, 200, "OK")
            case _ if call is None or call.end is not None:
                self._respond(transaction, 481, "Call/Transaction Does Not Exist")
            case _:
                call.take_request(transaction)

    def _take_invite(self, transaction: ServerTransaction) -> None:
        if self.manner is Manner.DEAF:
            return
        if self.manner is Manner.BUSY:
            self._respond(transaction, 486, "Busy Here")
            return
        media = Media(RtpSocket.open(self.settings.host))
        try:
            call = IncomingCall.of(transaction, self.line, media)
        except MalformedMessage:
            media.close()
            raise
        self._adopt(call)
        self._rung.append(call)
        call.ring()
        if self.manner is Manner.ANSWER:
            call.accept()
        self._watch.notify()

    def _call_of(self, call_id: str) -> Call | None:
        return next((c for c in reversed(self.calls) if c.dialog.call_id == call_id), None)

    def _respond(self, transaction: ServerTransaction, status: int, reason: str) -> None:
        transaction.respond(response_to(transaction.request, status, reason, tag=new_tag()))


def _credentials(settings: PhoneSettings) -> Credentials | None:
    if settings.password is None:
        return None
    return Credentials(user=settings.user, password=settings.password)
