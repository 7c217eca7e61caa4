"""A queue's figures against days that can be reckoned by hand."""

import pytest

from acd.events import (
    AgentGotReady,
    AgentHungUp,
    ContactHeld,
    ContactMoved,
    ContactQueued,
    ContactRetrieved,
    EngineRestarted,
    OfferAnswered,
    OfferRefused,
)
from acd.kpis.queue_report import switched_service_level
from acd.kpis.rules import KpiRules, QueueTargets
from acd.model import AgentId, ContactId, LeaveCause, OfferOutcome, OfferRules, Queue
from tests.unit.acd.floor import GENERAL, TRADING, roster
from tests.unit.acd.kpis.counted import DAY_S, CountedFloor

pytestmark = pytest.mark.unit

UNHURRIED = OfferRules(reach_timeout_s=1000.0)
QUEUES = (
    Queue(name=GENERAL, wrap_up_s=20.0, offer=UNHURRIED),
    Queue(name=TRADING, waits_unstaffed=True),
)


def floor(*agents: str) -> CountedFloor:
    floor = CountedFloor(roster({agent: (GENERAL, TRADING) for agent in agents}, QUEUES))
    floor.ready(*agents)
    return floor


def served(floor: CountedFloor, contact: str, *, after_s: float, talk_s: float) -> None:
    """Let a caller be answered ``after_s`` after the call, and the agent be free again."""
    floor.calls(contact)
    floor.wait(after_s)
    reservation = floor.talk()
    floor.wait(talk_s)
    floor.tell(AgentHungUp(reservation=reservation))
    floor.wait(20)


def test_a_morning_of_five_callers_reckoned_by_hand() -> None:
    """Answered after 4 s and 14 s; given up after 3 s, 12 s and 30 s, one of them short."""
    day = floor("8001")
    served(day, "first", after_s=4, talk_s=60)
    served(day, "second", after_s=14, talk_s=40)
    for contact, patience_s in (("third", 3), ("fourth", 12), ("fifth", 30)):
        day.calls(contact)
        day.wait(patience_s)
        day.leaves(contact)
    report = day.of_queue()
    visits, service = report.visits, report.service
    assert (visits.entered, visits.answered, visits.abandoned) == (5, 2, 3)
    assert (visits.short_abandoned, visits.still_waiting) == (1, 0)
    assert service.service_level == pytest.approx(2 / 4)
    assert service.of_answered == 1.0
    assert service.with_abandons == pytest.approx((2 + 2) / 5)
    assert service.gone_in_time == pytest.approx(4 / 5)
    assert service.of_all == pytest.approx(2 / 5)
    assert visits.abandon_rate == pytest.approx(2 / 4)
    assert visits.abandon_rate_raw == pytest.approx(3 / 5)
    assert visits.answer_rate == pytest.approx(2 / 5)
    assert report.waits.mean_answer_wait_s == pytest.approx(9.0)
    assert report.waits.mean_abandon_wait_s == pytest.approx(15.0)
    assert report.waits.longest_wait_s == 30.0
    assert report.handling.mean_talk_s == pytest.approx(50.0)
    assert report.handling.mean_wrap_up_s == pytest.approx(20.0)
    assert report.handling.mean_handling_s == pytest.approx(70.0)
    assert report.waits.answer_wait.p50_s == pytest.approx(4.0, rel=0.06)
    assert report.waits.answer_wait.p95_s == pytest.approx(14.0, rel=0.06)


@pytest.mark.parametrize(
    ("switches", "whole"),
    [
        ({"with_abandoned": False}, 2),
        ({"with_abandoned": True}, 3),
        ({"with_abandoned": True, "with_short_abandoned": True}, 4),
        ({"with_abandoned": True, "with_flowed_out": True}, 4),
    ],
)
def test_switches_choose_whom_the_answered_are_compared_with(
    switches: dict[str, bool], whole: int
) -> None:
    day = floor("8001")
    served(day, "first", after_s=2, talk_s=10)
    served(day, "late", after_s=50, talk_s=10)
    day.calls("hangs up soon")
    day.wait(1)
    day.leaves("hangs up soon")
    day.calls("hangs up late")
    day.wait(7)
    day.leaves("hangs up late")
    day.calls("presses a key")
    day.leaves("presses a key", LeaveCause.KEY)
    assert switched_service_level(day.of_queue(), **switches) == pytest.approx(1 / whole)


