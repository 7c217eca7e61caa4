"""RTP packets (RFC 3550, 5.1) and the pair of sockets they travel on.

Packets that arrive are stamped by the kernel, not by this process.
"""

import asyncio
import contextlib
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

from ivrengine.softphone.sip.sdp import Address
from ivrengine.softphone.sip.stamps import ANCILLARY_BYTES, bound_socket, taken_in_at

_HEADER: Final = struct.Struct("!BBHII")
_VERSION_2: Final = 0x80
_LARGEST_DATAGRAM: Final = 2048
_ATTEMPTS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RtpPacket:
    """One packet, without padding, extension or contributing sources."""

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    marker: bool = False

    def render(self) -> bytes:
        """The datagram."""
        second = self.payload_type | (0x80 if self.marker else 0)
        header = _HEADER.pack(_VERSION_2, second, self.sequence, self.timestamp, self.ssrc)
        return header + self.payload

    @classmethod
    def parse(cls, datagram: bytes) -> Self | None:
        """Reads a datagram; None when it is no RTP of version 2."""
        if len(datagram) < _HEADER.size or datagram[0] & 0xC0 != _VERSION_2:
            return None
        first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(datagram)
        begin = _HEADER.size + 4 * (first & 0x0F)
        if first & 0x10:
            words = struct.unpack_from("!HH", datagram, begin)[1]
            begin += 4 + 4 * words
        end = len(datagram) - (datagram[-1] if first & 0x20 else 0)
        return cls(
            payload_type=second & 0x7F,
            sequence=sequence,
            timestamp=timestamp,
            ssrc=ssrc,
            payload=datagram[begin:end],
            marker=bool(second & 0x80),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A packet and the monotonic moment the kernel took it in, in seconds."""

    packet: RtpPacket
    at: float


class RtpSocket:
    """An even port for RTP and the odd one above it, held so that nobody else's RTP gets RTCP."""

    def __init__(self, rtp: socket.socket, rtcp: socket.socket) -> None:
        self.on_arrival: Callable[[Arrival], None] = lambda arrival: None
        self._rtp = rtp
        self._rtcp = rtcp
        self._loop = asyncio.get_running_loop()
        self.address: Address = rtp.getsockname()
        self._loop.add_reader(rtp, self._receive)

    @classmethod
    def open(cls, host: str) -> Self:
        """Binds a free pair of ports.

        Raises:
            OSError: no pair was free in fifty tries.
        """
        for _ in range(_ATTEMPTS):
            rtp = bound_socket(host, 0)
            port = rtp.getsockname()[1]
            try:
                if port % 2 == 0:
                    return cls(rtp, bound_socket(host, port + 1))
            except OSError:
                pass
            rtp.close()
        raise OSError(f"no free pair of RTP ports on {host}")

    def send(self, packet: RtpPacket, destination: Address) -> float:
        """Sends one packet; the monotonic moment it left.  Nobody learns whether it arrived."""
        # Taken before, because the answer can be there before this process runs on.
        left_at = time.monotonic()
        with contextlib.suppress(BlockingIOError, ConnectionRefusedError):
            self._rtp.sendto(packet.render(), destination)
        return left_at

    def close(self) -> None:
        """Closes both sockets; may be called twice."""
        if self._rtp.fileno() >= 0:
            self._loop.remove_reader(self._rtp)
        self._rtp.close()
        self._rtcp.close()

    def _receive(self) -> None:
        while True:
            try:
                datagram, ancillary, _, _ = self._rtp.recvmsg(_LARGEST_DATAGRAM, ANCILLARY_BYTES)
            except (BlockingIOError, ConnectionRefusedError):
                return
            packet = RtpPacket.parse(datagram)
            if packet is not None:
                self.on_arrival(Arrival(packet=packet, at=taken_in_at(ancillary)))
            if self._rtp.fileno() < 0:
                return
