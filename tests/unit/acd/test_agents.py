import pytest

from acd.agent_states import Device, Presence, Work
from acd.commands import CountLate, RingAgent
from acd.events import (
    AgentGotNotReady,
    AgentGotReady,
    AgentHungUp,
    AgentLoggedIn,
    AgentLoggedOut,
    ContactHeld,
    ContactRetrieved,
    OfferRefused,
    OutsideCallBegan,
    OutsideCallEnded,
    PhoneFreed,
    PhoneSeized,
    PhoneVanished,
    TimerExpired,
    WrapUpEnded,
)
from acd.model import AgentId, OfferOutcome
from tests.unit.acd.floor import Floor, roster

pytestmark = pytest.mark.unit

ONE = AgentId("8001")


@pytest.fixture
def floor() -> Floor:
    return Floor(roster({"8001": ("general",), "8002": ("general",)}))


def test_who_logs_in_is_not_ready_until_saying_so(floor: Floor) -> None:
    floor.tell(AgentLoggedIn(agent=ONE))
    floor.calls("c1")
    assert floor.desk("8001").presence is Presence.AUX
    assert not floor.all(RingAgent)
    floor.tell(AgentGotReady(agent=ONE))
    assert floor.rings() == ("8001", "c1")


def test_who_is_not_logged_in_cannot_get_ready(floor: Floor) -> None:
    said = floor.tell(AgentGotReady(agent=ONE))
    assert isinstance(said[-1], CountLate)
    assert floor.desk("8001").presence is Presence.LOGGED_OUT


def test_wrap_up_keeps_callers_away_until_its_time_is_over(floor: Floor) -> None:
    floor.ready("8001")
    reservation = floor.talk("c1")
    floor.tell(AgentHungUp(reservation=reservation))
    floor.calls("c2")
    floor.wait(19.9)
    assert len(floor.all(RingAgent)) == 1
    floor.wait(0.1)
    assert floor.rings() == ("8001", "c2")


def test_wrap_up_ends_early_once_and_its_timer_is_then_late(floor: Floor) -> None:
    floor.ready("8001")
    floor.tell(AgentHungUp(reservation=floor.talk("c1")))
    floor.wait(5)
    floor.tell(WrapUpEnded(agent=ONE))
    assert not floor.router.timers()
    floor.calls("c2")
    assert floor.rings() == ("8001", "c2")
    assert isinstance(floor.tell(WrapUpEnded(agent=ONE))[-1], CountLate)


def test_getting_ready_in_wrap_up_ends_it(floor: Floor) -> None:
    floor.ready("8001")
    floor.tell(AgentHungUp(reservation=floor.talk("c1")))
    floor.tell(AgentGotReady(agent=ONE))
    assert floor.desk("8001").work is Work.IDLE


def test_the_newest_wish_during_a_conversation_is_the_one_that_holds_after_it(floor: Floor) -> None:
    floor.ready("8001")
    reservation = floor.talk("c1")
    floor.tell(AgentGotNotReady(agent=ONE, reason="meal"))
    floor.tell(AgentLoggedOut(agent=ONE))
    floor.tell(AgentGotNotReady(agent=ONE, reason="training"))
    assert floor.desk("8001").presence is Presence.AVAILABLE
    floor.tell(AgentHungUp(reservation=reservation))
    desk = floor.desk("8001")
    assert (desk.presence, desk.reason, desk.work) == (Presence.AUX, "training", Work.ACW)
    floor.wait(60)
    assert floor.desk("8001").work is Work.IDLE
    assert floor.desk("8001").presence is Presence.AUX


def test_a_wish_to_stay_takes_back_the_wish_to_go(floor: Floor) -> None:
    floor.ready("8001")
    floor.talk("c1")
    floor.tell(AgentLoggedOut(agent=ONE))
    floor.tell(AgentLoggedIn(agent=ONE))
    assert floor.desk("8001").pending is None
    floor.tell(AgentGotNotReady(agent=ONE, reason="meal"))
    floor.tell(AgentGotReady(agent=ONE))
    assert floor.desk("8001").pending is None


def test_who_logs_out_during_a_conversation_is_gone_after_it_without_wrap_up(floor: Floor) -> None:
    floor.ready("8001")
    reservation = floor.talk("c1")
    floor.tell(AgentLoggedOut(agent=ONE))
    assert floor.router.staff(floor.visit("c1").queue) == 1
    floor.tell(AgentHungUp(reservation=reservation))
    assert (floor.desk("8001").presence, floor.desk("8001").work) == (
        Presence.LOGGED_OUT,
        Work.IDLE,
    )


