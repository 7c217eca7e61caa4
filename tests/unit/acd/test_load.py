"""The generated load is a day like any other: everybody is served, and the same each time."""

import pytest

from acd.contact_states import PENDING, ContactState
from tests.kit.acd_load import BusyFloor, FloorSize, measure

pytestmark = pytest.mark.unit

SMALL = FloorSize(agents=20, queues=5, waiting=60, profiles=8, queues_of_each=2)


def test_the_same_seed_gives_the_same_day() -> None:
    one, other = BusyFloor(SMALL, seed=7), BusyFloor(SMALL, seed=7)
    assert list(one.events(2000)) == list(other.events(2000))
    assert one.router.snapshot() == other.router.snapshot()


def test_as_many_wait_as_were_asked_for_and_most_agents_talk() -> None:
    floor = BusyFloor(SMALL)
    for _ in floor.events(3000):
        continue
    waiting = [v for v in floor.router.visits() if v.state is ContactState.QUEUED]
    talking = [offer for offer in floor.router.offers() if offer.outcome != PENDING]
    assert abs(len(waiting) - SMALL.waiting) <= SMALL.waiting / 3
    assert len(talking) >= SMALL.agents / 2


def test_the_figures_are_those_of_the_events_that_were_measured() -> None:
    figures = measure(SMALL, 1000, warm_up=500)
    assert figures.events == 1000
    assert 0 < figures.served <= figures.offers
    assert figures.median_us <= figures.p99_us <= figures.p999_us <= figures.worst_us
    assert figures.events_per_s > 0
