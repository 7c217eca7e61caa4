import pytest

from acd.agent_states import Presence, Work
from acd.commands import ConnectContact, CountLate, EndVisit, HangUpAgent, RingAgent, TellOfferEnded
from acd.contact_states import ContactState
from acd.events import (
    AgentGotNotReady,
    AgentGotReady,
    AgentHungUp,
    ContactJoined,
    JoinFailed,
    OfferAnswered,
    OfferRang,
    OfferRefused,
    PhoneAppeared,
    PhoneVanished,
)
from acd.model import AgentId, Disposition, LeaveCause, OfferOutcome
from tests.unit.acd.floor import Floor, roster

pytestmark = pytest.mark.unit


@pytest.fixture
def floor() -> Floor:
    return Floor(roster({"8001": ("general",), "8002": ("general",)}))


def test_a_caller_is_offered_to_the_agent_who_is_idle_for_longest(floor: Floor) -> None:
    floor.ready("8002", "8001")
    floor.calls("c1")
    assert floor.rings() == ("8002", "c1")
    floor.calls("c2")
    assert floor.rings() == ("8001", "c2")


def test_callers_are_served_in_the_order_of_their_waits(floor: Floor) -> None:
    floor.ready("8001")
    floor.talk("busy")
    for contact in ("c1", "c2", "c3"):
        floor.calls(contact)
    assert [floor.position(contact) for contact in ("c1", "c2", "c3")] == [1, 2, 3]
    floor.ready("8002")
    assert floor.rings() == ("8002", "c1")
    assert floor.position("c1") == 1, "an offer does not cost the place"


def test_an_answer_connects_and_the_report_of_it_ends_the_wait(floor: Floor) -> None:
    floor.ready("8001")
    floor.calls("c1")
    reservation = floor.reservation()
    floor.tell(OfferRang(reservation=reservation))
    assert floor.desk("8001").work is Work.RINGING
    said = floor.tell(OfferAnswered(reservation=reservation))
    connect = ConnectContact(
        reservation=reservation, contact=floor.visit("c1").contact, agent=AgentId("8001")
    )
    assert connect in said
    assert floor.visit("c1").state is ContactState.CONNECTING
    floor.wait(2)
    floor.tell(ContactJoined(reservation=reservation))
    assert floor.visit("c1").state is ContactState.CONNECTED
    floor.wait(60)
    floor.leaves("c1")
    ended = floor.last(EndVisit)
    assert (ended.disposition, ended.waited_s, ended.talked_s) == (Disposition.HANDLED, 2, 60)
    assert HangUpAgent(reservation=reservation) in floor.commands
    assert floor.desk("8001").work is Work.ACW


def test_an_agent_who_does_not_answer_rests_and_the_caller_goes_on_to_the_next(
    floor: Floor,
) -> None:
    floor.ready("8001", "8002")
    floor.calls("c1")
    first = floor.reservation()
    floor.tell(OfferRang(reservation=first))
    floor.wait(15)
    assert floor.last(TellOfferEnded).outcome is OfferOutcome.TIMEOUT
    assert HangUpAgent(reservation=first) in floor.commands
    assert floor.rings() == ("8002", "c1")
    assert floor.desk("8001").cooling


def test_a_telephone_that_never_rings_counts_as_out_of_reach_before_the_ring_time(
    floor: Floor,
) -> None:
    floor.ready("8001", "8002")
    floor.calls("c1")
    floor.wait(5)
    assert floor.last(TellOfferEnded).outcome is OfferOutcome.UNREACHABLE
    assert floor.rings() == ("8002", "c1")


def test_who_rejects_a_caller_is_not_offered_the_same_one_for_a_while_but_others(
    floor: Floor,
) -> None:
    floor.ready("8001")
    floor.calls("c1")
    floor.tell(OfferRefused(reservation=floor.reservation(), outcome=OfferOutcome.REJECTED))
    floor.wait(6)
    floor.calls("c2")
    assert floor.rings() == ("8001", "c2")
    floor.leaves("c2")
    offers = len(floor.all(RingAgent))
    floor.wait(23)
    assert len(floor.all(RingAgent)) == offers
    floor.wait(1)
    assert floor.rings() == ("8001", "c1"), "after the exclusion the caller is offered again"


