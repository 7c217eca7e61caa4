import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.commands import RingAgent, TellMoved
from acd.contact_states import ContactState
from acd.events import AgentLoggedIn, AgentLoggedOut, OfferRang, OfferRefused
from acd.model import (
    Ageing,
    AgentId,
    ContactId,
    OfferOutcome,
    Place,
    Queue,
    QueueName,
    Step,
    TimerKind,
)
from acd.requirements import parse_requirement
from acd.state import Entry, Visit
from acd.waiting import band_due, step_due
from tests.unit.acd.floor import GENERAL, TRADING, Floor
from tests.unit.acd.waiters import asks, skilled

pytestmark = pytest.mark.unit


def step(after_s: float, needs: str) -> Step:
    return Step(after_s=after_s, needs=parse_requirement(needs))


STEPS = (step(0, "trading >= 3"), step(10, "trading"), step(30, "anybody"))
STEPPED = Queue(name=GENERAL, steps=STEPS)


def timers_of(floor: Floor, contact: str) -> set[TimerKind]:
    return {timer.key.kind for timer in floor.router.timers() if timer.key.subject == contact}


# Steps.


def test_whoever_will_do_at_first_is_offered_at_once() -> None:
    floor = Floor(skilled(STEPPED, a8001="trading=3", a8002="trading=1"))
    floor.ready("8002", "8001")
    floor.calls("c1")
    assert floor.rings() == ("8001", "c1")


def test_steps_relax_as_the_caller_waits_and_each_is_told() -> None:
    floor = Floor(skilled(STEPPED, a8001="trading=1", a8002=""))
    floor.ready("8001", "8002")
    floor.calls("c1")
    floor.calls("c2")
    floor.wait(9.9)
    assert not floor.all(RingAgent)
    floor.wait(0.1)
    assert floor.rings() == ("8001", "c1")
    floor.talk()
    floor.wait(19.9)
    assert len(floor.all(RingAgent)) == 1
    floor.wait(0.1)
    assert floor.rings() == ("8002", "c2")
    assert [(t.contact, t.step) for t in floor.all(TellMoved)] == [
        ("c1", 1),
        ("c2", 1),
        ("c2", 2),
    ]


def test_a_later_step_may_take_the_place_of_those_before_it() -> None:
    queue = Queue(name=GENERAL, steps=(step(0, "junior"), step(10, "senior")), steps_replace=True)
    floor = Floor(skilled(queue, a8001="junior", a8002="senior"))
    floor.ready("8002")
    floor.calls("c1")
    floor.wait(10)
    assert floor.rings() == ("8002", "c1")
    floor.tell(OfferRefused(reservation=floor.reservation(), outcome=OfferOutcome.REJECTED))
    floor.ready("8001")
    assert len(floor.all(RingAgent)) == 1, "a junior would have done before, and no longer does"


def test_a_caller_who_waited_before_comes_to_the_step_that_the_wait_has_earned() -> None:
    floor = Floor(skilled(STEPPED, a8001=""))
    floor.ready("8001")
    asks(floor, "c1", enqueued_at=floor.now - 30)
    assert floor.rings() == ("8001", "c1")


def test_a_step_that_is_due_while_a_telephone_rings_leaves_it_ringing() -> None:
    floor = Floor(skilled(STEPPED, a8001="trading=3", a8002="trading=1"))
    floor.ready("8001", "8002")
    floor.calls("c1")
    ringing = floor.reservation()
    floor.tell(OfferRang(reservation=ringing))
    floor.wait(10)
    assert (floor.visit("c1").step, floor.visit("c1").state) == (1, ContactState.OFFERED)
    assert floor.visit("c1").reservation == ringing
    floor.tell(OfferRefused(reservation=ringing, outcome=OfferOutcome.REJECTED))
    assert floor.rings() == ("8002", "c1"), "who will do by now"


def test_needs_of_the_caller_hold_at_every_step() -> None:
    floor = Floor(skilled(STEPPED, a8001="trading=3", a8002="en"))
    floor.ready("8001", "8002")
    asks(floor, "c1", needs="en")
    floor.wait(29)
    assert not floor.all(RingAgent)
    floor.wait(1)
    assert floor.rings() == ("8002", "c1")


# Ageing.

AGED = Queue(name=GENERAL, band=3, ageing=Ageing(promote_after_s=60, best_band=1))


