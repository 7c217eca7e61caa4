"""The reason of every offer: what was asked for, by which rule, and what the rule went by."""

from dataclasses import replace

import pytest

from acd.choices import BY_NUMBER, Choice
from acd.commands import RingAgent
from acd.events import ContactQueued
from acd.model import AgentId, ContactId, Pick, Queue, Step, personal_queue
from acd.requirements import SkillName, parse_requirement
from tests.unit.acd.floor import GENERAL, Floor
from tests.unit.acd.waiters import asks, skilled

pytestmark = pytest.mark.unit

TRADING = SkillName("trading")
QUEUE = Queue(
    name=GENERAL,
    steps=(
        Step(after_s=0, needs=parse_requirement("trading >= 3")),
        Step(after_s=60, needs=parse_requirement("trading")),
    ),
    pick=Pick.MOST_SKILLED,
    pick_skill=TRADING,
)


def chosen(floor: Floor) -> Choice:
    """Return the reason of the newest offer."""
    ring = floor.last(RingAgent)
    choice = floor.router.choice(ring.contact, ring.agent, floor.now)
    assert choice is not None
    return choice


def test_the_step_the_need_and_the_level_are_told() -> None:
    floor = Floor(skilled(QUEUE, a1="trading=3"))
    floor.ready("1")
    floor.wait(11)
    asks(floor, "c1")
    assert chosen(floor) == Choice(
        queue=GENERAL,
        step=0,
        needs="trading >= 3",
        preference="",
        pick="most-skilled",
        rank="trading 3, idle for 12 s",
        waited_s=0.0,
    )


def test_a_later_step_is_told_with_the_wait_that_led_there() -> None:
    floor = Floor(skilled(QUEUE, a1="trading=1"))
    floor.ready("1")
    asks(floor, "c1")
    floor.wait(61)
    reason = chosen(floor)
    assert (reason.step, reason.waited_s) == (1, 61.0)
    assert reason.needs == "trading >= 3 or trading"
    assert reason.rank.startswith("trading 1, ")


@pytest.mark.parametrize(
    ("pick", "rank"),
    [
        (Pick.LONGEST_IDLE, "idle for 5 s"),
        (Pick.LEAST_OCCUPIED, "busy for 0 s of late"),
        (Pick.ROUND_ROBIN, "turn 1"),
        (Pick.FEWEST_CALLS, "0 calls since the login"),
        (Pick.RING_ALL, "all who are free"),
    ],
)
def test_every_rule_tells_what_it_went_by(pick: Pick, rank: str) -> None:
    queue = replace(QUEUE, steps=(), pick=pick, pick_skill=None)
    floor = Floor(skilled(queue, a1="trading=1"))
    floor.ready("1")
    floor.wait(4)
    asks(floor, "c1")
    reason = chosen(floor)
    assert (reason.pick, reason.rank, reason.needs) == (pick, rank, "")


def test_who_was_asked_for_by_number_is_chosen_by_nothing_else() -> None:
    floor = Floor(skilled(QUEUE, a1="trading=1"))
    floor.ready("1")
    asked = ContactQueued(
        contact=ContactId("c1"), queue=personal_queue(AgentId("1")), enqueued_at=floor.now
    )
    floor.tell(asked)
    reason = chosen(floor)
    assert (reason.pick, reason.rank) == (BY_NUMBER, "")


def test_a_preference_that_holds_is_told() -> None:
    queue = replace(QUEUE, steps=(), pick=Pick.LONGEST_IDLE, pick_skill=None)
    floor = Floor(skilled(queue, a1="trading=1", a2="trading=1"))
    floor.ready("1", "2")
    floor.tell(
        ContactQueued(
            contact=ContactId("c1"),
            queue=GENERAL,
            enqueued_at=floor.now,
            prefers=(AgentId("2"),),
            prefers_for_s=20.0,
        )
    )
    assert floor.last(RingAgent).agent == "2"
    assert chosen(floor).preference == "2"


def test_nothing_is_told_of_who_is_not_there() -> None:
    floor = Floor(skilled(QUEUE, a1="trading=3"))
    assert floor.router.choice(ContactId("c9"), AgentId("1"), floor.now) is None
