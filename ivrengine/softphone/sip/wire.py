"""One UDP socket that speaks SIP, and may lose datagrams when a test asks it to."""

import asyncio
from collections.abc import Callable
from typing import Self, cast

from ivrengine.softphone.sip.message import MalformedMessage, SipRequest, SipResponse, parse
from ivrengine.softphone.sip.sdp import Address

Message = SipRequest | SipResponse
Loses = Callable[[Message], bool]


def loses_nothing(_: Message) -> bool:
    """The loss rule of a sound network."""
    return False


class Wire(asyncio.DatagramProtocol):
    """Sends and receives whole messages.

    `loses_sent` and `loses_received` decide per message whether the network drops it.  Datagrams
    that are no SIP are kept in `malformed` for a test to look at.
    """

    def __init__(self) -> None:
        self.loses_sent: Loses = loses_nothing
        self.loses_received: Loses = loses_nothing
        self.on_message: Callable[[Message, Address], None] = lambda message, source: None
        self.malformed: list[bytes] = []
        self.address: Address = ("", 0)
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    async def open(cls, host: str, port: int = 0) -> Self:
        """Binds the socket; port 0 takes any free one."""
        loop = asyncio.get_running_loop()
        _, wire = await loop.create_datagram_endpoint(cls, local_addr=(host, port))
        return wire

    def send(self, message: Message, destination: Address) -> None:
        """Sends one message, unless the wire is closed or the network loses it."""
        if self._transport is not None and not self.loses_sent(message):
            self._transport.sendto(message.render(), destination)

    def close(self) -> None:
        """Closes the socket at once; nothing more is sent or received."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        self._transport = cast(asyncio.DatagramTransport, transport)
        self.address = transport.get_extra_info("sockname")[:2]

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Called by asyncio."""
        try:
            message = parse(data)
        except (MalformedMessage, ValueError):
            self.malformed.append(data)
            return
        if self._transport is not None and not self.loses_received(message):
            self.on_message(message, (addr[0], addr[1]))

    def error_received(self, exc: Exception) -> None:
        """Called by asyncio when the other port is closed: UDP goes on, so do we."""
