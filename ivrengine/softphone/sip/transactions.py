"""SIP transactions over UDP: retransmission, and telling repeats from new requests (RFC 3261, 17).

Client and server transactions are kept apart, each by the branch of the topmost Via.  Everything is
done in callbacks and loop timers; there are no tasks to leak.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ivrengine.softphone.sip.message import MalformedMessage, SipRequest, SipResponse
from ivrengine.softphone.sip.sdp import Address
from ivrengine.softphone.sip.wire import Message, Wire

OnResponse = Callable[[SipResponse], None]

LOCAL_TIMEOUT: Final = SipResponse(status=408, reason="No answer on the wire", headers=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Timers:
    """The two base timers of RFC 3261: round trip estimate, and longest pause."""

    t1_s: float = 0.5
    t2_s: float = 4.0

    @property
    def give_up_s(self) -> float:
        """Timers B, F and H: how long an unanswered message is repeated."""
        return 64 * self.t1_s


class Repeater:
    """Sends one message again and again, with growing pauses, until stopped or out of time."""

    def __init__(
        self,
        send: Callable[[], None],
        timers: Timers,
        *,
        longest_pause_s: float,
        gives_up: Callable[[], None],
    ) -> None:
        self._send = send
        self._gives_up = gives_up
        self._longest_pause_s = longest_pause_s
        self._loop = asyncio.get_running_loop()
        self._end = self._loop.call_later(timers.give_up_s, self._give_up)
        self._next = self._loop.call_later(timers.t1_s, self._repeat, timers.t1_s)

    def stop(self) -> None:
        """No more copies; giving up is off as well."""
        self._next.cancel()
        self._end.cancel()

    def _repeat(self, pause_s: float) -> None:
        self._send()
        pause_s = min(2 * pause_s, self._longest_pause_s)
        self._next = self._loop.call_later(pause_s, self._repeat, pause_s)

    def _give_up(self) -> None:
        self._next.cancel()
        self._gives_up()


class ClientTransaction:
    """A request of ours, and what has been answered so far."""

    def __init__(self, request: SipRequest, destination: Address, on_response: OnResponse) -> None:
        self.request = request
        self.destination = destination
        self.repeater: Repeater | None = None
        self.accepted = False
        self.was_over = False
        self._on_response = on_response

    @property
    def is_over(self) -> bool:
        """Whether it has been answered finally."""
        return self.accepted

    def respond(self, response: SipResponse) -> None:
        """Takes one response; copies of a final one are passed on only when they are 2xx."""
        if self.repeater is not None:
            self._settle(response)
        if self._is_news(response):
            self._on_response(response)

    def _settle(self, response: SipResponse) -> None:
        assert self.repeater is not None
        if response.is_final or self.request.method == "INVITE":
            self.repeater.stop()

    def _is_news(self, response: SipResponse) -> bool:
        if not response.is_final:
            return not self.accepted
        first_final, self.accepted = not self.accepted, True
        return first_final or (self.request.method == "INVITE" and response.status < 300)


class ServerTransaction:
    """Somebody's request, and our last answer to it; ``taken_in_at`` is of its first copy."""

    def __init__(self, request: SipRequest, source: Address, wire: Wire) -> None:
        self.request = request
        self.source = source
        self.taken_in_at = wire.taken_in_at
        self.acknowledged = False
        self.was_over = False
        self._wire = wire
        self._last: SipResponse | None = None

    @property
    def answered(self) -> bool:
        """Whether a final response has been sent."""
        return self._last is not None and self._last.is_final

    @property
    def is_over(self) -> bool:
        """The same, as it is called on either side."""
        return self.answered

    def respond(self, response: SipResponse) -> None:
        """Sends a response, and keeps it for copies of the request."""
        self._last = response
        self.repeat()

    def repeat(self) -> None:
        """Sends the last response once more, if there is one."""
        if self._last is not None:
            self._wire.send(self._last, self.source)


