"""What a call or a registration needs of its telephone: an identity, a server, and the wire."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ivrengine.softphone.sip.dialog import Dialog, new_branch, new_tag
from ivrengine.softphone.sip.digest import Credentials, answer, read_challenge
from ivrengine.softphone.sip.message import SipRequest, SipResponse
from ivrengine.softphone.sip.sdp import Address
from ivrengine.softphone.sip.transactions import Transactions
from ivrengine.softphone.sound.codec import Codec

OnAnswer = Callable[[SipRequest, SipResponse], None]

_CHALLENGES: Final = {
    401: ("WWW-Authenticate", "Authorization"),
    407: ("Proxy-Authenticate", "Proxy-Authorization"),
}
_HOST_AND_PORT: Final = re.compile(r"sips?:(?:[^@]*@)?(\d+\.\d+\.\d+\.\d+)(?::(\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One telephone's way to its server."""

    user: str
    display_name: str
    local: Address
    server: Address
    codecs: tuple[Codec, ...]
    credentials: Credentials | None
    transactions: Transactions

    @property
    def identity(self) -> str:
        """The From or To value that stands for this telephone, without a tag."""
        return f'"{self.display_name}" <{self.uri_at_server(self.user)}>'

    @property
    def contact(self) -> str:
        """Where this telephone is reached directly."""
        host, port = self.local
        return f"<sip:{self.user}@{host}:{port}>"

    def uri_at_server(self, user: str) -> str:
        """The address of a user or a dialled number at the server."""
        host, port = self.server
        return f"sip:{user}@{host}:{port}"

    def dialog_with(self, number: str, *, call_id: str | None = None) -> Dialog:
        """The beginnings of a dialog with a dialled number at the server."""
        target = self.uri_at_server(number)
        return Dialog(
            call_id=call_id or f"{secrets.token_hex(8)}@{self.local[0]}",
            local=f"{self.identity};tag={new_tag()}",
            remote=f"<{target}>",
            target=target,
            contact=self.contact,
            via=self.local,
        )

    def next_hop(self, request: SipRequest) -> Address:
        """Where a request goes: its first route, else its target, else the server."""
        for uri in (*request.all("Route"), request.uri):
            found = _HOST_AND_PORT.search(uri)
            if found:
                return found.group(1), int(found.group(2) or 5060)
        return self.server

    def ask(self, request: SipRequest, on_answer: OnAnswer) -> None:
        """Sends a request; a challenge is answered once, everything else goes to `on_answer`.

        `on_answer` gets the request that was answered, which after a challenge carries a higher
        sequence number than the one given here.
        """

        def judge(response: SipResponse) -> None:
            challenged = response.status in _CHALLENGES and self.credentials is not None
            if challenged and not _carries_credentials(request):
                self.ask(self._with_credentials(request, response), on_answer)
            else:
                on_answer(request, response)

        self.transactions.ask(request, self.next_hop(request), judge)

    def _with_credentials(self, request: SipRequest, response: SipResponse) -> SipRequest:
        assert self.credentials is not None
        asked, answered = _CHALLENGES[response.status]
        value = answer(
            read_challenge(response.header(asked)),
            self.credentials,
            method=request.method,
            uri=request.uri,
        )
        host, port = self.local
        sequence, method = request.cseq
        return (
            request.replacing(answered, value)
            .replacing("CSeq", f"{sequence + 1} {method}")
            .replacing("Via", f"SIP/2.0/UDP {host}:{port};branch={new_branch()};rport")
        )


def _carries_credentials(request: SipRequest) -> bool:
    return any(request.find(answered) for _, answered in _CHALLENGES.values())
