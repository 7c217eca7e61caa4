import pytest

from acd.commands import CountLate, EndVisit, HangUpAgent, RingAgent, TellMoved
from acd.contact_states import ContactState
from acd.events import (
    AgentLoggedIn,
    CallbackRequested,
    ContactLeft,
    ContactMoved,
    ContactQueued,
    OfferRang,
    OfferRefused,
)
from acd.model import (
    Ageing,
    AgentId,
    CallbackRules,
    ContactId,
    Disposition,
    LeaveCause,
    OfferOutcome,
    OverflowCause,
    OverflowRule,
    Queue,
    QueueName,
    Step,
    personal_queue,
)
from acd.requirements import ANYBODY
from tests.unit.acd.floor import GENERAL, TRADING, Floor, roster
from tests.unit.acd.waiters import asks, skilled

pytestmark = pytest.mark.unit

RULES = CallbackRules()
QUEUES = (
    Queue(name=GENERAL, band=2, callback=RULES),
    Queue(name=TRADING, band=3, callback=RULES),
)


@pytest.fixture
def floor() -> Floor:
    """Three callers wait for agents who are not ready."""
    floor = Floor(roster({"8001": ("general",), "8002": ("trading",), "8003": ()}, QUEUES))
    for agent in ("8001", "8002"):
        floor.tell(AgentLoggedIn(agent=AgentId(agent)))
    for contact in ("c1", "c2", "c3"):
        asks(floor, contact, number=contact)
        floor.wait(10)
    return floor


def order(floor: Floor, contact: str, **fields: object) -> None:
    floor.tell(ContactMoved(contact=ContactId(contact), by="lead", **fields))  # type: ignore[arg-type]


def test_a_contact_is_put_into_another_band_at_once(floor: Floor) -> None:
    order(floor, "c3", band=1)
    assert floor.router.line(GENERAL) == ("c3", "c1", "c2")
    order(floor, "c3", band=9)
    assert floor.router.line(GENERAL) == ("c1", "c2", "c3")
    assert floor.last(TellMoved).by == "lead"


def test_a_head_start_counts_as_waited_at_once(floor: Floor) -> None:
    order(floor, "c3", head_start_s=15)
    assert floor.router.line(GENERAL) == ("c1", "c3", "c2")
    assert floor.visit("c3").enqueued_at == 1020.0, "the wait itself stays what it was"


def test_an_order_of_band_holds_against_the_age_that_was_earned_before() -> None:
    queue = Queue(name=GENERAL, band=5, ageing=Ageing(promote_after_s=10))
    floor = Floor(roster({"8001": ("general",)}, (queue,)))
    floor.tell(AgentLoggedIn(agent=AgentId("8001")))
    floor.calls("c1")
    floor.wait(35)
    assert floor.visit("c1").place.band == 2
    order(floor, "c1", band=4)
    assert floor.visit("c1").place.band == 4
    floor.wait(10)
    assert floor.visit("c1").place.band == 3, "from here on it ages anew"


def test_a_contact_moved_to_another_queue_keeps_its_place(floor: Floor) -> None:
    before = floor.visit("c1")
    asks(floor, "t1", "trading")
    order(floor, "c1", queue=TRADING)
    after = floor.visit("c1")
    assert (after.place, after.enqueued_at) == (before.place, before.enqueued_at)
    assert floor.router.line(TRADING) == ("c1", "t1")
    floor.ready("8002")
    assert floor.rings() == ("8002", "c1")


def test_nothing_of_the_queue_that_a_contact_left_befalls_it_any_more() -> None:
    strict = Queue(
        name=GENERAL,
        band=5,
        steps=(Step(after_s=0, needs=ANYBODY), Step(after_s=60, needs=ANYBODY)),
        ageing=Ageing(promote_after_s=20),
        overflow=(OverflowRule(cause=OverflowCause.WAIT, limit=90),),
    )
    floor = Floor(roster({"8001": ("general", "trading")}, (strict, Queue(name=TRADING, band=9))))
    floor.tell(AgentLoggedIn(agent=AgentId("8001")))
    floor.calls("c1")
    assert len(floor.router.timers()) == 3
    order(floor, "c1", queue=TRADING)
    assert floor.router.timers() == ()
    assert (floor.visit("c1").step, floor.visit("c1").place.band) == (0, 5)


def test_a_contact_is_pulled_to_an_agent_whatever_it_needs_or_the_agent_said() -> None:
    queues = (Queue(name=GENERAL),)
    floor = Floor(skilled(*queues, a8001="", a8002="en"))
    floor.ready("8002")
    asks(floor, "c1", needs="en")
    floor.tell(OfferRefused(reservation=floor.reservation(), outcome=OfferOutcome.REJECTED))
    floor.ready("8001")
    order(floor, "c1", agent=AgentId("8001"))
    assert floor.rings() == ("8001", "c1")
    assert floor.visit("c1").queue == personal_queue(AgentId("8001"))
    assert floor.visit("c1").needs == ANYBODY
    order(floor, "c1", queue=GENERAL)
    order(floor, "c1", agent=AgentId("8002"))
    floor.wait(5)
    assert floor.rings() == ("8002", "c1"), "who refused is asked again when a supervisor says so"


