"""Silence in a read-out is found where it stands, and a fragment that was left out as such."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.load.measures.probes.read_out import silences_of
from ivrengine.softphone.hearing.library import Sound
from ivrengine.softphone.hearing.transcript import Heard

pytestmark = pytest.mark.unit

FRAME = 160


def heard(name: str, *, at: int, frames: int = 10, part: tuple[int, int] | None = None) -> Heard:
    """A fragment, or frames `part` of it, whose first frame heard is sent at sample `at`."""
    first, last = part or (0, frames - 1)
    return Heard(
        sounds=(Sound(name, "zh"),),
        began_at=0.0,
        ended_at=0.0,
        start_s=0.0,
        end_s=0.0,
        from_frame=first,
        to_frame=last,
        frames=frames,
        rtp_begin=at,
        rtp_end=at + (last - first + 1) * FRAME,
    )


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=8))
def test_silence_between_fragments_is_told_for_each_two(gaps: list[int]) -> None:
    at, fragments = 0, [heard("a", at=0)]
    for number, gap in enumerate(gaps):
        at += 10 * FRAME + gap
        fragments.append(heard(str(number), at=at))
    silences = silences_of(fragments)
    assert silences.between == tuple(gaps)
    assert (silences.inside, silences.first_left_out) == ((), None)


def test_the_same_fragment_twice_in_a_row_is_two_fragments() -> None:
    silences = silences_of([heard("0", at=0), heard("0", at=10 * FRAME)])
    assert silences.between == (0,)


def test_a_hole_inside_of_a_fragment_is_not_one_between_fragments() -> None:
    silences = silences_of(
        [
            heard("a", at=0, part=(0, 3)),
            heard("a", at=4 * FRAME + 800, part=(4, 9)),
            heard("b", at=10 * FRAME + 800),
        ]
    )
    assert (silences.between, silences.inside, silences.first_left_out) == ((0,), (800,), None)


@pytest.mark.parametrize(
    ("ends", "begins"), [(7, 0), (9, 3), (7, 3)], ids=["quiet end", "quiet begin", "both"]
)
def test_quiet_frames_beside_a_hole_are_not_part_of_it(ends: int, begins: int) -> None:
    later = 10 * FRAME + 800 + begins * FRAME
    silences = silences_of(
        [heard("a", at=0, part=(0, ends)), heard("b", at=later, part=(begins, 9))]
    )
    assert (silences.between, silences.inside, silences.first_left_out) == ((), (800,), None)


def test_a_fragment_that_was_cut_off_is_told() -> None:
    silences = silences_of(
        [heard("a", at=0), heard("b", at=10 * FRAME, part=(0, 3)), heard("c", at=14 * FRAME)]
    )
    assert silences.first_left_out == 1


def test_the_last_fragment_may_still_be_going_on() -> None:
    silences = silences_of([heard("a", at=0), heard("b", at=10 * FRAME, part=(0, 1))])
    assert (silences.between, silences.first_left_out) == ((0,), None)
