from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.contact_states import ContactState
from acd.model import ContactId, Place, QueueName
from acd.records import changed
from acd.state import Visit

pytestmark = pytest.mark.unit

VISIT = Visit(
    contact=ContactId("c1"), queue=QueueName("q"), place=Place(1, 2.0, 3), enqueued_at=4.0
)
changes = st.fixed_dictionaries(
    {},
    optional={
        "state": st.sampled_from(ContactState),
        "offers": st.integers(),
        "joined_at": st.none() | st.floats(0, 1e9),
        "rivals": st.lists(st.text(), max_size=2).map(tuple),
    },
)


@given(st.lists(changes, max_size=3))
def test_a_changed_copy_is_what_building_it_anew_would_give(steps: list[dict[str, Any]]) -> None:
    quick = slow = VISIT
    for step in steps:
        quick, slow = changed(quick, **step), replace(slow, **step)
    assert quick == slow
    assert hash(quick) == hash(slow)
    assert VISIT.offers == 0, "the original is as it was"


def test_a_field_that_is_not_there_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        changed(VISIT, colour="blue")


@dataclass(frozen=True, slots=True)
class Pair:
    left: int
    right: int


def test_the_copy_is_frozen_like_the_original() -> None:
    copy = changed(Pair(1, 2), right=3)
    assert copy == Pair(1, 3)
    with pytest.raises(AttributeError):
        copy.left = 5  # type: ignore[misc]