@pytest.mark.parametrize(
    ("outcome", "cool_off_s"),
    [(OfferOutcome.BUSY, 5), (OfferOutcome.UNREACHABLE, 10), (OfferOutcome.FAILED, 3)],
)
def test_an_agent_rests_as_long_as_the_cause_asks(
    floor: Floor, outcome: OfferOutcome, cool_off_s: float
) -> None:
    floor.ready("8001")
    floor.calls("c1")
    floor.tell(OfferRefused(reservation=floor.reservation(), outcome=outcome))
    floor.wait(cool_off_s - 0.1)
    assert len(floor.all(RingAgent)) == 1
    floor.wait(0.1)
    assert len(floor.all(RingAgent)) == 2


def test_after_three_misses_in_a_row_an_agent_gets_no_more_until_ready_again(floor: Floor) -> None:
    floor.ready("8001")
    for contact in ("c1", "c2", "c3"):
        floor.calls(contact)
        floor.tell(OfferRang(reservation=floor.reservation()))
        floor.wait(25)
        floor.leaves(contact)
    assert floor.desk("8001").work is Work.NOT_RESPONDING
    floor.calls("c4")
    floor.wait(100)
    assert len(floor.all(RingAgent)) == 3
    floor.tell(AgentGotReady(agent=AgentId("8001")))
    assert floor.rings() == ("8001", "c4")


def test_one_answer_forgives_earlier_misses(floor: Floor) -> None:
    floor.ready("8001")
    for contact in ("c1", "c2"):
        floor.calls(contact)
        floor.tell(OfferRang(reservation=floor.reservation()))
        floor.wait(25)
        floor.leaves(contact)
    assert floor.desk("8001").misses == 2
    floor.talk("c3")
    assert floor.desk("8001").misses == 0


def test_a_caller_who_hangs_up_while_the_telephone_rings_frees_the_agent_at_once(
    floor: Floor,
) -> None:
    floor.ready("8001")
    floor.calls("c1")
    reservation = floor.reservation()
    floor.tell(OfferRang(reservation=reservation))
    floor.leaves("c1")
    assert floor.last(EndVisit).disposition is Disposition.ABANDONED
    assert HangUpAgent(reservation=reservation) in floor.commands
    floor.calls("c2")
    assert floor.rings() == ("8001", "c2"), "that was no fault of the agent's"


def test_an_answer_that_comes_too_late_is_hung_up_and_never_connected(floor: Floor) -> None:
    floor.ready("8001")
    floor.calls("c1")
    reservation = floor.reservation()
    floor.leaves("c1")
    said = floor.tell(OfferAnswered(reservation=reservation))
    assert HangUpAgent(reservation=reservation) in said
    assert not floor.all(ConnectContact)
    assert floor.all(CountLate)


def test_an_answer_that_is_reported_twice_disturbs_nobody(floor: Floor) -> None:
    floor.ready("8001")
    reservation = floor.talk("c1")
    said = floor.tell(OfferAnswered(reservation=reservation))
    assert [type(command) for command in said] == [CountLate]
    assert floor.visit("c1").state is ContactState.CONNECTED


def test_a_caller_who_hangs_up_between_answer_and_joining_leaves_no_trace_on_the_agent(
    floor: Floor,
) -> None:
    floor.ready("8001")
    floor.calls("c1")
    reservation = floor.reservation()
    floor.tell(OfferAnswered(reservation=reservation))
    floor.leaves("c1")
    assert HangUpAgent(reservation=reservation) in floor.commands
    assert floor.last(EndVisit).disposition is Disposition.ABANDONED
    assert floor.desk("8001").offerable