def test_a_wait_lifts_a_contact_band_by_band_to_the_best() -> None:
    floor = Floor(skilled(AGED, Queue(name=TRADING, band=2), a8001=""))
    floor.tell(AgentLoggedIn(agent=AgentId("8001")))
    asks(floor, "old")
    bands = []
    for _ in range(4):
        bands.append(floor.visit("old").place.band)
        floor.wait(60)
    assert bands == [3, 2, 1, 1]
    assert timers_of(floor, "old") == set(), "there is nothing more to come"


def test_who_has_waited_long_comes_before_who_came_later_to_a_better_band() -> None:
    floor = Floor(skilled(AGED, Queue(name=TRADING, band=2), a8001=""))
    floor.tell(AgentLoggedIn(agent=AgentId("8001")))
    asks(floor, "old")
    floor.wait(50)
    asks(floor, "better", "trading")
    floor.wait(9)
    asks(floor, "newer", "trading")
    floor.wait(1)
    floor.ready("8001")
    assert floor.rings() == ("8001", "old")


def test_a_caller_with_a_band_of_their_own_ages_from_it() -> None:
    floor = Floor(skilled(AGED, a8001=""))
    floor.tell(AgentLoggedIn(agent=AgentId("8001")))
    asks(floor, "c1", band=2)
    asks(floor, "c2", band=0)
    floor.wait(60)
    assert (floor.visit("c1").place.band, floor.visit("c2").place.band) == (1, 0)


# Preference.


def test_a_preferred_agent_who_is_busy_is_waited_for_until_the_time_box_ends() -> None:
    floor = Floor(skilled(Queue(name=GENERAL), a8001="", a8002=""))
    floor.ready("8001")
    floor.talk("busy")
    floor.ready("8002")
    asks(floor, "c1", prefers=(AgentId("8001"),), prefers_for_s=20)
    floor.wait(19)
    assert floor.rings() == ("8001", "busy")
    floor.wait(1)
    assert floor.rings() == ("8002", "c1")


def test_a_preferred_agent_is_offered_although_another_is_idle_for_longer() -> None:
    floor = Floor(skilled(Queue(name=GENERAL), a8001="", a8002=""))
    floor.ready("8002", "8001")
    asks(floor, "c1", prefers=(AgentId("8001"),), prefers_for_s=20)
    assert floor.rings() == ("8001", "c1")


def test_a_preference_is_passed_over_when_no_preferred_agent_is_logged_in() -> None:
    floor = Floor(skilled(Queue(name=GENERAL), a8001="", a8002=""))
    floor.ready("8002")
    asks(floor, "c1", prefers=(AgentId("8001"), AgentId("9999")), prefers_for_s=20)
    assert floor.rings() == ("8002", "c1")


def test_a_preference_ends_when_the_last_preferred_agent_logs_out() -> None:
    floor = Floor(skilled(Queue(name=GENERAL), a8001="", a8002=""))
    floor.ready("8001")
    floor.talk("busy")
    floor.ready("8002")
    asks(floor, "c1", prefers=(AgentId("8001"),), prefers_for_s=500)
    floor.tell(AgentLoggedOut(agent=AgentId("8001")))
    assert floor.rings() == ("8001", "busy"), "who talks is there until the end of the talk"
    floor.leaves("busy")
    assert floor.rings() == ("8002", "c1")
    assert TimerKind.PREFERENCE not in timers_of(floor, "c1")


def test_the_own_branch_is_preferred_and_headquarters_serve_when_it_is_not_there() -> None:
    floor = Floor(skilled(Queue(name=GENERAL), a8001="branch.suzhou", a8002=""))
    floor.ready("8002", "8001")
    asks(floor, "c1", prefers_needs="branch.suzhou", prefers_for_s=20)
    assert floor.rings() == ("8001", "c1")
    asks(floor, "c2", prefers_needs="branch.wuxi", prefers_for_s=20)
    assert floor.rings() == ("8002", "c2")


def test_a_branch_is_preferred_for_as_long_as_one_of_it_is_logged_in() -> None:
    floor = Floor(skilled(Queue(name=GENERAL), a8001="branch.wuxi", a8002="", a8003="branch.wuxi"))
    for agent in ("8001", "8003"):
        floor.tell(AgentLoggedIn(agent=AgentId(agent)))
    floor.ready("8002")
    asks(floor, "c1", prefers_needs="branch.wuxi", prefers_for_s=90)
    floor.tell(AgentLoggedOut(agent=AgentId("8001")))
    assert not floor.all(RingAgent)
    floor.tell(AgentLoggedOut(agent=AgentId("8003")))
    assert floor.rings() == ("8002", "c1")
    floor.leaves("c1")
    floor.tell(AgentLoggedIn(agent=AgentId("8003")))
    asks(floor, "c2", prefers_needs="branch.wuxi", prefers_for_s=90)
    assert len(floor.all(RingAgent)) == 1, "somebody of the branch is there again"


