"""An agent's figures against shifts that can be reckoned by hand."""

import pytest

from acd.events import (
    AgentGotNotReady,
    AgentGotReady,
    AgentHungUp,
    AgentLoggedIn,
    AgentLoggedOut,
    ContactJoined,
    OfferAnswered,
    OfferRang,
    OutsideCallBegan,
    OutsideCallEnded,
    PhoneAppeared,
    PhoneVanished,
)
from acd.kpis.agent_report import agent_report
from acd.kpis.tallies import AgentTally, total
from acd.model import AgentId, Queue
from tests.unit.acd.floor import GENERAL, roster
from tests.unit.acd.kpis.counted import CountedFloor

pytestmark = pytest.mark.unit

ANNA = AgentId("8001")


def floor() -> CountedFloor:
    return CountedFloor(
        roster({"8001": (GENERAL,)}, (Queue(name=GENERAL, wrap_up_s=20.0, waits_unstaffed=True),))
    )


def test_a_shift_reckoned_by_hand() -> None:
    day = floor()
    day.tell(AgentLoggedIn(agent=ANNA))
    day.wait(100)
    day.tell(AgentGotReady(agent=ANNA))
    day.wait(200)
    day.calls("first")
    day.tell(OfferRang(reservation=day.reservation()))
    day.wait(6)
    day.tell(OfferAnswered(reservation=day.reservation()))
    day.tell(ContactJoined(reservation=day.reservation()))
    day.wait(174)
    day.tell(AgentHungUp(reservation=day.reservation()))
    day.wait(20)
    day.tell(AgentGotNotReady(agent=ANNA, reason="meal"))
    day.wait(300)
    day.tell(AgentGotNotReady(agent=ANNA, reason="training"))
    day.wait(50)
    day.tell(OutsideCallBegan(agent=ANNA))
    day.wait(50)
    day.tell(AgentLoggedOut(agent=ANNA))
    day.tell(OutsideCallEnded(agent=ANNA))
    day.wait(1000)
    report = day.of_agent(ANNA)
    time, load, calls = report.time, report.load, report.calls
    assert time.staffed_s == pytest.approx(900)
    assert (time.idle_s, time.ringing_s, time.talking_s) == (200, 6, 174)
    assert (time.wrapping_up_s, time.aux_s, time.outside_s) == (20, 450, 50)
    assert [(one.reason, one.time_s) for one in time.aux] == [
        ("", 100),
        ("meal", 300),
        ("training", 50),
    ]
    assert load.occupancy == pytest.approx(200 / 400)
    assert load.occupancy_without_ringing == pytest.approx(194 / 394)
    assert load.occupancy_of_staffed == pytest.approx(180 / 900)
    assert load.utilisation == pytest.approx(200 / 900)
    assert load.work_rate == pytest.approx(400 / 900)
    assert calls.calls_per_hour == pytest.approx(4.0)
    assert calls.mean_handling_s == pytest.approx(194)
    assert calls.mean_answer_s == pytest.approx(6)
    assert (calls.log_ins, calls.outside_calls) == (1, 1)


def test_work_rate_is_of_the_roster_where_there_is_one() -> None:
    day = floor()
    day.ready("8001")
    day.wait(449)
    day.kpis.watch((), day.now)
    tally = total(day.kpis.tallies().agents)
    assert isinstance(tally, AgentTally)
    assert agent_report(tally, rostered_s=900).load.work_rate == pytest.approx(0.5)


def test_a_wish_that_waits_for_the_end_of_the_call_gives_its_reason_then() -> None:
    day = floor()
    day.ready("8001")
    reservation = day.talk("first")
    day.tell(AgentGotNotReady(agent=ANNA, reason="meal"))
    day.wait(10)
    assert day.of_agent(ANNA).time.aux == ()
    day.tell(AgentHungUp(reservation=reservation))
    day.wait(20)
    day.wait(30)
    assert [(one.reason, one.time_s) for one in day.of_agent(ANNA).time.aux] == [("meal", 30)]


def test_another_reason_given_during_after_call_work_holds_when_that_is_over() -> None:
    day = floor()
    day.ready("8001")
    reservation = day.talk("first")
    day.tell(AgentGotNotReady(agent=ANNA, reason="training"))
    day.tell(AgentHungUp(reservation=reservation))
    day.tell(AgentGotNotReady(agent=ANNA, reason="meal"))
    day.wait(20)
    day.wait(30)
    assert [(one.reason, one.time_s) for one in day.of_agent(ANNA).time.aux] == [("meal", 30)]


def test_time_with_a_dead_telephone_is_not_idle() -> None:
    day = floor()
    day.ready("8001")
    day.tell(PhoneVanished(agent=ANNA))
    day.wait(10)
    day.tell(PhoneAppeared(agent=ANNA))
    day.wait(5)
    time = day.of_agent(ANNA).time
    assert (time.unreachable_s, time.idle_s) == (10, 6)


def test_a_clock_set_back_takes_no_time_away() -> None:
    day = floor()
    day.ready("8001")
    day.wait(100)
    assert day.of_agent(ANNA).time.staffed_s == 101
    day.now -= 50
    day.tell(AgentGotNotReady(agent=ANNA, reason="meal"))
    assert day.of_agent(ANNA).time.staffed_s == 101
    day.wait(60)
    assert day.of_agent(ANNA).time.staffed_s == 111


def test_nobody_is_reported_as_nothing() -> None:
    report = floor().of_agent("8009")
    assert report.time.staffed_s == 0.0
    assert report.load.occupancy is None
    assert report.calls.calls_per_hour is None