@pytest.mark.parametrize("report", [JoinFailed, AgentHungUp])
def test_a_joining_that_fails_puts_the_caller_back_in_the_old_place(
    floor: Floor, report: type[JoinFailed | AgentHungUp]
) -> None:
    floor.ready("8001")
    floor.calls("c1")
    reservation = floor.reservation()
    floor.calls("c2")
    floor.tell(OfferAnswered(reservation=reservation))
    floor.tell(report(reservation=reservation))
    assert floor.last(TellOfferEnded).outcome is OfferOutcome.FAILED
    assert [floor.position("c1"), floor.position("c2")] == [1, 2]
    floor.ready("8002")
    assert floor.rings() == ("8002", "c1")


def test_a_joining_that_is_never_reported_is_given_up(floor: Floor) -> None:
    floor.ready("8001")
    floor.calls("c1")
    reservation = floor.reservation()
    floor.tell(OfferAnswered(reservation=reservation))
    floor.wait(30)
    assert floor.visit("c1").state is ContactState.QUEUED
    assert HangUpAgent(reservation=reservation) in floor.commands


def test_when_the_agent_hangs_up_the_visit_is_handled_and_wrap_up_begins(floor: Floor) -> None:
    floor.ready("8001")
    reservation = floor.talk("c1")
    floor.tell(AgentHungUp(reservation=reservation))
    ended = floor.last(EndVisit)
    assert (ended.disposition, ended.agent, ended.reservation) == (
        Disposition.HANDLED,
        "8001",
        reservation,
    )
    assert floor.desk("8001").work is Work.ACW


def test_a_telephone_that_vanishes_while_it_rings_ends_the_offer_at_once(floor: Floor) -> None:
    floor.ready("8001", "8002")
    floor.calls("c1")
    floor.tell(OfferRang(reservation=floor.reservation()))
    floor.tell(PhoneVanished(agent=AgentId("8001")))
    assert floor.last(TellOfferEnded).outcome is OfferOutcome.UNREACHABLE
    assert floor.rings() == ("8002", "c1")


def test_a_registration_that_lapses_does_not_end_a_conversation(floor: Floor) -> None:
    floor.ready("8001")
    floor.talk("c1")
    floor.tell(PhoneVanished(agent=AgentId("8001")))
    assert floor.visit("c1").state is ContactState.CONNECTED
    floor.leaves("c1")
    floor.wait(20)
    floor.calls("c2")
    assert floor.position("c2") == 1, "no offer while the telephone is out of reach"
    floor.tell(PhoneAppeared(agent=AgentId("8001")))
    assert floor.rings() == ("8001", "c2")


def test_a_wish_during_an_offer_waits_and_no_further_offer_is_made(floor: Floor) -> None:
    floor.ready("8001")
    floor.calls("c1")
    floor.tell(AgentGotNotReady(agent=AgentId("8001"), reason="meal"))
    assert floor.desk("8001").presence is Presence.AVAILABLE
    floor.tell(OfferRefused(reservation=floor.reservation(), outcome=OfferOutcome.BUSY))
    assert (floor.desk("8001").presence, floor.desk("8001").reason) == (Presence.AUX, "meal")
    floor.wait(60)
    assert len(floor.all(RingAgent)) == 1


@pytest.mark.parametrize(
    ("cause", "disposition"),
    [
        (LeaveCause.KEY, Disposition.LEFT_BY_KEY),
        (LeaveCause.TIMED_OUT, Disposition.TIMED_OUT),
        (LeaveCause.CALLER_GONE, Disposition.ABANDONED),
    ],
)
def test_a_visit_that_ends_before_an_answer_ends_as_the_caller_did(
    floor: Floor, cause: LeaveCause, disposition: Disposition
) -> None:
    floor.ready("8001")
    floor.calls("offered")
    floor.calls("queued")
    for contact in ("queued", "offered"):
        floor.leaves(contact, cause)
        assert floor.last(EndVisit).disposition is disposition