def test_service_level_counts_by_the_threshold_of_the_queue() -> None:
    strict = KpiRules(by_queue={GENERAL: QueueTargets(threshold_s=3.0, short_s=0.0)})
    day = CountedFloor(roster({"8001": (GENERAL,)}, QUEUES), strict)
    day.ready("8001")
    served(day, "first", after_s=3, talk_s=1)
    served(day, "second", after_s=4, talk_s=1)
    assert day.of_queue().service.service_level == pytest.approx(0.5)
    assert day.of_queue().service.threshold_s == 3.0


def test_hold_is_neither_talk_nor_lost() -> None:
    day = floor("8001")
    reservation = day.talk("first")
    day.wait(10)
    day.tell(ContactHeld(reservation=reservation))
    day.wait(5)
    day.tell(ContactRetrieved(reservation=reservation))
    day.wait(1)
    day.tell(AgentHungUp(reservation=reservation))
    handling = day.of_queue().handling
    assert (handling.mean_talk_s, handling.mean_hold_s) == (pytest.approx(11), pytest.approx(5))


def test_mean_queue_length_is_weighted_by_time() -> None:
    day = CountedFloor(roster({"8001": (GENERAL,)}, QUEUES))
    day.calls("first", TRADING)
    day.wait(30)
    day.calls("second", TRADING)
    day.wait(10)
    day.leaves("first")
    day.leaves("second")
    day.wait(60)
    report = day.of_queue(TRADING)
    assert report.waits.mean_queue_length == pytest.approx((30 + 10 * 2) / 100)
    assert report.waits.longest_queue == 2


def test_who_finds_an_agent_at_once_was_not_queued() -> None:
    day = floor("8001")
    day.calls("first")
    day.calls("second")
    day.calls("third")
    day.leaves("third")
    assert day.of_queue().visits.queued == 1, "the second waits on, and may yet be queued or not"
    day.leaves("second")
    report = day.of_queue()
    assert report.visits.queued == 2
    assert report.visits.queue_rate == pytest.approx(2 / 3)


def test_a_caller_who_is_sent_on_is_in_both_queues_and_waits_on_from_the_beginning() -> None:
    day = floor("8001")
    day.calls("first")
    day.wait(10)
    day.tell(ContactMoved(contact=ContactId("first"), by="lee", queue=TRADING))
    day.tell(OfferRefused(reservation=day.reservation(), outcome=OfferOutcome.REJECTED))
    day.tell(ContactMoved(contact=ContactId("first"), by="lee", queue=GENERAL))
    day.wait(1)
    day.leaves("first")
    general, trading = day.of_queue().visits, day.of_queue(TRADING).visits
    assert (general.entered, general.moved_in, general.moved_out) == (2, 1, 1)
    assert (trading.entered, trading.moved_in, trading.flowed_out) == (1, 1, 1)
    assert (general.queued, trading.queued) == (1, 0), "only back in the first did nobody ring"
    assert (general.abandoned, general.still_waiting, trading.still_waiting) == (1, 0, 0)
    assert day.of_queue().waits.mean_abandon_wait_s == pytest.approx(11)


def test_the_turned_away_are_not_offered_and_are_told_apart() -> None:
    day = CountedFloor(roster({"8001": (GENERAL,)}, QUEUES))
    day.calls("nobody there")
    report = day.of_queue()
    assert (report.visits.entered, report.visits.refused) == (0, 1)
    assert report.service.service_level is None


def test_an_offer_that_is_missed_is_the_queues_and_the_agents() -> None:
    day = floor("8001", "8002")
    day.calls("first")
    day.tell(OfferRefused(reservation=day.reservation(), outcome=OfferOutcome.TIMEOUT))
    day.tell(OfferRefused(reservation=day.reservation(), outcome=OfferOutcome.REJECTED))
    day.wait(10)
    day.talk("second")
    offers = day.of_queue().offers
    assert (offers.missed, offers.rejected, offers.accepted) == (1, 1, 1)
    assert offers.answer_rate == pytest.approx(1 / 3)
    assert offers.missed_rate == pytest.approx(1 / 3)
    assert day.of_agent("8001").offers.missed == 1


