"""How well the sound of a call arrived, from its packets and the kernel's stamps."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final

from ivrengine.load.measures.probe_call import RtpQuality
from ivrengine.softphone.sip.rtp import Arrival
from ivrengine.softphone.sound.codec import FRAME_SAMPLES, SAMPLE_RATE_HZ

_SEQUENCES: Final = 1 << 16
_TIMESTAMPS: Final = 1 << 32
_JITTER_SHARE: Final = 16


def quality_of(arrivals: Sequence[Arrival]) -> RtpQuality | None:
    """Sum up the packets of a call in the order of their arrival; None when none came.

    A sender that begins under another SSRC is another stream, and its first packet not late.
    """
    if not arrivals:
        return None
    streams = [list(stream) for _, stream in groupby(arrivals, lambda a: a.packet.ssrc)]
    return RtpQuality(
        received=len(arrivals),
        lost=sum(_lost(stream) for stream in streams),
        jitter_s=max(_jitter_s(stream) for stream in streams),
        longest_wait_s=max((wait for stream in streams for wait in _waits_s(stream)), default=0.0),
    )


def _lost(stream: Sequence[Arrival]) -> int:
    """Return how many of the numbers between the lowest and the highest never came."""
    extended = {0}
    number = 0
    for before, after in pairwise(stream):
        number += _signed(after.packet.sequence - before.packet.sequence, _SEQUENCES)
        extended.add(number)
    return max(extended) - min(extended) + 1 - len(extended)


def _jitter_s(stream: Sequence[Arrival]) -> float:
    """Return the highest value of RFC 3550's running estimate.

    Where the sender's clock jumped against its numbers it had been silent, and what it says of the
    time in between need not be true to the packet.
    """
    jitter_s = highest_s = 0.0
    for before, after in pairwise(stream):
        steps = _signed(after.packet.sequence - before.packet.sequence, _SEQUENCES)
        samples = _signed(after.packet.timestamp - before.packet.timestamp, _TIMESTAMPS)
        if samples != steps * FRAME_SAMPLES:
            continue
        off_s = (after.at - before.at) - samples / SAMPLE_RATE_HZ
        jitter_s += (abs(off_s) - jitter_s) / _JITTER_SHARE
        highest_s = max(highest_s, jitter_s)
    return highest_s


def _waits_s(stream: Sequence[Arrival]) -> Iterator[float]:
    for before, after in pairwise(stream):
        samples = _signed(after.packet.timestamp - before.packet.timestamp, _TIMESTAMPS)
        if samples == FRAME_SAMPLES:
            yield after.at - before.at


def _signed(difference: int, size: int) -> int:
    """Return a difference of numbers that wrap around, as the smaller of both ways."""
    return (difference + size // 2) % size - size // 2
