"""A call this telephone places."""

from typing import Self

from ivrengine.softphone.sip import sdp
from ivrengine.softphone.sip.call import Call, CallState, EndedBy
from ivrengine.softphone.sip.dialog import Dialog
from ivrengine.softphone.sip.line import Line
from ivrengine.softphone.sip.media import Media
from ivrengine.softphone.sip.message import Header, SipRequest, SipResponse
from ivrengine.softphone.sip.transactions import cancel


class OutgoingCall(Call):
    """From the INVITE on."""

    def __init__(self, line: Line, media: Media, dialog: Dialog) -> None:
        super().__init__(line, media, dialog)
        self.refusal: SipResponse | None = None
        self._invite: SipRequest | None = None
        self._cancelled = False

    @classmethod
    def to(cls, number: str, line: Line, media: Media, *, call_id: str | None = None) -> Self:
        """Prepares a call to a dialled number at the telephone's server."""
        return cls(line, media, line.dialog_with(number, call_id=call_id))

    def invite(self, *, extra: tuple[Header, ...] = ()) -> None:
        """Sends the INVITE with an offer of all codecs of this telephone."""
        allow = ("Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, INFO, NOTIFY")
        offer = self._ours().render()
        self._invite = self.dialog.request("INVITE", extra=(allow, *extra), body=offer)
        self.line.ask(self._invite, self._take_answer)

    def give_up(self) -> None:
        """Cancels while it is still ringing; the other side confirms with 487."""
        if self._invite is None or self.state in (CallState.TALKING, CallState.ENDED):
            return
        self._cancelled = True
        request = cancel(self._invite)
        hop = self.line.next_hop(request)
        self.line.transactions.ask(request, hop, lambda response: None)

    def _take_answer(self, invite: SipRequest, response: SipResponse) -> None:
        self._invite = invite
        self.dialog.sequence = max(self.dialog.sequence, invite.cseq[0])
        if response.status < 200:
            self._take_progress(response)
        elif response.status < 300:
            self._take_acceptance(invite, response)
        else:
            self.refusal = response
            by = EndedBy.US if self._cancelled else EndedBy.THEM
            self.finish(by=by, status=response.status, reason=response.reason)

    def _take_progress(self, response: SipResponse) -> None:
        if response.body:
            self._agree(response)
        if response.status > 100:
            self._advance(CallState.RINGING)

    def _take_acceptance(self, invite: SipRequest, response: SipResponse) -> None:
        self.dialog.learn(response)
        self._acknowledge(invite)
        if self.state in (CallState.TALKING, CallState.ENDED):
            return
        self._agree(response)
        self._advance(CallState.TALKING, at=self.line.transactions.taken_in_at)

    def _agree(self, response: SipResponse) -> None:
        theirs = sdp.read(response.body)
        self.media.agree(theirs, theirs.codecs[0])
