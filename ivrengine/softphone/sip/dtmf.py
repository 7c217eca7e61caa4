"""Keys as RTP telephone events (RFC 4733): how a press is cut into packets, and read back.

The default is a well-behaved telephone: 100 ms long, an update each 20 ms, the end sent three
times.  The odd ones found in the field are settings of `KeyStyle`.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ivrengine.softphone.sound.codec import FRAME_S, FRAME_SAMPLES

KEYS: Final = "0123456789*#ABCD"
LONGEST_DURATION: Final = 0xFFFF
_END_BIT: Final = 0x80


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyStyle:
    """How a telephone sends its keys.

    `end_packets=0` never says that the key was let go; `lost_packets` are the first updates that
    the network drops; a press longer than 8.19 s goes on in a further segment (RFC 4733, 2.5.1.3).
    """

    duration_s: float = 0.1
    pause_s: float = 0.1
    end_packets: int = 3
    lost_packets: int = 0
    marker: bool = True
    volume_dbm0: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPacket:
    """One update: `offset` is where its segment began, in samples after the key went down."""

    payload: bytes
    marker: bool
    offset: int
    is_end: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPress:
    """A key that was sent: when its first packet and its first end packet left, monotonic."""

    key: str
    began_at: float
    ended_at: float


def event_ticks(key: str, style: KeyStyle) -> Iterator[tuple[EventPacket, ...]]:
    """The packets to send at each 20 ms step of one press."""
    steps = max(1, round(style.duration_s / FRAME_S))
    for step in range(1, steps + 1):
        if step < steps:
            packets = [_update(key, style, step)]
        else:
            packets = [_update(key, style, step, is_end=True)] * style.end_packets
        yield tuple(packets) if step > style.lost_packets else ()


def pause_ticks(style: KeyStyle) -> int:
    """How many steps of ordinary sound follow a press."""
    return round(style.pause_s / FRAME_S)


def read_event(payload: bytes) -> tuple[str, bool] | None:
    """The key and whether it was let go; None for events that are no key."""
    if len(payload) < 4:
        return None
    event, flags, _ = struct.unpack("!BBH", payload[:4])
    return (KEYS[event], bool(flags & _END_BIT)) if event < len(KEYS) else None


def _update(key: str, style: KeyStyle, step: int, *, is_end: bool = False) -> EventPacket:
    segment, duration = divmod(step * FRAME_SAMPLES, LONGEST_DURATION // 160 * 160)
    if duration == 0:
        segment, duration = segment - 1, LONGEST_DURATION // 160 * 160
    flags = style.volume_dbm0 | (_END_BIT if is_end else 0)
    return EventPacket(
        payload=struct.pack("!BBH", KEYS.index(key), flags, duration),
        marker=style.marker and step == 1,
        offset=segment * (LONGEST_DURATION // 160 * 160),
        is_end=is_end,
    )
