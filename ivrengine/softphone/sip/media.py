"""The sound of one call: a steady 20 ms beat going out, and everything that comes in.

Keys take the place of sound while they are pressed, as a real telephone does; the RTP timestamp
runs on underneath.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Iterator

from ivrengine.softphone.sip.dtmf import (
    EventPacket,
    KeyPress,
    KeyStyle,
    event_ticks,
    pause_ticks,
    read_event,
)
from ivrengine.softphone.sip.rtp import Arrival, RtpPacket, RtpSocket
from ivrengine.softphone.sip.sdp import Address, AudioStream
from ivrengine.softphone.sound.codec import FRAME_S, FRAME_SAMPLES, Codec
from ivrengine.softphone.sound.sources import silence
from ivrengine.softphone.watch import Watch


class Media:
    """One RTP session.  `listeners` get every packet of sound, in order of arrival."""

    def __init__(self, rtp: RtpSocket) -> None:
        self.codec = Codec.PCMU
        self.listeners: list[Callable[[Arrival], None]] = []
        self.arrivals: list[Arrival] = []
        self.pressed: list[KeyPress] = []
        self.keys_received = ""
        self.sends_sound = True
        self._rtp = rtp
        self._loop = asyncio.get_running_loop()
        self._watch = Watch()
        self._destination: Address | None = None
        self._event_payload_type: int | None = None
        self._source: Iterator[bytes] = iter(())
        self._keys: deque[_Press] = deque()
        self._sequence = secrets.randbelow(1 << 15)
        self._timestamp = secrets.randbelow(1 << 31)
        self._ssrc = secrets.randbits(32)
        self._marks_next = True
        self._heard_events: set[tuple[int, int]] = set()
        self._next_tick: asyncio.TimerHandle | None = None
        rtp.on_arrival = self._take

    @property
    def address(self) -> Address:
        """Where this side listens."""
        return self._rtp.address

    def agree(self, remote: AudioStream, codec: Codec) -> None:
        """Takes what the two sides agreed on, and begins to send."""
        self._destination = remote.address
        self._event_payload_type = remote.event_payload_type
        self.codec = codec
        if self._next_tick is None:
            self._tick(self._loop.time())

    def play(self, source: Iterator[bytes]) -> None:
        """Sends this from the next beat on; silence follows when it ends."""
        self._source = source

    def change_source(self) -> None:
        """Goes on under another SSRC, sequence and timestamp, as some gateways do in mid-call."""
        self._ssrc = secrets.randbits(32)
        self._sequence = secrets.randbelow(1 << 15)
        self._timestamp = secrets.randbelow(1 << 31)

    async def press(self, keys: str, style: KeyStyle, *, within_s: float = 60.0) -> list[KeyPress]:
        """Sends keys one after another; returns when the last pause is over.

        Raises:
            TimeoutError: the beat did not send them in time, as after the call's end.
        """
        if self._event_payload_type is None:
            raise RuntimeError("the other side takes no telephone events")
        presses = [_Press(key, style) for key in keys]
        self._keys.extend(presses)
        if not await self._watch.until(lambda: not self._keys, within_s=within_s):
            raise TimeoutError(f"{len(self._keys)} keys could not be sent")
        return [press.result() for press in presses]

    async def receives_keys(self, keys: str, *, within_s: float = 5.0) -> bool:
        """Whether these were the last keys the other side pressed, in time."""
        return await self._watch.until(lambda: self.keys_received.endswith(keys), within_s=within_s)

    def close(self) -> None:
        """Stops the beat and closes the sockets."""
        if self._next_tick is not None:
            self._next_tick.cancel()
        self._rtp.close()

    def _tick(self, due: float) -> None:
        self._next_tick = self._loop.call_at(due + FRAME_S, self._tick, due + FRAME_S)
        if self._keys:
            self._send_key(self._keys[0])
        else:
            self._send_sound()
        self._timestamp = (self._timestamp + FRAME_SAMPLES) & 0xFFFFFFFF

    def _send_sound(self) -> None:
        frame = next(self._source, None)
        if frame is None:
            self._source = silence(self.codec)
            frame = next(self._source)
        if self.sends_sound:
            self._send(self.codec.payload_type, self._timestamp, frame, marker=self._marks_next)
            self._marks_next = False

    def _send_key(self, press: "_Press") -> None:
        if press.began_timestamp is None:
            press.began_timestamp, press.began_at = self._timestamp, self._loop.time()
        packets = next(press.ticks, None)
        if packets is None:
            self._send_pause(press)
            return
        for packet in packets:
            left_at = self._send_event(packet, press.began_timestamp)
            press.note(packet, left_at)

    def _send_pause(self, press: "_Press") -> None:
        self._send_sound()
        press.pause_left -= 1
        if press.pause_left <= 0:
            self.pressed.append(press.result())
            self._keys.popleft()
            self._watch.notify()

    def _send_event(self, packet: EventPacket, began: int) -> float:
        assert self._event_payload_type is not None
        timestamp = (began + packet.offset) & 0xFFFFFFFF
        return self._send(self._event_payload_type, timestamp, packet.payload, marker=packet.marker)

    def _send(self, payload_type: int, timestamp: int, payload: bytes, *, marker: bool) -> float:
        assert self._destination is not None
        packet = RtpPacket(
            payload_type=payload_type,
            sequence=self._sequence,
            timestamp=timestamp,
            ssrc=self._ssrc,
            payload=payload,
            marker=marker,
        )
        self._sequence = (self._sequence + 1) & 0xFFFF
        return self._rtp.send(packet, self._destination)

    def _take(self, arrival: Arrival) -> None:
        packet = arrival.packet
        if Codec.of_payload_type(packet.payload_type) is not None:
            self.arrivals.append(arrival)
            for listener in self.listeners:
                listener(arrival)
        elif packet.payload_type == self._event_payload_type:
            self._take_event(packet)

    def _take_event(self, packet: RtpPacket) -> None:
        event = read_event(packet.payload)
        press = (packet.ssrc, packet.timestamp)
        if event is not None and press not in self._heard_events:
            self._heard_events.add(press)
            self.keys_received += event[0]
            self._watch.notify()


class _Press:
    """A key on its way out; `pause_left` counts the steps of sound that still belong to it."""

    def __init__(self, key: str, style: KeyStyle) -> None:
        self.key = key
        self.ticks = event_ticks(key, style)
        self.pause_left = pause_ticks(style)
        self.began_timestamp: int | None = None
        self.began_at = 0.0
        self._ended_at: float | None = None
        self._left_at = 0.0

    def note(self, packet: EventPacket, left_at: float) -> None:
        """Remembers when the last packet and the first end packet left."""
        self._left_at = left_at
        if packet.is_end and self._ended_at is None:
            self._ended_at = left_at

    def result(self) -> KeyPress:
        """What was sent; a key without an end packet ended with its last update."""
        ended_at = self._left_at if self._ended_at is None else self._ended_at
        return KeyPress(key=self.key, began_at=self.began_at, ended_at=ended_at)
