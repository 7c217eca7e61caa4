"""Whether a read-out was heard whole, and what silence stood in it.

A softswitch that is kept from its work for longer than some frames goes on where it was, and moves
its clock ahead (Asterisk: by more than 80 ms). So a hole can stand anywhere, between two fragments
or inside one; then the ear hears the fragment in two parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ivrengine.softphone.hearing.transcript import Heard
from ivrengine.softphone.sound.codec import FRAME_SAMPLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Silences:
    """Samples on the sender's clock: ``between`` for each two fragments that follow each other.

    ``inside`` has only what there was, inside of fragments. ``first_left_out`` is where something
    was not sent at all: the place of the fragment in the read-out, None if everything was.
    """

    between: tuple[int, ...]
    inside: tuple[int, ...]
    first_left_out: int | None


def silences_of(fragments: Sequence[Heard]) -> Silences:
    """Find the silences of a read-out of which the last fragment may be heard in part."""
    between: list[int] = []
    inside: list[int] = []
    first_left_out: int | None = None
    for place, (earlier, later) in enumerate(pairwise(fragments)):
        missing = _missing_frames(earlier, later)
        # Quiet frames beside a hole are not heard, but have had their time.
        silence = later.rtp_begin - earlier.rtp_end - missing * FRAME_SAMPLES
        if missing < 0 or (missing and silence < 0):
            first_left_out = place if first_left_out is None else first_left_out
        elif missing or _goes_on(earlier, later):
            inside.append(silence)
        else:
            between.append(silence)
    return Silences(
        between=tuple(between),
        inside=tuple(silence for silence in inside if silence),
        first_left_out=first_left_out,
    )


def _goes_on(earlier: Heard, later: Heard) -> bool:
    return later.from_frame > 0 and later.sounds == earlier.sounds


def _missing_frames(earlier: Heard, later: Heard) -> int:
    """Return how many frames should lie between; below none when a frame comes a second time."""
    if _goes_on(earlier, later):
        return later.from_frame - earlier.to_frame - 1
    return earlier.frames - 1 - earlier.to_frame + later.from_frame
