"""Queues that ring everybody at once: exactly one wins."""

import pytest

from acd.agent_states import PresenceTrigger, Work
from acd.commands import ConnectContact, CountLate, EndVisit, HangUpAgent, RingAgent, TellOfferEnded
from acd.contact_states import ContactState
from acd.events import (
    AgentForced,
    AgentHungUp,
    ContactJoined,
    EngineRestarted,
    JoinFailed,
    OfferAnswered,
    OfferRang,
    OfferRefused,
    PhoneVanished,
)
from acd.model import AgentId, Disposition, OfferOutcome, Pick, Queue, ReservationId
from acd.router import Router
from tests.unit.acd.floor import GENERAL, Floor, roster

pytestmark = pytest.mark.unit

THREE = ("8001", "8002", "8003")


@pytest.fixture
def floor() -> Floor:
    queue = Queue(name=GENERAL, pick=Pick.RING_ALL)
    made = Floor(roster(dict.fromkeys(THREE, ("general",)), (queue,)))
    made.ready(*THREE)
    made.calls("c1")
    return made


def rung(floor: Floor) -> list[str]:
    return [ring.agent for ring in floor.all(RingAgent)]


def offer_to(floor: Floor, agent: str) -> ReservationId:
    return next(r.reservation for r in reversed(floor.all(RingAgent)) if r.agent == agent)


def test_every_free_agent_is_rung_at_once(floor: Floor) -> None:
    assert rung(floor) == list(THREE)
    assert [ring.offers for ring in floor.all(RingAgent)] == [1, 2, 3]
    assert floor.visit("c1").state is ContactState.OFFERED
    assert len({offer.id for offer in floor.router.offers()}) == 3


def test_the_first_answer_wins_and_the_others_ring_until_the_caller_is_heard(floor: Floor) -> None:
    winner = offer_to(floor, "8002")
    floor.tell(OfferRang(reservation=winner))
    floor.tell(OfferAnswered(reservation=winner))
    assert [c.agent for c in floor.all(ConnectContact)] == ["8002"]
    assert not floor.all(HangUpAgent)
    floor.tell(ContactJoined(reservation=winner))
    assert {c.reservation for c in floor.all(HangUpAgent)} == {
        offer_to(floor, "8001"),
        offer_to(floor, "8003"),
    }
    assert {c.outcome for c in floor.all(TellOfferEnded)} == {OfferOutcome.WITHDRAWN}
    for loser in ("8001", "8003"):
        assert floor.desk(loser).offerable, "losing costs an agent nothing"
        assert floor.desk(loser).idle_since < floor.now
    assert floor.visit("c1").rivals == ()


def test_a_second_answer_is_hung_up_and_never_connected(floor: Floor) -> None:
    floor.tell(OfferAnswered(reservation=offer_to(floor, "8002")))
    said = floor.tell(OfferAnswered(reservation=offer_to(floor, "8003")))
    assert HangUpAgent(reservation=offer_to(floor, "8003")) in said
    assert [c.agent for c in floor.all(ConnectContact)] == ["8002"]
    assert floor.desk("8003").work is Work.IDLE
    said = floor.tell(OfferAnswered(reservation=offer_to(floor, "8003")))
    assert any(isinstance(c, CountLate) for c in said)


@pytest.mark.parametrize("report", [JoinFailed, AgentHungUp])
def test_when_the_winner_cannot_be_joined_the_caller_rings_on(
    floor: Floor, report: type[JoinFailed | AgentHungUp]
) -> None:
    floor.tell(OfferAnswered(reservation=offer_to(floor, "8002")))
    floor.tell(report(reservation=offer_to(floor, "8002")))
    assert floor.visit("c1").state is ContactState.OFFERED
    assert floor.visit("c1").excludes(AgentId("8002"))
    assert rung(floor) == list(THREE), "nobody is rung anew while others still ring"
    floor.tell(OfferAnswered(reservation=offer_to(floor, "8001")))
    floor.tell(ContactJoined(reservation=offer_to(floor, "8001")))
    assert floor.visit("c1").state is ContactState.CONNECTED
    assert [c.agent for c in floor.all(ConnectContact)] == ["8002", "8001"]


def test_who_refuses_drops_out_and_the_caller_waits_anew_only_after_the_last(floor: Floor) -> None:
    for agent in ("8001", "8003"):
        refusal = OfferRefused(reservation=offer_to(floor, agent), outcome=OfferOutcome.REJECTED)
        floor.tell(refusal)
        assert floor.visit("c1").state is ContactState.OFFERED
    refusal = OfferRefused(reservation=offer_to(floor, "8002"), outcome=OfferOutcome.BUSY)
    floor.tell(refusal)
    assert floor.visit("c1").state is ContactState.QUEUED
    assert floor.position("c1") == 1
    floor.wait(5)
    assert rung(floor)[3:] == ["8002"], "those who rejected are left alone with this caller"


def test_nobody_answering_is_a_miss_of_each(floor: Floor) -> None:
    for agent in THREE:
        floor.tell(OfferRang(reservation=offer_to(floor, agent)))
    floor.wait(15)
    assert [floor.desk(agent).misses for agent in THREE] == [1, 1, 1]
    assert floor.visit("c1").state is ContactState.QUEUED


def test_a_caller_who_hangs_up_silences_every_telephone(floor: Floor) -> None:
    floor.leaves("c1")
    assert len(floor.all(HangUpAgent)) == 3
    assert floor.last(EndVisit).disposition is Disposition.ABANDONED
    assert not floor.router.offers()
    assert all(floor.desk(agent).offerable for agent in THREE)


def test_a_caller_who_hangs_up_between_answer_and_joining_frees_all(floor: Floor) -> None:
    floor.tell(OfferAnswered(reservation=offer_to(floor, "8002")))
    floor.leaves("c1")
    assert not floor.router.offers()
    assert all(floor.desk(agent).offerable for agent in THREE)


def test_one_telephone_that_dies_leaves_the_others_ringing(floor: Floor) -> None:
    floor.tell(PhoneVanished(agent=AgentId("8001")))
    assert floor.visit("c1").state is ContactState.OFFERED
    assert {offer.agent for offer in floor.router.offers()} == {"8002", "8003"}


def test_a_supervisor_takes_one_agent_out_of_the_ringing(floor: Floor) -> None:
    order = AgentForced(
        agent=AgentId("8003"), presence=PresenceTrigger.GO_NOT_READY, reason="talk", by="9001"
    )
    floor.tell(order)
    assert {offer.agent for offer in floor.router.offers()} == {"8001", "8002"}


def test_the_next_caller_gets_whoever_is_free_when_the_first_is_answered(floor: Floor) -> None:
    floor.calls("c2")
    assert rung(floor) == list(THREE)
    floor.tell(OfferAnswered(reservation=offer_to(floor, "8001")))
    floor.tell(ContactJoined(reservation=offer_to(floor, "8001")))
    assert rung(floor)[3:] == ["8002", "8003"]
    assert {ring.contact for ring in floor.all(RingAgent)[3:]} == {"c2"}


def test_rivals_survive_in_a_snapshot_and_are_void_after_a_restart(floor: Floor) -> None:
    floor.tell(OfferAnswered(reservation=offer_to(floor, "8002")))
    copy = Router()
    for event in floor.router.snapshot():
        copy.handle(event, floor.now)
    assert copy.snapshot() == floor.router.snapshot()
    floor.tell(EngineRestarted())
    assert {offer.agent for offer in floor.router.offers()} == {"8002"}
    assert floor.visit("c1").state is ContactState.CONNECTING