def test_first_offers_come_without_delay() -> None:
    day = floor("8001")
    served(day, "first", after_s=1, talk_s=5)
    busy = day.talk("second")
    day.calls("third")
    day.wait(25)
    day.tell(AgentHungUp(reservation=busy))
    day.wait(20)
    day.talk()
    report = day.of_queue()
    assert report.visits.answered == 3
    assert report.waits.mean_first_offer_delay_s == 0.0
    assert report.waits.first_offer_delay.p95_s == 0.0


def test_what_was_announced_is_compared_with_what_came() -> None:
    day = floor("8001")
    for contact, expected_s, waited_s in (("a", 30, 20), ("b", 30, 40)):
        day.calls(contact)
        day.kpis.announced(ContactId(contact), expected_s, day.now)
        day.wait(waited_s / 2)
        day.kpis.announced(ContactId(contact), 1, day.now)
        day.wait(waited_s / 2)
        day.tell(AgentHungUp(reservation=day.talk()))
        day.tell(AgentGotReady(agent=AgentId("8001")))
    for contact, patience_s in (("c", 10), ("d", 50)):
        day.calls(contact)
        day.kpis.announced(ContactId(contact), 30, day.now)
        day.wait(patience_s)
        day.leaves(contact)
    announcements = day.of_queue().announcements
    assert announcements.announced == 2
    assert announcements.bias_s == pytest.approx(0.0)
    assert announcements.mean_error_s == pytest.approx(10.0)
    assert announcements.kept_share == pytest.approx(0.5)
    assert announcements.outwaited == 1


def test_a_conversation_lost_with_the_engine_is_counted_back() -> None:
    day = floor("8001")
    day.talk("first")
    assert day.of_queue().visits.answered == 1
    day.tell(EngineRestarted())
    day.tell(ContactQueued(contact=ContactId("first"), queue=GENERAL, enqueued_at=day.now))
    report = day.of_queue()
    assert (report.visits.entered, report.visits.answered) == (1, 0)
    assert report.visits.still_waiting == 1
    assert report.service.answered_in_time == 0
    day.leaves("first")
    assert day.of_queue().visits.abandoned == 1


def test_who_is_back_within_the_window_was_not_helped_the_first_time() -> None:
    day = CountedFloor(roster({"8001": (GENERAL,)}, QUEUES), KpiRules(resolution_window_s=3600.0))
    day.ready("8001")

    def call(contact: str, number: str) -> None:
        day.tell(
            ContactQueued(
                contact=ContactId(contact), queue=GENERAL, enqueued_at=day.now, number=number
            )
        )
        day.tell(AgentHungUp(reservation=day.talk()))
        day.tell(AgentGotReady(agent=AgentId("8001")))

    call("anna", "13800000001")
    call("bert", "13800000002")
    call("unknown", "")
    day.wait(3000)
    call("anna again", "13800000001")
    day.wait(3700)
    call("bert again", "13800000002")
    report = day.of_queue()
    assert report.resolution_known == 4
    assert report.first_call_resolution == pytest.approx(3 / 4)


def test_settled_intervals_are_handed_over_once_nobody_is_left_in_them() -> None:
    day = floor("8001")
    day.calls("first")
    reservation = day.talk()
    day.wait(1000)
    day.kpis.watch((), day.now)
    assert not day.kpis.close(1800).queues, "the caller who entered then still talks"
    day.tell(AgentHungUp(reservation=reservation))
    day.wait(10)
    day.kpis.watch((), day.now)
    assert not day.kpis.close(1800).queues, "the agent still works on it"
    day.wait(10)
    day.kpis.watch((), day.now)
    kept = day.kpis.close(1800)
    assert [(tally.begin_s, tally.handled) for tally in kept.queues] == [(900, 1)]
    assert day.kpis.queue_report(GENERAL, 0, DAY_S).visits.entered == 0
    assert day.kpis.queue_report(GENERAL, 0, DAY_S, kept).visits.entered == 1
    assert not day.kpis.close(1800).queues


def test_answers_are_counted_even_when_the_telephone_never_said_that_it_rang() -> None:
    day = floor("8001")
    day.calls("first")
    day.tell(OfferAnswered(reservation=day.reservation()))
    assert day.of_agent("8001").offers.accepted == 1
