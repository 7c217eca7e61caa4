from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from acd.calendars import DAY_MIN, Hours, Span
from acd.commands import EndVisit, RingAgent, TellMoved
from acd.contact_states import ContactState
from acd.events import (
    AgentLoggedIn,
    AgentLoggedOut,
    ContactQueued,
    OfferAnswered,
    OfferRang,
    OfferRefused,
)
from acd.model import (
    Agent,
    AgentId,
    ContactId,
    Disposition,
    OfferOutcome,
    OverflowCause,
    OverflowRule,
    Queue,
    QueueName,
    TimerKind,
)
from acd.router import Router
from tests.unit.acd.floor import GENERAL, TRADING, Floor, roster
from tests.unit.acd.waiters import asks

pytestmark = pytest.mark.unit

C = OverflowCause
THIRD = QueueName("third")
WORKDAY = (Span(opens_min=9 * 60, closes_min=17 * 60),)
NINE_TO_FIVE = Hours(zone="Asia/Shanghai", weekly=(WORKDAY,) * 7)


def rule(cause: OverflowCause, limit: float = 0, to: QueueName | None = None) -> OverflowRule:
    return OverflowRule(cause=cause, limit=limit, to=to)


def queue(name: QueueName, *rules: OverflowRule, **fields: object) -> Queue:
    return Queue(name=name, overflow=rules, **fields)  # type: ignore[arg-type]


def floor_of(*queues: Queue, at: float = 1000.0, busy: bool = True, **agents: str) -> Floor:
    """Return a floor whose agents are logged in, and not ready if ``busy``."""
    served = {name.removeprefix("a"): tuple(serves.split()) for name, serves in agents.items()}
    floor = Floor(roster(served, queues))
    floor.now = at
    for agent in served:
        floor.tell(AgentLoggedIn(agent=AgentId(agent), ready=not busy))
    return floor


