"""One call as its telephone sees it: the part that both directions share once a dialog stands."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from ivrengine.softphone.sip import sdp
from ivrengine.softphone.sip.dialog import Dialog, response_to
from ivrengine.softphone.sip.dtmf import KeyPress, KeyStyle
from ivrengine.softphone.sip.line import Line
from ivrengine.softphone.sip.media import Media
from ivrengine.softphone.sip.message import SipRequest, SipResponse
from ivrengine.softphone.sip.transactions import ServerTransaction
from ivrengine.softphone.watch import Watch


class CallState(Enum):
    """How far a call has come."""

    SETTING_UP = auto()
    RINGING = auto()
    TALKING = auto()
    ENDED = auto()


class EndedBy(Enum):
    """Who put an end to it."""

    US = auto()
    THEM = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnd:
    """How a call ended: the refusing status, or 200 for an ordinary BYE; `cause` is RFC 3326."""

    by: EndedBy
    status: int
    reason: str
    at: float
    cause: str | None = None


class Call:
    """A dialog and its sound."""

    def __init__(self, line: Line, media: Media, dialog: Dialog) -> None:
        self.line = line
        self.media = media
        self.dialog = dialog
        self.state = CallState.SETTING_UP
        self.answered_at: float | None = None
        self.end: CallEnd | None = None
        self.on_end: Callable[[], None] = lambda: None
        self._watch = Watch()

    @property
    def is_up(self) -> bool:
        """Whether both sides can be talking."""
        return self.state is CallState.TALKING

    async def reaches(self, *states: CallState, within_s: float) -> bool:
        """Waits for one of these states; an ended call reaches nothing more."""
        wanted = {*states, CallState.ENDED}
        await self._watch.until(lambda: self.state in wanted, within_s=within_s)
        return self.state in states

    async def wait_until_ended(self, *, within_s: float = 5.0) -> CallEnd:
        """Waits for the end, whoever brings it.

        Raises:
            TimeoutError: the call is still there.
        """
        await self._watch.until(lambda: self.end is not None, within_s=within_s)
        if self.end is None:
            raise TimeoutError(f"the call was still up after {within_s} s")
        return self.end

    async def press(
        self, keys: str, *, style: KeyStyle | None = None, at_s: float | None = None
    ) -> list[KeyPress]:
        """Presses keys; `at_s` waits until so many seconds after the answer first."""
        if at_s is not None and self.answered_at is not None:
            await asyncio.sleep(max(0.0, self.answered_at + at_s - time.monotonic()))
        return await self.media.press(keys, style or KeyStyle())

    def play(self, source: Iterator[bytes]) -> None:
        """Speaks into the call."""
        self.media.play(source)

    async def hold(self, *, within_s: float = 5.0) -> None:
        """Puts the call on hold (RFC 3264, 8.4): says that it listens no more, and falls silent."""
        await self._offer("sendonly", within_s=within_s)
        self.media.sends_sound = False

    async def retrieve(self, *, within_s: float = 5.0) -> None:
        """Takes the call back from a hold."""
        self.media.sends_sound = True
        await self._offer("sendrecv", within_s=within_s)

    async def _offer(self, direction: str, *, within_s: float) -> None:
        """Offers the stream anew.

        Raises:
            TimeoutError: no answer in time.
            RuntimeError: the other side does not want it.
        """
        answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def on_answer(invite: SipRequest, response: SipResponse) -> None:
            if not response.is_final:
                return
            if response.status < 300:
                self._acknowledge(invite)
            if not answered.done():
                answered.set_result(response.status)

        offer = replace(self._ours(), direction=direction).render()
        self.line.ask(self.dialog.request("INVITE", body=offer), on_answer)
        async with asyncio.timeout(within_s):
            status = await answered
        if status >= 300:
            raise RuntimeError(f"the offer of {direction} was answered with {status}")

    def _acknowledge(self, invite: SipRequest) -> None:
        self.dialog.sequence = max(self.dialog.sequence, invite.cseq[0])
        acknowledgement = self.dialog.acknowledgement(invite.cseq[0])
        self.line.transactions.tell(acknowledgement, self.line.next_hop(acknowledgement))

    async def hang_up(self, *, within_s: float = 5.0) -> None:
        """Sends BYE and waits for its answer; does nothing when the call is over."""
        if self.state is not CallState.TALKING:
            return
        answered = asyncio.get_running_loop().create_future()

        def on_answer(_: SipRequest, response: SipResponse) -> None:
            if response.is_final and not answered.done():
                answered.set_result(response.status)

        self.line.ask(self.dialog.request("BYE"), on_answer)
        self.finish(by=EndedBy.US, status=200, reason="BYE")
        async with asyncio.timeout(within_s):
            await answered

    def finish(self, *, by: EndedBy, status: int, reason: str, cause: str | None = None) -> None:
        """Ends the call on this side; the first reason counts."""
        if self.end is not None:
            return
        self.end = CallEnd(by=by, status=status, reason=reason, at=time.monotonic(), cause=cause)
        self.state = CallState.ENDED
        self.media.close()
        self.on_end()
        self._watch.notify()

    def take_request(self, transaction: ServerTransaction) -> None:
        """Answers what the other side asks inside the dialog."""
        request = transaction.request
        match request.method:
            case "BYE":
                self._respond(transaction, 200, "OK")
                cause = request.find("Reason")
                self.finish(by=EndedBy.THEM, status=200, reason="BYE", cause=cause)
            case "INVITE" | "UPDATE":
                self._renegotiate(transaction)
            case "INFO" | "NOTIFY" | "OPTIONS" | "MESSAGE":
                self._respond(transaction, 200, "OK")
            case _:
                self._respond(transaction, 405, "Method Not Allowed")

    def _advance(self, state: CallState, *, at: float | None = None) -> None:
        if self.state is CallState.ENDED:
            return
        self.state = state
        if state is CallState.TALKING and self.answered_at is None:
            self.answered_at = time.monotonic() if at is None else at
        self._watch.notify()

    def _ours(self) -> sdp.AudioStream:
        return sdp.AudioStream(address=self.media.address, codecs=self.line.codecs)

    def _renegotiate(self, transaction: ServerTransaction) -> None:
        if not transaction.request.body:
            offers = transaction.request.method == "INVITE"
            body = self._ours().render() if offers else b""
            self._respond(transaction, 200, "OK", body=body)
            return
        try:
            offer = sdp.read(transaction.request.body)
            reply = sdp.answer_to(offer, self._ours())
        except sdp.UnusableSession:
            self._respond(transaction, 488, "Not Acceptable Here")
            return
        self.media.agree(offer, reply.codecs[0])
        self._respond(transaction, 200, "OK", body=reply.render())

    def _respond(
        self, transaction: ServerTransaction, status: int, reason: str, *, body: bytes = b""
    ) -> None:
        contact = self.line.contact
        transaction.respond(
            response_to(transaction.request, status, reason, contact=contact, body=body)
        )
