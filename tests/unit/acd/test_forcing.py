"""What supervisors do to agents, and how wrap-up is made longer."""

import pytest

from acd.agent_states import Presence, PresenceTrigger, Work
from acd.commands import Command, CountLate, HangUpAgent, RingAgent, StartTimer
from acd.contact_states import ContactState
from acd.events import (
    AgentForced,
    AgentGotReady,
    AgentHungUp,
    OfferRang,
    WrapUpEnded,
    WrapUpExtended,
)
from acd.model import AgentId
from tests.unit.acd.floor import Floor, roster

pytestmark = pytest.mark.unit

ONE = AgentId("8001")


@pytest.fixture
def floor() -> Floor:
    made = Floor(roster({"8001": ("general",), "8002": ("general",)}))
    made.ready("8001")
    return made


def force(floor: Floor, presence: PresenceTrigger, reason: str = "") -> list[Command]:
    return floor.tell(AgentForced(agent=ONE, presence=presence, reason=reason, by="9001"))


def test_who_is_forced_off_is_off_at_once_and_it_is_known_by_whom(floor: Floor) -> None:
    force(floor, PresenceTrigger.GO_NOT_READY, "talk with me")
    desk = floor.desk("8001")
    assert (desk.presence, desk.reason, desk.forced_by) == (Presence.AUX, "talk with me", "9001")
    floor.tell(AgentGotReady(agent=ONE))
    assert (floor.desk("8001").reason, floor.desk("8001").forced_by) == ("", "")


def test_an_open_offer_is_withdrawn_and_the_caller_goes_to_somebody_else(floor: Floor) -> None:
    floor.ready("8002")
    floor.calls("c1")
    reservation = floor.reservation()
    floor.tell(OfferRang(reservation=reservation))
    said = force(floor, PresenceTrigger.LOG_OUT)
    assert HangUpAgent(reservation=reservation) in said
    assert floor.desk("8001").presence is Presence.LOGGED_OUT
    assert floor.rings() == ("8002", "c1")
    assert not floor.visit("c1").excluded


def test_being_forced_to_be_ready_does_not_disturb_an_offer(floor: Floor) -> None:
    floor.calls("c1")
    force(floor, PresenceTrigger.GET_READY)
    assert not floor.all(HangUpAgent)
    assert floor.visit("c1").state is ContactState.OFFERED


def test_a_conversation_is_let_finish_first(floor: Floor) -> None:
    reservation = floor.talk("c1")
    force(floor, PresenceTrigger.GO_NOT_READY, "talk with me")
    assert floor.visit("c1").state is ContactState.CONNECTED
    floor.tell(AgentHungUp(reservation=reservation))
    desk = floor.desk("8001")
    assert (desk.presence, desk.work, desk.forced_by) == (Presence.AUX, Work.ACW, "9001")


@pytest.mark.parametrize(
    "presence",
    [PresenceTrigger.GET_READY, PresenceTrigger.GO_NOT_READY, PresenceTrigger.LOG_OUT],
)
def test_wrap_up_ends_at_once(floor: Floor, presence: PresenceTrigger) -> None:
    floor.tell(AgentHungUp(reservation=floor.talk("c1")))
    force(floor, presence)
    assert floor.desk("8001").work is Work.IDLE
    assert not floor.router.timers()


def test_who_did_not_respond_is_made_to(floor: Floor) -> None:
    for contact in ("c1", "c2", "c3"):
        floor.calls(contact)
        floor.tell(OfferRang(reservation=floor.reservation()))
        floor.wait(25)
        floor.leaves(contact)
    assert floor.desk("8001").work is Work.NOT_RESPONDING
    force(floor, PresenceTrigger.GET_READY)
    floor.calls("c4")
    assert floor.rings() == ("8001", "c4")


def test_who_is_not_logged_in_cannot_be_forced_to_be_ready() -> None:
    floor = Floor(roster({"8001": ("general",)}))
    said = force(floor, PresenceTrigger.GET_READY)
    assert any(isinstance(command, CountLate) for command in said)
    assert floor.desk("8001").presence is Presence.LOGGED_OUT


def test_wrap_up_is_extended_by_what_is_asked_for_each_time(floor: Floor) -> None:
    floor.tell(AgentHungUp(reservation=floor.talk("c1")))
    for extra_s in (10, 5):
        floor.tell(WrapUpExtended(agent=ONE, extra_s=extra_s))
    floor.calls("c2")
    floor.wait(34.9)
    assert len(floor.all(RingAgent)) == 1
    floor.wait(0.1)
    assert floor.rings() == ("8001", "c2")


def test_extended_wrap_up_can_be_ended_early_and_then_no_more_extended(floor: Floor) -> None:
    floor.tell(AgentHungUp(reservation=floor.talk("c1")))
    floor.tell(WrapUpExtended(agent=ONE, extra_s=100))
    floor.tell(WrapUpEnded(agent=ONE))
    said = floor.tell(WrapUpExtended(agent=ONE, extra_s=100))
    assert [type(command) for command in said] == [CountLate]
    assert not any(isinstance(command, StartTimer) for command in said)
    assert floor.desk("8001").offerable