def local(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()


def ended(floor: Floor) -> dict[str, tuple[Disposition, OverflowCause | None]]:
    return {end.contact: (end.disposition, end.cause) for end in floor.all(EndVisit)}


# Size.


def test_a_full_queue_refuses_and_takes_callers_again_when_somebody_left() -> None:
    floor = floor_of(queue(GENERAL, rule(C.SIZE, 2)), a8001="general")
    for contact in ("c1", "c2", "c3"):
        floor.calls(contact)
    assert ended(floor) == {"c3": (Disposition.FULL, C.SIZE)}
    floor.leaves("c1")
    floor.calls("c4")
    assert floor.position("c4") == 2


def test_a_full_queue_sends_callers_to_another_with_the_time_they_waited() -> None:
    floor = floor_of(
        queue(GENERAL, rule(C.SIZE, 1, TRADING)), queue(TRADING), a8001="general trading"
    )
    floor.calls("c1")
    asks(floor, "c2", enqueued_at=floor.now - 40)
    moved = floor.last(TellMoved)
    assert (moved.contact, moved.queue, moved.cause) == ("c2", TRADING, C.SIZE)
    assert floor.visit("c2").queue == TRADING
    assert floor.visit("c2").place.score == floor.now - 40
    floor.ready("8001")
    assert floor.rings() == ("8001", "c2")


def test_queues_that_are_full_and_name_each_other_refuse() -> None:
    floor = floor_of(
        queue(GENERAL, rule(C.SIZE, 1, TRADING)),
        queue(TRADING, rule(C.SIZE, 1, GENERAL)),
        a8001="general trading",
    )
    for contact in ("c1", "c2", "c3"):
        floor.calls(contact)
    assert floor.visit("c2").queue == TRADING
    assert ended(floor) == {"c3": (Disposition.FULL, C.SIZE)}


# Wait.


def test_after_its_time_a_caller_is_sent_on_and_keeps_the_place() -> None:
    floor = floor_of(
        queue(GENERAL, rule(C.WAIT, 60, TRADING)),
        queue(TRADING, band=2),
        a8001="general",
        a8002="trading",
    )
    floor.calls("c1")
    place = floor.visit("c1").place
    floor.wait(30)
    floor.calls("t1", TRADING)
    floor.wait(30)
    assert floor.visit("c1").queue == TRADING
    assert floor.visit("c1").place == place, "nor does it fall into the worse band of the other"
    assert floor.position("c1") == 1
    assert floor.last(TellMoved).cause is C.WAIT


def test_a_rule_that_names_no_queue_lets_the_flow_decide() -> None:
    floor = floor_of(queue(GENERAL, rule(C.WAIT, 60)), a8001="general")
    floor.calls("c1")
    floor.wait(59.9)
    assert ended(floor) == {}
    floor.wait(0.1)
    assert ended(floor) == {"c1": (Disposition.OVERFLOWED, C.WAIT)}
    assert floor.router.timers() == ()


def test_rules_for_longer_waits_follow_those_for_shorter_ones() -> None:
    floor = floor_of(
        queue(GENERAL, rule(C.WAIT, 20, TRADING), rule(C.WAIT, 60)),
        queue(TRADING),
        a8001="general",
    )
    floor.calls("c1")
    floor.wait(30)
    assert floor.visit("c1").queue == GENERAL, "nobody is logged in to the other"
    floor.wait(30)
    assert ended(floor) == {"c1": (Disposition.OVERFLOWED, C.WAIT)}


def test_each_queue_counts_the_wait_in_its_own_line_and_none_is_visited_twice() -> None:
    floor = floor_of(
        queue(GENERAL, rule(C.WAIT, 20, TRADING)),
        queue(TRADING, rule(C.WAIT, 30, GENERAL), rule(C.WAIT, 40, THIRD)),
        queue(THIRD),
        a8001="general trading third",
    )
    floor.calls("c1")
    floor.wait(20)
    floor.wait(39)
    assert floor.visit("c1").queue == TRADING
    floor.wait(1)
    assert floor.visit("c1").queue == THIRD
    assert floor.visit("c1").entry.been == (GENERAL, TRADING)


def test_who_is_being_offered_is_sent_on_only_when_that_comes_to_nothing() -> None:
    floor = floor_of(
        queue(GENERAL, rule(C.WAIT, 10, TRADING)),
        queue(TRADING),
        a8001="general",
        a8002="trading",
    )
    floor.calls("c1")
    floor.wait(5)
    floor.ready("8001")
    floor.tell(OfferRang(reservation=floor.reservation()))
    floor.wait(5)
    assert (floor.visit("c1").queue, floor.visit("c1").state) == (GENERAL, ContactState.OFFERED)
    floor.tell(OfferRefused(reservation=floor.reservation(), outcome=OfferOutcome.REJECTED))
    assert floor.visit("c1").queue == TRADING


def test_who_was_answered_in_time_is_never_sent_on() -> None:
    floor = floor_of(queue(GENERAL, rule(C.WAIT, 10)), busy=False, a8001="general")
    floor.calls("c1")
    floor.tell(OfferAnswered(reservation=floor.reservation()))
    floor.wait(20)
    assert floor.visit("c1").state is ContactState.CONNECTING
    assert not [t for t in floor.router.timers() if t.key.kind is TimerKind.OVERFLOW]


# Expected wait.


class Expects:
    """Expects two minutes for each caller ahead and the one who asks."""

    def __init__(self) -> None:
        self.asked: list[tuple[QueueName, int]] = []

    def expected_wait_s(self, queue: QueueName, ahead: int) -> float | None:
        self.asked.append((queue, ahead))
        return 120.0 * (ahead + 1)


def test_a_wait_that_is_expected_to_be_too_long_is_not_begun() -> None:
    floor = floor_of(queue(GENERAL, rule(C.EXPECTED_WAIT, 200)), a8001="general")
    floor.router = Router(estimator=Expects())
    for event, at in list(floor.past):
        floor.router.handle(event, at)
    for contact in ("c1", "c2"):
        asked = ContactQueued(contact=ContactId(contact), queue=GENERAL, enqueued_at=floor.now)
        floor.tell(floor.router.foresee(asked))
    assert floor.position("c1") == 1
    assert ended(floor) == {"c2": (Disposition.OVERFLOWED, C.EXPECTED_WAIT)}
    again = Router()
    for event, at in floor.past:
        again.handle(event, at)
    assert again.snapshot() == floor.router.snapshot(), "a replay needs no estimator"


def test_the_estimator_is_asked_about_those_who_stand_before_the_caller() -> None:
    expects = Expects()
    floor = floor_of(
        queue(GENERAL, rule(C.SIZE, 5, TRADING)),
        queue(TRADING, rule(C.EXPECTED_WAIT, 200, GENERAL)),
        a8001="general trading",
    )
    floor.router = Router(estimator=expects)
    for event, at in list(floor.past):
        floor.router.handle(event, at)
    asks(floor, "t1", TRADING)
    asks(floor, "t2", TRADING, band=5)
    asked = ContactQueued(contact=ContactId("c1"), queue=GENERAL, enqueued_at=floor.now)
    told = floor.router.foresee(asked)
    assert expects.asked == [(TRADING, 1)], "t2 stands behind"
    assert isinstance(told, ContactQueued)
    assert told.expected_waits == ((TRADING, 240.0),)


# No staff.


def test_an_unstaffed_queue_sends_callers_where_somebody_is() -> None:
    floor = floor_of(
        queue(GENERAL, rule(C.UNSTAFFED, to=TRADING)), queue(TRADING), a8002="trading", a8001="x"
    )
    floor.calls("c1")
    assert floor.visit("c1").queue == TRADING


def test_when_the_last_agent_goes_those_who_wait_are_sent_on_in_their_order() -> None:
    floor = floor_of(
        queue(GENERAL, rule(C.UNSTAFFED, to=TRADING)),
        queue(TRADING),
        a8001="general",
        a8002="trading",
    )
    for contact in ("c1", "c2"):
        floor.calls(contact)
    floor.tell(AgentLoggedOut(agent=AgentId("8001")))
    assert floor.router.line(TRADING) == ("c1", "c2")
    floor.tell(AgentLoggedOut(agent=AgentId("8002")))
    assert {d for d, _ in ended(floor).values()} == {Disposition.NOBODY}


def test_an_unstaffed_queue_whose_rule_leads_nowhere_keeps_its_callers_if_it_is_to() -> None:
    floor = floor_of(
        queue(GENERAL, rule(C.UNSTAFFED, to=TRADING), waits_unstaffed=True),
        queue(TRADING),
        a8001="x",
    )
    floor.calls("c1")
    assert floor.visit("c1").queue == GENERAL


# Closed.


def test_a_closed_queue_refuses_whoever_asks() -> None:
    floor = floor_of(
        queue(GENERAL, hours=NINE_TO_FIVE), at=local("2026-11-23 08:59:59"), a8001="general"
    )
    floor.calls("early")
    floor.wait(1)
    floor.calls("c1")
    assert ended(floor) == {"early": (Disposition.CLOSED, C.CLOSED)}
    assert floor.position("c1") == 1


def test_who_waits_when_the_queue_closes_is_served_on() -> None:
    floor = floor_of(
        queue(GENERAL, rule(C.SIZE, 50), hours=NINE_TO_FIVE),
        at=local("2026-11-23 16:59:00"),
        a8001="general",
    )
    floor.calls("c1")
    floor.wait(120)
    floor.calls("late")
    floor.ready("8001")
    assert floor.rings() == ("8001", "c1")
    floor.tell(OfferRefused(reservation=floor.reservation(), outcome=OfferOutcome.REJECTED))
    assert ended(floor) == {"late": (Disposition.CLOSED, C.CLOSED)}
    assert floor.position("c1") == 1


def test_a_queue_that_empties_when_it_closes_sends_those_who_wait_on() -> None:
    night = queue(
        TRADING,
        hours=Hours(zone="Asia/Shanghai", weekly=((Span(opens_min=0, closes_min=DAY_MIN),),) * 7),
    )
    floor = floor_of(
        queue(GENERAL, rule(C.CLOSED, to=TRADING), hours=NINE_TO_FIVE, closes_on_waiting=True),
        night,
        at=local("2026-11-23 16:59:00"),
        a8001="general",
        a8002="trading",
    )
    floor.calls("c1")
    floor.wait(60)
    assert floor.visit("c1").queue == TRADING
    floor.calls("c2")
    assert floor.visit("c2").queue == TRADING
    floor.wait(16 * 3600)
    floor.calls("c3")
    assert floor.visit("c3").queue == GENERAL, "it opened again"


def test_a_queue_that_empties_leaves_the_telephone_ringing_that_rings() -> None:
    floor = floor_of(
        queue(GENERAL, hours=NINE_TO_FIVE, closes_on_waiting=True),
        at=local("2026-11-23 16:59:58"),
        busy=False,
        a8001="general",
    )
    floor.calls("rings")
    floor.calls("waits")
    floor.wait(2)
    assert ended(floor) == {"waits": (Disposition.CLOSED, C.CLOSED)}
    floor.tell(OfferRefused(reservation=floor.reservation(), outcome=OfferOutcome.REJECTED))
    assert ended(floor)["rings"] == (Disposition.CLOSED, C.CLOSED)


def test_a_reload_that_closes_a_queue_which_empties_takes_effect_at_once() -> None:
    agents = (Agent(id=AgentId("8001"), queues=frozenset({GENERAL})),)
    floor = floor_of(queue(GENERAL), at=local("2026-11-23 20:00:00"), a8001="general")
    floor.calls("c1")
    given = roster(
        {"8001": ("general",)}, (queue(GENERAL, hours=NINE_TO_FIVE, closes_on_waiting=True),)
    )
    assert given.agents == agents
    floor.tell(given)
    assert ended(floor) == {"c1": (Disposition.CLOSED, C.CLOSED)}
    assert floor.tell(given) == []
    floor.tell(roster({"8001": ("general",)}, (queue(GENERAL),)))
    assert floor.router.timers() == (), "nobody waits for its hours any more"
    assert not floor.all(RingAgent)
