"""A call that comes in: it rings until this telephone answers, refuses, or is told to stop."""

from typing import Self

from ivrengine.softphone.sip import sdp
from ivrengine.softphone.sip.call import Call, CallState, EndedBy
from ivrengine.softphone.sip.dialog import Dialog, new_tag, response_to
from ivrengine.softphone.sip.line import Line
from ivrengine.softphone.sip.media import Media
from ivrengine.softphone.sip.message import tag_of, uri_of, user_of
from ivrengine.softphone.sip.transactions import Repeater, ServerTransaction


class IncomingCall(Call):
    """From somebody's INVITE on."""

    def __init__(
        self, line: Line, media: Media, dialog: Dialog, transaction: ServerTransaction
    ) -> None:
        super().__init__(line, media, dialog)
        self._transaction = transaction
        self._tag = tag_of(dialog.local) or ""
        self._repeater: Repeater | None = None

    @classmethod
    def of(cls, transaction: ServerTransaction, line: Line, media: Media) -> Self:
        """Takes the caller's side of the dialog from the INVITE."""
        invite = transaction.request
        dialog = Dialog(
            call_id=invite.header("Call-ID"),
            local=f"{invite.header('To')};tag={new_tag()}",
            remote=invite.header("From"),
            target=uri_of(invite.header("Contact")),
            contact=line.contact,
            via=line.local,
            routes=invite.all("Record-Route"),
        )
        return cls(line, media, dialog, transaction)

    @property
    def caller_number(self) -> str:
        """The user part of the caller's From."""
        return user_of(self._transaction.request.header("From"))

    @property
    def came_at(self) -> float:
        """Monotonic moment, in seconds, at which the kernel took the INVITE in."""
        return self._transaction.taken_in_at

    @property
    def invite_headers(self) -> tuple[tuple[str, str], ...]:
        """What came with the INVITE."""
        return self._transaction.request.headers

    def ring(self) -> None:
        """Says that the bell is ringing."""
        self._answer_invite(180, "Ringing")
        self._advance(CallState.RINGING)

    def accept(self) -> None:
        """Picks up; the 200 is repeated until the ACK is here.

        Raises:
            UnusableSession: the caller offered no codec of ours.
            RuntimeError: it has ceased to ring.
        """
        if self.end is not None:
            raise RuntimeError(f"the call from {self.caller_number} is over: {self.end.reason}")
        offer = sdp.read(self._transaction.request.body)
        reply = sdp.answer_to(offer, self._ours())
        self._answer_invite(200, "OK", body=reply.render())
        self._repeat_until_acknowledged()
        self.media.agree(offer, reply.codecs[0])
        self._advance(CallState.TALKING)

    def refuse(self, status: int = 486, reason: str = "Busy Here") -> None:
        """Sends the call away."""
        self._answer_invite(status, reason)
        self._repeat_until_acknowledged()
        self.finish(by=EndedBy.US, status=status, reason=reason)

    def acknowledge(self) -> None:
        """The ACK is here."""
        if self._repeater is not None:
            self._repeater.stop()

    def take_cancel(self, cancellation: ServerTransaction) -> None:
        """The caller gave up: confirmed, unless the call is already answered."""
        self._respond(cancellation, 200, "OK")
        if self._transaction.answered:
            return
        self._answer_invite(487, "Request Terminated")
        self._repeat_until_acknowledged()
        cause = cancellation.request.find("Reason")
        self.finish(by=EndedBy.THEM, status=487, reason="CANCEL", cause=cause)

    def silence_repeats(self) -> None:
        """Stops repeating answers: the telephone is gone."""
        self.acknowledge()

    def _answer_invite(self, status: int, reason: str, *, body: bytes = b"") -> None:
        self._transaction.respond(
            response_to(
                self._transaction.request,
                status,
                reason,
                tag=self._tag,
                contact=self.line.contact,
                body=body,
            )
        )

    def _repeat_until_acknowledged(self) -> None:
        timers = self.line.transactions.timers
        self._repeater = Repeater(
            self._transaction.repeat,
            timers,
            longest_pause_s=timers.t2_s,
            gives_up=lambda: self.finish(
                by=EndedBy.US, status=408, reason="the answer was never acknowledged"
            ),
        )
