"""A dialog: what two telephones agree on between the first request and the BYE (RFC 3261, 12)."""

import secrets
from dataclasses import dataclass

from ivrengine.softphone.sip.message import Header, SipRequest, SipResponse, tag_of, uri_of
from ivrengine.softphone.sip.sdp import Address


def new_branch() -> str:
    """A transaction name with the magic cookie of RFC 3261."""
    return f"z9hG4bK{secrets.token_hex(8)}"


def new_tag() -> str:
    """Our half of a dialog's name."""
    return secrets.token_hex(6)


@dataclass(slots=True, kw_only=True)
class Dialog:
    """One side's view.  `local` and `remote` are whole From or To values, tags included."""

    call_id: str
    local: str
    remote: str
    target: str
    contact: str
    via: Address
    routes: tuple[str, ...] = ()
    sequence: int = 0

    def request(
        self, method: str, *, extra: tuple[Header, ...] = (), body: bytes = b""
    ) -> SipRequest:
        """The next request of ours in this dialog."""
        self.sequence += 1
        return self._request(method, self.sequence, extra=extra, body=body)

    def acknowledgement(self, invite_sequence: int) -> SipRequest:
        """The ACK of a 2xx: a transaction of its own under the INVITE's number (13.2.2.4)."""
        return self._request("ACK", invite_sequence, extra=(), body=b"")

    def learn(self, response: SipResponse) -> None:
        """Takes the other side's tag, contact and route from its answer."""
        if tag_of(response.header("To")):
            self.remote = response.header("To")
        contact = response.find("Contact")
        if contact:
            self.target = uri_of(contact)
        routes = tuple(reversed(response.all("Record-Route")))
        if routes:
            self.routes = routes

    def _request(
        self, method: str, sequence: int, *, extra: tuple[Header, ...], body: bytes
    ) -> SipRequest:
        host, port = self.via
        kind: tuple[Header, ...] = (("Content-Type", "application/sdp"),) if body else ()
        headers: tuple[Header, ...] = (
            ("Via", f"SIP/2.0/UDP {host}:{port};branch={new_branch()};rport"),
            ("Max-Forwards", "70"),
            ("From", self.local),
            ("To", self.remote),
            ("Call-ID", self.call_id),
            ("CSeq", f"{sequence} {method}"),
            ("Contact", self.contact),
            *(("Route", route) for route in self.routes),
            *extra,
            *kind,
        )
        return SipRequest(method=method, uri=self.target, headers=headers, body=body)


def response_to(
    request: SipRequest,
    status: int,
    reason: str,
    *,
    tag: str | None = None,
    contact: str | None = None,
    body: bytes = b"",
) -> SipResponse:
    """An answer with the headers every answer copies (8.2.6); `tag` goes to To when it has none."""
    to = request.header("To")
    if tag is not None and tag_of(to) is None:
        to = f"{to};tag={tag}"
    headers: list[Header] = [("Via", value) for value in request.all("Via")]
    headers += [("Record-Route", value) for value in request.all("Record-Route")]
    headers += [(name, request.header(name)) for name in ("From", "Call-ID", "CSeq")]
    headers.append(("To", to))
    if contact is not None:
        headers.append(("Contact", contact))
    if body:
        headers.append(("Content-Type", "application/sdp"))
    return SipResponse(status=status, reason=reason, headers=tuple(headers), body=body)
