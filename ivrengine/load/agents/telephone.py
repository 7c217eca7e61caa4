"""One agent's telephone: it rings for a moment, is answered, and talks until somebody hangs up.

It shares its socket with the others, and leaves its sound to others altogether, so that a hundred
of them cost little of the machine that is being measured.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Protocol

from ivrengine.load.agents.news import Answered, Freed, News, Rang, Strange
from ivrengine.softphone.sip import sdp
from ivrengine.softphone.sip.dialog import Dialog, new_tag, response_to
from ivrengine.softphone.sip.line import Line
from ivrengine.softphone.sip.message import SipRequest, SipResponse, uri_of
from ivrengine.softphone.sip.transactions import Repeater, ServerTransaction
from ivrengine.softphone.sound.codec import Codec


class Sound(Protocol):
    """The sound of one call."""

    @property
    def address(self) -> sdp.Address:
        """Where it listens."""
        ...

    def talk_to(self, stream: sdp.AudioStream) -> None:
        """Send there from here on."""
        ...

    def leave(self) -> None:
        """Send no more, and close."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How agents are at the telephone: seconds, of which each call draws its own between the two.

    A call is hung up by the agent after ``talk_s`` only if the caller has not done so before.
    """

    ring_s: tuple[float, float] = (0.5, 1.5)
    talk_s: tuple[float, float] = (45.0, 90.0)


class Telephone:
    """The telephone of the agent who registers as ``line.user``."""

    def __init__(
        self,
        line: Line,
        *,
        take_sound: Callable[[], Sound],
        tell: Callable[[News], None],
        habits: Habits,
        chance: Random,
    ) -> None:
        self.line = line
        self._take_sound = take_sound
        self._tell = tell
        self._habits = habits
        self._chance = chance
        self._call: _Call | None = None

    @property
    def call_id(self) -> str | None:
        """Which call it has, if any."""
        return self._call.dialog.call_id if self._call else None

    def ring(self, transaction: ServerTransaction) -> None:
        """Take an INVITE that begins a call."""
        if self._call is not None:
            self._tell(Strange(agent=self.line.user, what="a second call"))
            transaction.respond(response_to(transaction.request, 486, "Busy Here", tag=new_tag()))
            return
        self._tell(Rang(agent=self.line.user, at_s=transaction.taken_in_at))
        self._call = call = _Call(transaction, self.line, self._take_sound())
        call.respond(180, "Ringing")
        call.later(self._chance.uniform(*self._habits.ring_s), self._pick_up)

    def take(self, transaction: ServerTransaction) -> None:
        """Take a request within the call."""
        call, request = self._call, transaction.request
        if call is None:
            return
        match request.method:
            case "ACK":
                call.acknowledged()
            case "CANCEL":
                transaction.respond(response_to(request, 200, "OK", tag=call.tag))
                if not call.answered:
                    call.respond(487, "Request Terminated")
                    self._free()
            case "BYE":
                transaction.respond(response_to(request, 200, "OK"))
                self._free()
            case "INVITE" | "UPDATE":
                call.renegotiate(transaction)
            case _:
                transaction.respond(response_to(request, 200, "OK"))

    def hang_up(self) -> None:
        """End the call that is up, if one is."""
        if self._call is not None and self._call.answered:
            self.line.ask(self._call.dialog.request("BYE"), _heed_nothing)
            self._free()

    def _pick_up(self) -> None:
        call = self._call
        if call is None:
            return
        call.answer(gives_up=self._give_up)
        self._tell(Answered(agent=self.line.user))
        call.later(self._chance.uniform(*self._habits.talk_s), self.hang_up)

    def _give_up(self) -> None:
        self._tell(Strange(agent=self.line.user, what="an answer that was never acknowledged"))
        self._free()

    def _free(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            call.close()
            self._tell(Freed(agent=self.line.user))


class _Call:
    """A call from its INVITE on."""

    def __init__(self, transaction: ServerTransaction, line: Line, sound: Sound) -> None:
        invite = transaction.request
        self.answered = False
        self.tag = new_tag()
        self.dialog = Dialog(
            call_id=invite.header("Call-ID"),
            local=f"{invite.header('To')};tag={self.tag}",
            remote=invite.header("From"),
            target=uri_of(invite.header("Contact")),
            contact=line.contact,
            via=line.local,
            routes=invite.all("Record-Route"),
        )
        self._transaction = transaction
        self._line = line
        self._sound = sound
        self._timer: asyncio.TimerHandle | None = None
        self._repeater: Repeater | None = None

    def later(self, after_s: float, step: Callable[[], None]) -> None:
        """Have ``step`` follow, unless the call ends before."""
        self._stop_timer()
        self._timer = asyncio.get_running_loop().call_later(after_s, step)

    def respond(self, status: int, reason: str, *, body: bytes = b"") -> None:
        """Answer the INVITE."""
        request = self._transaction.request
        contact = self.dialog.contact
        self._transaction.respond(
            response_to(request, status, reason, tag=self.tag, contact=contact, body=body)
        )

    def answer(self, *, gives_up: Callable[[], None]) -> None:
        """Pick up, and repeat that until it is acknowledged."""
        self.answered = True
        self.respond(200, "OK", body=self._agree(self._transaction.request))
        timers = self._line.transactions.timers
        self._repeater = Repeater(
            self._transaction.repeat, timers, longest_pause_s=timers.t2_s, gives_up=gives_up
        )

    def acknowledged(self) -> None:
        """Stop repeating the answer."""
        if self._repeater is not None:
            self._repeater.stop()

    def renegotiate(self, transaction: ServerTransaction) -> None:
        """Agree to what the other side offers anew."""
        request = transaction.request
        body = self._agree(request) if request.body else self._ours().render()
        contact = self.dialog.contact
        transaction.respond(response_to(request, 200, "OK", contact=contact, body=body))

    def close(self) -> None:
        """Stop everything that goes on for the call."""
        self._stop_timer()
        self.acknowledged()
        self._sound.leave()

    def _agree(self, request: SipRequest) -> bytes:
        offer = sdp.read(request.body)
        reply = sdp.answer_to(offer, self._ours())
        self._sound.talk_to(offer)
        return reply.render()

    def _ours(self) -> sdp.AudioStream:
        return sdp.AudioStream(address=self._sound.address, codecs=(Codec.PCMA,))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


def _heed_nothing(request: SipRequest, response: SipResponse) -> None:
    """Take the answer to a BYE, after which nothing follows."""