def test_pressing_ready_again_does_not_cost_the_place_among_the_idle(floor: Floor) -> None:
    floor.ready("8001", "8002")
    floor.tell(AgentGotReady(agent=ONE))
    floor.calls("c1")
    assert floor.rings() == ("8001", "c1")


def test_a_telephone_in_another_call_is_not_rung(floor: Floor) -> None:
    floor.ready("8001")
    floor.tell(PhoneSeized(agent=ONE))
    floor.calls("c1")
    assert not floor.all(RingAgent)
    floor.tell(PhoneFreed(agent=ONE))
    assert floor.rings() == ("8001", "c1")


def test_a_telephone_that_vanished_during_its_own_call_stays_out_of_reach(floor: Floor) -> None:
    floor.ready("8001")
    floor.tell(PhoneSeized(agent=ONE))
    floor.tell(PhoneVanished(agent=ONE))
    floor.tell(PhoneFreed(agent=ONE))
    assert floor.desk("8001").device is Device.UNREACHABLE


def test_an_agents_own_call_is_work_of_its_own_and_cuts_wrap_up_short(floor: Floor) -> None:
    floor.ready("8001")
    floor.tell(AgentHungUp(reservation=floor.talk("c1")))
    floor.tell(OutsideCallBegan(agent=ONE))
    floor.wait(100)
    assert floor.desk("8001").work is Work.EXTERNAL
    floor.calls("c2")
    assert len(floor.all(RingAgent)) == 1
    floor.tell(OutsideCallEnded(agent=ONE))
    assert floor.rings() == ("8001", "c2")


def test_after_call_work_may_follow_an_agents_own_call(floor: Floor) -> None:
    floor.ready("8001")
    floor.tell(OutsideCallBegan(agent=ONE))
    floor.tell(OutsideCallEnded(agent=ONE, wrap_up_s=10))
    assert floor.desk("8001").work is Work.ACW
    floor.calls("c1")
    floor.wait(9)
    assert floor.desk("8001").work is Work.ACW
    floor.wait(2)
    assert floor.rings() == ("8001", "c1")


def test_nothing_follows_the_own_call_of_an_agent_who_logged_out_in_it(floor: Floor) -> None:
    floor.ready("8001")
    floor.tell(OutsideCallBegan(agent=ONE))
    floor.tell(AgentLoggedOut(agent=ONE))
    floor.tell(OutsideCallEnded(agent=ONE, wrap_up_s=10))
    assert floor.desk("8001").work is Work.IDLE
    assert not floor.router.timers()


def test_hold_is_part_of_the_conversation(floor: Floor) -> None:
    floor.ready("8001")
    reservation = floor.talk("c1")
    floor.wait(10)
    floor.tell(ContactHeld(reservation=reservation))
    assert floor.desk("8001").work is Work.HOLD
    floor.tell(ContactRetrieved(reservation=reservation))
    assert floor.desk("8001").work is Work.TALKING
    assert floor.visit("c1").joined_at == floor.now - 10


def test_an_agent_nobody_configured_is_counted_and_changes_nothing(floor: Floor) -> None:
    said = floor.tell(AgentLoggedIn(agent=AgentId("9999")))
    assert [type(command) for command in said] == [CountLate]


def test_the_timer_of_an_earlier_wrap_up_does_not_end_a_later_one(floor: Floor) -> None:
    floor.ready("8001")
    floor.tell(AgentHungUp(reservation=floor.talk("c1")))
    (earlier,) = floor.router.timers()
    floor.tell(WrapUpEnded(agent=ONE))
    floor.tell(AgentHungUp(reservation=floor.talk("c2")))
    said = floor.tell(TimerExpired(key=earlier.key, generation=earlier.generation))
    assert [type(command) for command in said] == [CountLate]
    assert floor.desk("8001").work is Work.ACW


def test_who_missed_or_rejected_an_offer_is_the_last_of_the_idle(floor: Floor) -> None:
    floor.ready("8001", "8002")
    floor.calls("c1")
    floor.tell(OfferRefused(reservation=floor.reservation(), outcome=OfferOutcome.REJECTED))
    assert floor.rings() == ("8002", "c1")
    floor.leaves("c1")
    floor.wait(5)
    floor.calls("c2")
    assert floor.rings() == ("8002", "c2")


def test_who_was_busy_for_a_moment_keeps_the_place_among_the_idle(floor: Floor) -> None:
    floor.ready("8001", "8002")
    floor.calls("c1")
    floor.tell(OfferRefused(reservation=floor.reservation(), outcome=OfferOutcome.BUSY))
    floor.leaves("c1")
    floor.wait(5)
    floor.calls("c2")
    assert floor.rings() == ("8001", "c2")