class Transactions:
    """All transactions of one telephone; the table in which a datagram finds its place."""

    def __init__(self, wire: Wire, timers: Timers) -> None:
        self.timers = timers
        self.on_request: Callable[[ServerTransaction], None] = lambda transaction: None
        self._wire = wire
        self._clients: dict[tuple[str, str], ClientTransaction] = {}
        self._servers: dict[tuple[str, str, str], ServerTransaction] = {}
        self._loop = asyncio.get_running_loop()
        self._forgets_at = self._loop.time() + timers.give_up_s
        wire.on_message = self._receive

    @property
    def remembered(self) -> int:
        """How many transactions are still known, those that are over among them."""
        return len(self._clients) + len(self._servers)

    @property
    def taken_in_at(self) -> float:
        """When the kernel took in the message that is being handled (monotonic, in seconds)."""
        return self._wire.taken_in_at

    def ask(self, request: SipRequest, destination: Address, on_response: OnResponse) -> None:
        """Sends a request and repeats it until answered; a local 408 says nobody did."""
        self._forget()
        transaction = ClientTransaction(request, destination, on_response)
        self._clients[request.branch, request.method] = transaction
        is_invite = request.method == "INVITE"
        transaction.repeater = Repeater(
            lambda: self._wire.send(request, destination),
            self.timers,
            longest_pause_s=self.timers.give_up_s if is_invite else self.timers.t2_s,
            gives_up=lambda: transaction.respond(LOCAL_TIMEOUT),
        )
        self._wire.send(request, destination)

    def tell(self, request: SipRequest, destination: Address) -> None:
        """Sends a request that has no answer: the ACK of a 2xx."""
        self._wire.send(request, destination)

    def close(self) -> None:
        """Stops every repetition."""
        for transaction in self._clients.values():
            if transaction.repeater is not None:
                transaction.repeater.stop()

    def _forget(self) -> None:
        """Drop what was over at the last look, one time-out ago: no copy of it comes any more."""
        if self._loop.time() < self._forgets_at:
            return
        self._forgets_at = self._loop.time() + self.timers.give_up_s
        self._clients = {key: one for key, one in self._clients.items() if not _outlived(one)}
        self._servers = {key: one for key, one in self._servers.items() if not _outlived(one)}

    def _receive(self, message: Message, source: Address) -> None:
        try:
            if isinstance(message, SipResponse):
                self._receive_response(message)
            else:
                self._receive_request(message, source)
        except MalformedMessage:
            self._wire.malformed.append(message.render())

    def _receive_response(self, response: SipResponse) -> None:
        transaction = self._clients.get((response.branch, response.cseq[1]))
        if transaction is None:
            return
        if transaction.request.method == "INVITE" and response.status >= 300:
            acknowledgement = acknowledge_refusal(transaction.request, response)
            self._wire.send(acknowledgement, transaction.destination)
        transaction.respond(response)

    def _receive_request(self, request: SipRequest, source: Address) -> None:
        key = _server_key(request)
        known = self._servers.get(key)
        if request.method == "ACK":
            self._receive_ack(request, source, known)
        elif known is not None:
            known.repeat()
        else:
            self._forget()
            transaction = self._servers[key] = ServerTransaction(request, source, self._wire)
            self.on_request(transaction)

    def _receive_ack(
        self, request: SipRequest, source: Address, known: ServerTransaction | None
    ) -> None:
        if known is not None:
            known.acknowledged = True
        self.on_request(ServerTransaction(request, source, self._wire))

    def server_transaction(self, request: SipRequest) -> ServerTransaction | None:
        """The INVITE that a CANCEL means."""
        return self._servers.get(_server_key(request, method="INVITE"))


def _outlived(transaction: ClientTransaction | ServerTransaction) -> bool:
    was_over, transaction.was_over = transaction.was_over, transaction.is_over
    return was_over


def acknowledge_refusal(invite: SipRequest, response: SipResponse) -> SipRequest:
    """The ACK of a 3xx-6xx, which belongs to the INVITE's own transaction (17.1.1.3)."""
    ack = SipRequest(method="ACK", uri=invite.uri, headers=_sharing_transaction(invite, "ACK"))
    return ack.replacing("To", response.header("To"))


def cancel(invite: SipRequest) -> SipRequest:
    """The CANCEL of an INVITE that has no final answer yet (9.1)."""
    headers = _sharing_transaction(invite, "CANCEL")
    return SipRequest(method="CANCEL", uri=invite.uri, headers=headers)


def _sharing_transaction(invite: SipRequest, method: str) -> tuple[tuple[str, str], ...]:
    routes = tuple(("Route", value) for value in invite.all("Route"))
    return (
        ("Via", invite.header("Via")),
        ("Max-Forwards", "70"),
        ("From", invite.header("From")),
        ("To", invite.header("To")),
        ("Call-ID", invite.header("Call-ID")),
        ("CSeq", f"{invite.cseq[0]} {method}"),
        *routes,
    )


def _server_key(request: SipRequest, method: str | None = None) -> tuple[str, str, str]:
    known_as = method or ("INVITE" if request.method == "ACK" else request.method)
    return request.branch, request.header("Call-ID"), known_as