def test_a_queue_may_give_all_its_callers_a_head_start() -> None:
    queues = (Queue(name=GENERAL), Queue(name=TRADING, head_start_s=30))
    floor = Floor(skilled(*queues, a8001=""))
    floor.tell(AgentLoggedIn(agent=AgentId("8001")))
    asks(floor, "c1")
    floor.wait(20)
    asks(floor, "t1", "trading")
    floor.ready("8001")
    assert floor.rings() == ("8001", "t1")


def test_a_branch_of_which_nobody_meets_the_callers_needs_is_not_waited_for() -> None:
    floor = Floor(skilled(Queue(name=GENERAL), a8001="branch.suzhou", a8002="en"))
    floor.ready("8001", "8002")
    asks(floor, "c1", needs="en", prefers_needs="branch.suzhou", prefers_for_s=20)
    assert floor.rings() == ("8002", "c1")


# Reload.


def test_changed_rules_take_effect_on_those_who_wait_and_unchanged_ones_do_nothing() -> None:
    floor = Floor(skilled(STEPPED, a8001=""))
    floor.ready("8001")
    floor.calls("c1")
    before = floor.router.snapshot()
    assert floor.tell(skilled(STEPPED, a8001="")) == []
    assert floor.router.snapshot() == before
    floor.tell(skilled(Queue(name=GENERAL, band=7), a8001=""))
    assert floor.rings() == ("8001", "c1")
    assert floor.visit("c1").place.band == 7
    assert timers_of(floor, "c1") == set()


def test_nothing_is_left_of_a_contact_that_is_gone() -> None:
    queue = Queue(name=GENERAL, band=3, steps=STEPS, ageing=Ageing(promote_after_s=60))
    floor = Floor(skilled(queue, a8001=""))
    floor.tell(AgentLoggedIn(agent=AgentId("8001")))
    asks(floor, "c1", prefers=(AgentId("8001"),), prefers_for_s=90)
    assert timers_of(floor, "c1") == {TimerKind.STEP, TimerKind.PROMOTE, TimerKind.PREFERENCE}
    floor.leaves("c1")
    assert timers_of(floor, "c1") == set()


# What is due, whatever the clock.

TIMES = st.floats(min_value=0, max_value=2e9, allow_nan=False)
WAITS = st.floats(min_value=0.001, max_value=1e5)


def visit_at(enqueued_at: float) -> Visit:
    return Visit(
        contact=ContactId("c"),
        queue=QueueName("q"),
        place=Place(5, enqueued_at, 1),
        enqueued_at=enqueued_at,
        entry=Entry(aged_from=enqueued_at, came_at=enqueued_at),
    )


@given(TIMES, st.lists(WAITS, max_size=6).map(sorted), st.floats(min_value=0, max_value=1e6))
def test_every_step_is_due_exactly_when_its_timer_says(
    enqueued_at: float, waits_s: list[float], later_s: float
) -> None:
    queue = Queue(
        name=QueueName("q"), steps=tuple(step(after_s, "a") for after_s in (0.0, *waits_s))
    )
    visit, now, seen = visit_at(enqueued_at), enqueued_at, [0]
    while True:
        due = step_due(queue, visit, now)
        if due.next_at is None:
            break
        assert due.next_at > now, "a timer that fires brings the next step"
        now = due.next_at
        seen.append(step_due(queue, visit, now).value)
    assert seen == sorted(set(seen)) or waits_s == []
    assert seen[-1] == len(waits_s)
    assert step_due(queue, visit, now + later_s).value == len(waits_s)


@given(TIMES, st.floats(min_value=0.01, max_value=1e5), st.integers(-3, 8))
def test_every_promotion_is_due_exactly_when_its_timer_says(
    enqueued_at: float, promote_after_s: float, best_band: int
) -> None:
    queue = Queue(
        name=QueueName("q"),
        band=5,
        ageing=Ageing(promote_after_s=promote_after_s, best_band=best_band),
    )
    visit, now, bands = visit_at(enqueued_at), enqueued_at, [5]
    while (due := band_due(queue, visit, now)).next_at is not None:
        assert due.next_at > now
        now = due.next_at
        bands.append(band_due(queue, visit, now).value)
    assert bands == list(range(5, min(5, best_band) - 1, -1))
