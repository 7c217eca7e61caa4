"""One UDP socket that speaks SIP, and may lose datagrams when a test asks it to."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable
from typing import Final, Self

from ivrengine.softphone.sip.message import MalformedMessage, SipRequest, SipResponse, parse
from ivrengine.softphone.sip.sdp import Address
from ivrengine.softphone.sip.stamps import ANCILLARY_BYTES, bound_socket, taken_in_at

Message = SipRequest | SipResponse
Loses = Callable[[Message], bool]

_LARGEST_DATAGRAM: Final = 65_535


def loses_nothing(_: Message) -> bool:
    """The loss rule of a sound network."""
    return False


class Wire:
    """Sends and receives whole messages.

    `loses_sent` and `loses_received` decide per message whether the network drops it.  Datagrams
    that are no SIP are kept in `malformed` for a test to look at.  While `on_message` runs,
    `taken_in_at` is the monotonic moment at which the kernel took that message in.
    """

    def __init__(self, bound: socket.socket) -> None:
        self.loses_sent: Loses = loses_nothing
        self.loses_received: Loses = loses_nothing
        self.on_message: Callable[[Message, Address], None] = lambda message, source: None
        self.malformed: list[bytes] = []
        self.address: Address = bound.getsockname()
        self.taken_in_at = time.monotonic()
        self._socket = bound
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(bound, self._receive)

    @classmethod
    async def open(cls, host: str, port: int = 0) -> Self:
        """Binds the socket; port 0 takes any free one."""
        return cls(bound_socket(host, port))

    def send(self, message: Message, destination: Address) -> None:
        """Sends one message, unless the wire is closed or the network loses it."""
        if self._is_open and not self.loses_sent(message):
            # Nobody listening, or a full buffer, is loss as any other: the message is repeated.
            with contextlib.suppress(OSError):
                self._socket.sendto(message.render(), destination)

    def close(self) -> None:
        """Closes the socket at once; nothing more is sent or received."""
        if self._is_open:
            self._loop.remove_reader(self._socket)
        self._socket.close()

    @property
    def _is_open(self) -> bool:
        return self._socket.fileno() >= 0

    def _receive(self) -> None:
        while self._is_open:
            try:
                datagram, ancillary, _, source = self._socket.recvmsg(
                    _LARGEST_DATAGRAM, ANCILLARY_BYTES
                )
            except BlockingIOError:
                return
            except ConnectionRefusedError:
                # The other port is closed, says ICMP: UDP goes on, so do we.
                continue
            self.taken_in_at = taken_in_at(ancillary)
            self._deliver(datagram, (source[0], source[1]))

    def _deliver(self, datagram: bytes, source: Address) -> None:
        try:
            message = parse(datagram)
        except (MalformedMessage, ValueError):
            self.malformed.append(datagram)
            return
        if not self.loses_received(message):
            self.on_message(message, source)
