"""Which queues callers can be sent to at an hour, with the queues that stand in for closed ones."""

import pytest

from acd.calendars import Hours, Span
from acd.model import OverflowCause, OverflowRule, Queue, QueueName
from ivrengine.agents.opening_hours import is_closed

pytestmark = pytest.mark.unit

NOON = 1_767_240_000.0
"""Noon of a Thursday in Shanghai."""

NEVER = Hours(zone="Asia/Shanghai", weekly=((),) * 7)
AT_NOON = Hours(zone="Asia/Shanghai", weekly=((Span(opens_min=700, closes_min=800),),) * 7)
UNTIL_TEN = Hours(zone="Asia/Shanghai", weekly=((Span(opens_min=0, closes_min=600),),) * 7)


def closed(name: str, *to: str | None) -> Queue:
    """A queue that is never open, and where its callers go."""
    rules = (
        OverflowRule(cause=OverflowCause.CLOSED, to=None if each is None else QueueName(each))
        for each in to
    )
    return Queue(name=QueueName(name), hours=NEVER, overflow=tuple(rules))


def asks(name: str, *queues: Queue) -> bool:
    """Whether the first of some queues is closed at noon."""
    known = {queue.name: queue for queue in queues}
    return is_closed(QueueName(name), known.get, now=NOON)


@pytest.mark.parametrize(
    ("hours", "is_shut"), [(None, False), (AT_NOON, False), (UNTIL_TEN, True), (NEVER, True)]
)
def test_a_queue_is_closed_out_of_its_hours(hours: Hours | None, is_shut: bool) -> None:
    assert asks("x", Queue(name=QueueName("x"), hours=hours)) is is_shut


def test_a_queue_that_nobody_knows_is_not_closed_but_unknown() -> None:
    assert not asks("x")


def test_a_queue_for_which_an_open_one_stands_in_is_not_closed_to_callers() -> None:
    general = Queue(name=QueueName("general"))
    assert not asks("x", closed("x", "general"), general)
    assert not asks("x", closed("x", "y"), closed("y", "general"), general)


def test_a_queue_is_closed_when_all_that_stand_in_are() -> None:
    assert asks("x", closed("x", "y"), closed("y", "x"))
    assert asks("x", closed("x", "y", "z"), closed("y"), closed("z", "y"))


def test_the_first_rule_that_can_be_followed_counts() -> None:
    general = Queue(name=QueueName("general"))
    assert asks("x", closed("x", None, "general"), general)
    assert not asks("x", closed("x", "y", "general"), closed("y"), general)


def test_rules_of_other_causes_open_nothing() -> None:
    full = OverflowRule(cause=OverflowCause.SIZE, to=QueueName("general"), limit=3)
    shut = Queue(name=QueueName("x"), hours=NEVER, overflow=(full,))
    assert asks("x", shut, Queue(name=QueueName("general")))
