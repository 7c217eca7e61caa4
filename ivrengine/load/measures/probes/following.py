"""What follows in a transcript: whether it should have, and from where on a read-out is whole.

An engine that was killed takes a call up where it stood, so that a prompt may be heard again from
its beginning; and while there is none, no key cuts what Asterisk was given to play. Where nobody
kills it, either is as wrong as any other prompt.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, TypeGuard

from ivrengine.softphone.hearing.transcript import Entry, Heard

_NOISE_FRAMES: Final = 3
_AT_ONCE_S: Final = 0.1


def begun_between(
    transcript: Sequence[Entry], after: float, before: float, *, again: bool
) -> list[Entry]:
    """Return what began after one moment and before another, both monotonic seconds.

    Left out are rests of what was heard before, noise, and with ``again`` prompts that come again,
    or that nobody cut.
    """
    begun = [e for e in transcript if after < e.began_at < before and _begins_anew(e)]
    if not again:
        return begun
    earlier = [e for e in transcript if e.began_at <= after]
    uncut = _played_on(transcript, after)
    return [e for e in begun if e not in uncut and not any(_is_again(e, of) for of in earlier)]


def _played_on(transcript: Sequence[Entry], after: float) -> list[Entry]:
    """Return what followed, prompt upon whole prompt, the one that was heard at a moment."""
    played: list[Entry] = []
    for earlier, later in pairwise(transcript):
        if later.began_at <= after:
            continue
        ends = isinstance(earlier, Heard) and earlier.to_frame == earlier.frames - 1
        if not ends or later.began_at - earlier.ended_at > _AT_ONCE_S:
            break
        played.append(later)
    return played


def read_out_from(transcript: Sequence[Entry], name: Heard, *, again: bool) -> list[Entry]:
    """Return what was heard from ``name`` on; with ``again`` from the last time that it came."""
    heard = [e for e in transcript if e.rtp_begin >= name.rtp_begin and not _is_noise(e)]
    begins = [n for n, e in enumerate(heard) if again and _is_again(e, name) and not e.from_frame]
    return heard[max(begins, default=0) :]


def _begins_anew(entry: Entry) -> bool:
    """Tell whether something else began here, not the rest of what was heard before."""
    return entry.from_frame == 0 if isinstance(entry, Heard) else not _is_noise(entry)


def _is_again(entry: Entry, earlier: Entry) -> TypeGuard[Heard]:
    return (
        isinstance(entry, Heard)
        and isinstance(earlier, Heard)
        and not set(entry.sounds).isdisjoint(earlier.sounds)
    )


def _is_noise(entry: Entry) -> bool:
    """Tell whether this is too short for anybody to have heard it, such as a cut frame."""
    return not isinstance(entry, Heard) and entry.frames < _NOISE_FRAMES
