"""The demonstration plays an agent whom nobody misses, in a queue that nobody serves."""

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.demo.casting import TOPIC_KEYS, Desk, cast

pytestmark = pytest.mark.unit


def desk(
    number: str,
    *queues: str,
    is_logged_in: bool = False,
    has_telephone: bool = False,
) -> Desk:
    return Desk(
        number=number,
        queues=queues,
        is_logged_in=is_logged_in,
        has_telephone=has_telephone,
    )


def test_the_highest_number_is_played() -> None:
    role = cast([desk("8001", "trading"), desk("8040", "trading")], waiting=())
    assert role is not None
    assert (role.desk.number, role.topic, role.key) == ("8040", "trading", "1")


def test_an_agent_with_a_telephone_of_its_own_is_not_played() -> None:
    desks = [desk("8001", "trading"), desk("8040", "trading", has_telephone=True)]
    role = cast(desks, waiting=())
    assert role is not None
    assert role.desk.number == "8001"


def test_a_queue_that_somebody_serves_is_left_to_them() -> None:
    at_work = desk("8001", "trading", is_logged_in=True, has_telephone=True)
    role = cast([at_work, desk("8040", "trading", "technical")], waiting=())
    assert role is not None
    assert role.topic == "technical"


def test_who_was_left_logged_in_without_a_telephone_hinders_nobody() -> None:
    left = desk("8001", "trading", is_logged_in=True)
    assert cast([left, desk("8040", "trading")], waiting=()) is not None


def test_no_agent_is_played_who_could_be_given_a_real_caller() -> None:
    assert cast([desk("8040", "trading", "general")], waiting={"general"}) is None


def test_nothing_is_played_when_everybody_is_at_work() -> None:
    at_work = desk("8001", *TOPIC_KEYS, is_logged_in=True, has_telephone=True)
    assert cast([at_work, desk("8040", *TOPIC_KEYS)], waiting=()) is None


queue_names = st.sets(st.sampled_from(sorted(TOPIC_KEYS)))
desks = st.builds(
    lambda number, queues, logged_in, telephone: desk(
        str(number), *sorted(queues), is_logged_in=logged_in, has_telephone=telephone
    ),
    st.integers(8001, 8009),
    queue_names,
    st.booleans(),
    st.booleans(),
)


@given(st.lists(desks, unique_by=lambda each: each.number), queue_names)
def test_whoever_is_cast_meets_nobody(floor: list[Desk], waiting: Collection[str]) -> None:
    role = cast(floor, waiting)
    if role is None:
        return
    others = [each for each in floor if each.number != role.desk.number]
    assert not role.desk.is_logged_in
    assert not role.desk.has_telephone
    assert not set(waiting) & set(role.desk.queues)
    assert not [
        each
        for each in others
        if role.topic in each.queues and each.is_logged_in and each.has_telephone
    ]