def test_an_offer_that_no_longer_fits_is_withdrawn_and_one_that_does_goes_on(floor: Floor) -> None:
    floor.ready("8001")
    ringing = floor.reservation()
    floor.tell(OfferRang(reservation=ringing))
    order(floor, "c1", band=7)
    assert floor.visit("c1").reservation == ringing
    order(floor, "c1", queue=TRADING)
    assert HangUpAgent(reservation=ringing) in floor.commands
    assert floor.rings() == ("8001", "c2")
    assert floor.visit("c1").state is ContactState.QUEUED


@pytest.mark.parametrize(
    ("contact", "fields", "obstacle"),
    [
        ("gone", {"band": 1}, "left"),
        ("c1", {"queue": "no-such-queue"}, "unknown queue"),
        ("c1", {"agent": "9999"}, "unknown queue"),
        ("c1", {"agent": "8003"}, "unstaffed queue"),
        ("c1", {}, "as ordered"),
        ("c1", {"queue": GENERAL}, "as ordered"),
    ],
)
def test_an_order_that_cannot_be_carried_out_is_counted_and_changes_nothing(
    floor: Floor, contact: str, fields: dict[str, object], obstacle: str
) -> None:
    before = floor.router.snapshot()
    order(floor, contact, **fields)
    assert floor.commands[-1] == CountLate(
        machine="contact", subject=contact, state=obstacle, trigger="ContactMoved"
    )
    assert floor.router.snapshot() == before


def test_who_talks_already_is_not_moved(floor: Floor) -> None:
    floor.ready("8001")
    floor.talk()
    order(floor, "c1", queue=TRADING)
    assert isinstance(floor.commands[-1], CountLate)
    assert floor.visit("c1").state is ContactState.CONNECTED


def test_an_order_that_is_told_twice_is_done_once(floor: Floor) -> None:
    order(floor, "c3", band=1, queue=TRADING, head_start_s=5)
    before = floor.router.snapshot()
    floor.now += 20
    order(floor, "c3", band=1, queue=TRADING, head_start_s=5)
    assert floor.router.snapshot() == before


def test_a_callback_is_moved_unless_its_number_is_called_back_there_already(floor: Floor) -> None:
    asks(floor, "t1", "trading")
    for contact, number in (("c1", "555"), ("t1", "555"), ("c2", "777")):
        floor.tell(
            CallbackRequested(
                contact=ContactId(contact), callback=ContactId(f"cb-{contact}"), number=number
            )
        )
    order(floor, "cb-c1", queue=TRADING)
    assert isinstance(floor.commands[-1], CountLate)
    order(floor, "cb-c2", queue=TRADING)
    assert floor.router.line(TRADING) == ("cb-c2", "cb-t1")
    there = floor.router.callback(TRADING, "777")
    assert there is not None
    assert there.contact == "cb-c2"
    assert floor.router.callback(GENERAL, "777") is None


def test_a_supervisor_may_send_a_contact_back_to_a_queue_that_sent_it_on() -> None:
    sends_on = (OverflowRule(cause=OverflowCause.WAIT, limit=10, to=TRADING),)
    night = QueueName("night")
    sends_back = (OverflowRule(cause=OverflowCause.WAIT, limit=10, to=GENERAL),)
    queues = (
        Queue(name=GENERAL, overflow=sends_on),
        Queue(name=TRADING, overflow=sends_back),
        Queue(name=night, overflow=sends_back),
    )
    floor = Floor(roster({"8001": ("general", "trading", "night")}, queues))
    floor.tell(AgentLoggedIn(agent=AgentId("8001")))
    floor.calls("c1")
    floor.wait(10)
    floor.wait(20)
    assert floor.visit("c1").queue == TRADING, "which does not send it back by itself"
    order(floor, "c1", queue=night)
    floor.wait(10)
    assert floor.visit("c1").queue == GENERAL, "where it has been only before the order"
    floor.wait(10)
    assert floor.visit("c1").queue == TRADING


def test_a_transferred_caller_keeps_the_time_waited_before(floor: Floor) -> None:
    floor.ready("8001")
    floor.talk()
    floor.wait(60)
    floor.tell(ContactLeft(contact=ContactId("c1"), cause=LeaveCause.TRANSFERRED))
    floor.tell(ContactQueued(contact=ContactId("c1-2"), queue=GENERAL, enqueued_at=1000.0))
    assert floor.dispositions()["c1"] is Disposition.TRANSFERRED
    assert floor.last(EndVisit).agent == "8001"
    assert floor.router.line(GENERAL) == ("c1-2", "c2", "c3")
    floor.wait(60)
    assert floor.all(RingAgent)[-1].contact == "c1-2"
