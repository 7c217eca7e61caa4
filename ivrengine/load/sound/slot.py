"""Those lines that send in the same instant: one pair of sockets, and one batch of packets for all.

They share a port. Asterisk tells calls apart by its own ports, and so does this end, so sixty calls
behind one port are as good as sixty ports, and cost the kernel two calls for a beat.
"""

import contextlib
import secrets
import socket
from collections import deque
from collections.abc import Iterator
from typing import Final, Protocol

import numpy as np

from ivrengine.load.sound.datagrams import Batch
from ivrengine.load.sound.frames import FRAMES_A_VOICE, Frames, Voice, are_of_agents
from ivrengine.softphone.sip.dtmf import EventPacket
from ivrengine.softphone.sip.sdp import Address
from ivrengine.softphone.sound.codec import FRAME_SAMPLES, Codec

_HEADER_BYTES: Final = 12
_PACKET_BYTES: Final = _HEADER_BYTES + FRAME_SAMPLES
_VERSION_2: Final = 0x80
_MARKER: Final = 0x80
_EVENT_BYTES: Final = 4
_PACKET: Final = np.dtype(
    [
        ("version", "u1"),
        ("kind", "u1"),
        ("sequence", ">u2"),
        ("timestamp", ">u4"),
        ("ssrc", ">u4"),
        ("payload", "u1", (FRAME_SAMPLES,)),
    ]
)
_FIRST_CAPACITY: Final = 32
_EAR_BYTES: Final = 128 * 1024
_EAR_PACKETS: Final = 512
_ATTEMPTS: Final = 50


class Sender(Protocol):
    """A line as its slot sees it. ``row`` is its place, which the slot keeps."""

    row: int
    destination: Address
    event_payload_type: int
    voice: Voice
    presses: deque[Iterator[tuple[EventPacket, ...]]]
    press_began: int | None

    def rest(self) -> None:
        """Take note that all keys have been sent."""
        ...

    def hear(self, *, agent: bool) -> None:
        """Take note that sound came in, and whether an agent's voice was in it."""
        ...


