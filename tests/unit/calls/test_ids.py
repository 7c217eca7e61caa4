"""Ids sort by time, name their call, and never meet those of an earlier run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.calls.ids import CALL_ID_LENGTH, CallIds, call_of, new_call_id

pytestmark = pytest.mark.unit

MOMENTS = st.floats(min_value=1e9, max_value=4e9)


@given(MOMENTS, st.floats(min_value=1.0, max_value=1e7))
def test_calls_sort_by_the_second_they_began_in(first: float, later_s: float) -> None:
    assert new_call_id(first)[:15] < new_call_id(first + later_s + 1)[:15]


@given(MOMENTS)
def test_everything_of_a_call_names_the_call(now: float) -> None:
    call = new_call_id(now)
    assert len(call) == CALL_ID_LENGTH
    ids = CallIds(call, run="-r7")
    for name in (ids.playback(), ids.bridge(), ids.recording(), ids.contact()):
        assert call_of(name) == call


def test_a_resumed_call_makes_no_id_twice() -> None:
    call = new_call_id(1.7e9)
    before, after = CallIds(call), CallIds(call, run="-b")
    made = [before.playback() for _ in range(50)] + [after.playback() for _ in range(50)]
    assert len(set(made)) == 100