class Slot:
    """One of a few instants within 20 ms. ``lost`` counts packets that the kernel did not take."""

    def __init__(self, rtp: socket.socket, rtcp: socket.socket, table: Frames) -> None:
        self.address: Address = rtp.getsockname()
        self.lost = 0
        self._rtp = rtp
        self._rtcp = rtcp
        self._table = table
        self._members: list[Sender] = []
        self._by_port: dict[int, Sender] = {}
        self._pressing: set[Sender] = set()
        self._heard = Batch(_EAR_PACKETS, _PACKET_BYTES)
        self._batch = Batch(0, _PACKET_BYTES)
        self._clocks = np.zeros(0, dtype=np.uint32)
        self._voices = np.zeros(0, dtype=np.uint8)
        self._make_room(_FIRST_CAPACITY)

    @classmethod
    def opened(cls, host: str, table: Frames) -> "Slot":
        """Bind an even port for RTP and the odd one above it, which nobody reads.

        Raises:
            OSError: no pair was free in fifty tries.
        """
        for _ in range(_ATTEMPTS):
            rtp = _bound(host, 0)
            port = rtp.getsockname()[1]
            with contextlib.suppress(OSError):
                if port % 2 == 0:
                    return cls(rtp, _bound(host, port + 1), table)
            rtp.close()
        raise OSError(f"no free pair of RTP ports on {host}")

    def __len__(self) -> int:
        return len(self._members)

    def join(self, line: Sender) -> None:
        """Have a line send from the next beat on."""
        if len(self._members) == self._batch.capacity:
            self._make_room(2 * self._batch.capacity)
        line.row = row = len(self._members)
        self._members.append(line)
        self._by_port[line.destination[1]] = line
        self._batch.address(row, line.destination)
        self._batch.lengths[row] = _PACKET_BYTES
        self._packets[row]["version"] = _VERSION_2
        self._packets[row]["kind"] = Codec.PCMA.payload_type | _MARKER
        self._packets[row]["sequence"] = secrets.randbelow(1 << 15)
        self._packets[row]["ssrc"] = secrets.randbits(32)
        self._clocks[row] = secrets.randbelow(1 << 31)
        self._voices[row] = line.voice.value

    def leave(self, line: Sender) -> None:
        """Have a line fall silent; the last one takes its row."""
        last = self._members.pop()
        if last is not line:
            self._batch.move(last.row, line.row)
            self._clocks[line.row] = self._clocks[last.row]
            self._voices[line.row] = self._voices[last.row]
            last.row = line.row
            self._members[line.row] = last
        if self._by_port.get(line.destination[1]) is line:
            del self._by_port[line.destination[1]]
        self._pressing.discard(line)

    def press(self, line: Sender) -> None:
        """Have a line send the keys that it has."""
        self._pressing.add(line)

    def change_voice(self, line: Sender) -> None:
        """Have a line send in the voice that it has."""
        self._voices[line.row] = line.voice.value

    def beat(self, number: int) -> None:
        """Send 20 ms of every line."""
        count = len(self._members)
        if not count:
            return
        packets = self._packets[:count]
        packets["sequence"] += 1
        self._clocks[:count] += FRAME_SAMPLES
        packets["timestamp"] = self._clocks[:count]
        packets["payload"] = self._table[self._voices[:count], number % FRAMES_A_VOICE]
        repeats = [(line, self._put_key(line)) for line in tuple(self._pressing)]
        self.lost += count - self._batch.send(self._rtp, count)
        packets["kind"] = Codec.PCMA.payload_type
        for line, times in repeats:
            self._repeat(line, times)

    def listen(self) -> None:
        """Tell each line of which sound waits at the port, and empty that."""
        count = self._heard.receive(self._rtp)
        whole = self._heard.received[:count] == _PACKET_BYTES
        ports = self._heard.ports[:count][whole]
        agents = are_of_agents(self._heard.data[:count][whole, _HEADER_BYTES:])
        with_agents = set(ports[agents].tolist())
        for port in set(ports.tolist()):
            if line := self._by_port.get(port):
                line.hear(agent=port in with_agents)

    def close(self) -> None:
        """Give the ports back."""
        self._rtp.close()
        self._rtcp.close()

    def _put_key(self, line: Sender) -> int:
        """Put the next packet of a key in place of the sound; return how often to send it again."""
        packets = next(line.presses[0], None)
        if packets is None:
            line.presses.popleft()
            line.press_began = None
            if not line.presses:
                self._pressing.discard(line)
                line.rest()
            return 0
        if not packets:
            return 0
        if line.press_began is None:
            line.press_began = int(self._clocks[line.row])
        event, packet = packets[0], self._packets[line.row]
        packet["kind"] = line.event_payload_type | (_MARKER if event.marker else 0)
        packet["timestamp"] = (line.press_began + event.offset) & 0xFFFFFFFF
        packet["payload"][:_EVENT_BYTES] = np.frombuffer(event.payload, dtype=np.uint8)
        self._batch.lengths[line.row] = _HEADER_BYTES + _EVENT_BYTES
        return len(packets) - 1

    def _repeat(self, line: Sender, times: int) -> None:
        self._batch.lengths[line.row] = _PACKET_BYTES
        packet = self._packets[line.row]
        if times:
            # The batch left as a whole; its kind has been set back since.
            packet["kind"] = line.event_payload_type
        for _ in range(times):
            packet["sequence"] += 1
            datagram = self._batch.data[line.row, : _HEADER_BYTES + _EVENT_BYTES].tobytes()
            try:
                self._rtp.sendto(datagram, line.destination)
            except BlockingIOError:
                self.lost += 1
        packet["kind"] = Codec.PCMA.payload_type

    def _make_room(self, capacity: int) -> None:
        batch = Batch(capacity, _PACKET_BYTES)
        clocks, voices = np.zeros(capacity, dtype=np.uint32), np.zeros(capacity, dtype=np.uint8)
        for row, line in enumerate(self._members):
            batch.address(row, line.destination)
            batch.data[row] = self._batch.data[row]
            clocks[row], voices[row] = self._clocks[row], self._voices[row]
        self._batch, self._clocks, self._voices = batch, clocks, voices
        self._packets = batch.data.view(_PACKET).reshape(capacity)


def _bound(host: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        bound.setblocking(False)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _EAR_BYTES)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound
