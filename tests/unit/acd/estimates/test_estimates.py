"""Expected waits: the formula, what they are never, and what they learn from a floor."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from acd.agent_states import Work
from acd.estimates import EstimateRules, Estimates, EstimatesState, _time_to_move
from acd.events import (
    AgentGotNotReady,
    AgentGotReady,
    AgentHungUp,
    AgentLoggedOut,
    ContactQueued,
    OfferAnswered,
    OfferRang,
    OutsideCallBegan,
    PhoneVanished,
    WrapUpEnded,
)
from acd.model import AgentId, ContactId, OfferRules, Queue, personal_queue
from acd.pace import Rates
from acd.requirements import parse_requirement
from tests.unit.acd.estimated import EstimatedFloor
from tests.unit.acd.floor import GENERAL, TRADING, roster

pytestmark = pytest.mark.unit

UNHURRIED = OfferRules(reach_timeout_s=1000.0)
QUEUES = (
    Queue(name=GENERAL, wrap_up_s=0, waits_unstaffed=True, offer=UNHURRIED),
    Queue(name=TRADING, wrap_up_s=0, waits_unstaffed=True, offer=UNHURRIED),
)
SUPPOSED = Rates(handling_s=100.0, patience_s=200.0, answer_s=0.0)
RULES = EstimateRules(supposed=SUPPOSED)
AT_ONCE = EstimateRules(supposed=SUPPOSED, supposed_calls=1e-6)


def floor(*agents: str, rules: EstimateRules = RULES) -> EstimatedFloor:
    floor = EstimatedFloor(roster({agent: (GENERAL,) for agent in agents}, QUEUES), rules)
    floor.ready(*agents)
    return floor


rates = st.floats(1e-4, 10.0)


@given(ahead=st.integers(0, 2000), freed_per_s=rates, gone_per_s=st.floats(1e-12, 10.0))
def test_the_closed_form_is_the_sum(ahead: int, freed_per_s: float, gone_per_s: float) -> None:
    summed = sum(1 / (freed_per_s + others * gone_per_s) for others in range(ahead + 1))
    assert _time_to_move(ahead, freed_per_s, gone_per_s) == pytest.approx(summed, rel=1e-8)


def test_supposed_rates_give_the_wait_before_anything_is_known() -> None:
    office = floor("8001", "8002")
    office.calls("first")
    office.calls("second")
    office.calls("third")
    first = 1 / (2 / 100)
    assert office.wait_s(0) == pytest.approx(first)
    assert office.wait_s(1) == pytest.approx(first + 1 / (2 / 100 + 1 / 200))


def test_who_finds_a_free_agent_waits_only_for_the_answer() -> None:
    office = floor("8001", "8002", rules=EstimateRules())
    assert office.wait_s(0) == office.wait_s(1) == pytest.approx(6.0)
    third = office.wait_s(2)
    assert third is not None
    assert third > 100


def test_who_is_free_while_others_wait_is_free_for_none_of_them() -> None:
    office = floor("8001")
    japanese = parse_requirement("lang.ja")
    office.tell(
        ContactQueued(
            contact=ContactId("hanako"), queue=GENERAL, enqueued_at=office.now, needs=japanese
        )
    )
    assert office.wait_s(0) == pytest.approx(100)


@given(ahead=st.integers(0, 500), busy=st.integers(0, 3), waiting=st.integers(0, 5))
def test_waits_are_never_negative_and_never_shorter_from_further_back(
    ahead: int, busy: int, waiting: int
) -> None:
    office = floor("8001", "8002", "8003")
    for number in range(busy):
        office.talk(f"busy {number}")
    for number in range(waiting):
        office.calls(f"waiting {number}")
    nearer, further = office.wait_s(ahead), office.wait_s(ahead + 1)
    assert nearer is not None
    assert further is not None
    assert 0 <= nearer <= further


def test_nothing_is_promised_while_nobody_is_there_to_serve() -> None:
    office = floor()
    assert office.wait_s(0) is None
    office = floor("8001")
    assert office.wait_s(0) is not None
    assert office.wait_s(0, TRADING) is None
    office.tell(AgentGotNotReady(agent=AgentId("8001"), reason="meal"))
    assert office.wait_s(0) is None
    office.ready("8001")
    office.tell(PhoneVanished(agent=AgentId("8001")))
    assert office.wait_s(0) is None
    office = floor("8001")
    office.tell(AgentLoggedOut(agent=AgentId("8001")))
    assert office.wait_s(0) is None


def test_who_will_not_be_ready_after_the_work_at_hand_is_not_counted_on() -> None:
    office = floor("8001")
    office.tell(roster({"8001": (GENERAL,)}, (replace(QUEUES[0], wrap_up_s=30), QUEUES[1])))
    reservation = office.talk("first")
    office.tell(AgentGotNotReady(agent=AgentId("8001"), reason="meal"))
    office.tell(AgentHungUp(reservation=reservation))
    assert office.desk("8001").work is Work.ACW
    assert office.wait_s(0) is None
    office.tell(AgentGotReady(agent=AgentId("8001")))
    assert office.wait_s(0) is not None
    office.tell(AgentGotNotReady(agent=AgentId("8001"), reason="meal"))
    office.tell(WrapUpEnded(agent=AgentId("8001")))
    assert office.wait_s(0) is None
    office.tell(OutsideCallBegan(agent=AgentId("8001")))
    assert office.wait_s(0) is None


def test_an_agent_who_talks_will_be_free() -> None:
    office = floor("8001")
    office.talk("first")
    assert office.wait_s(0) == pytest.approx(100.0, rel=0.2)


def test_handling_and_patience_and_answers_are_learnt() -> None:
    office = floor("8001", rules=AT_ONCE)
    for number in range(30):
        office.calls(f"c{number}")
        office.tell(OfferRang(reservation=office.reservation()))
        office.wait(4)
        office.tell(OfferAnswered(reservation=office.reservation()))
        reservation = office.talk()
        office.calls(f"impatient {number}")
        office.wait(50)
        office.leaves(f"impatient {number}")
        office.tell(AgentHungUp(reservation=reservation))
    learnt = office.estimates.rates(GENERAL)
    assert learnt.handling_s == pytest.approx(54, rel=0.05)
    assert learnt.patience_s == pytest.approx(54, rel=0.05)
    assert learnt.answer_s == pytest.approx(4, rel=0.05)


def test_what_is_long_past_counts_for_nothing() -> None:
    office = floor("8001")
    for number in range(30):
        reservation = office.talk(f"c{number}")
        office.wait(10)
        office.tell(AgentHungUp(reservation=reservation))
    assert office.estimates.rates(GENERAL).handling_s < 50
    office.wait(50 * 3600)
    office.calls("next day")
    assert office.estimates.rates(GENERAL).handling_s == pytest.approx(100, rel=0.01)


def test_a_queue_without_a_past_takes_over_what_is_usual_elsewhere() -> None:
    office = floor("8001", rules=AT_ONCE)
    for number in range(30):
        reservation = office.talk(f"c{number}")
        office.wait(10)
        office.tell(AgentHungUp(reservation=reservation))
    assert office.estimates.rates(TRADING).handling_s == pytest.approx(10, rel=0.05)


def test_who_asks_for_one_agent_waits_for_that_one() -> None:
    office = floor("8001", "8002")
    office.talk("first")
    own = personal_queue(AgentId("8001"))
    assert office.wait_s(0, own) == pytest.approx(100, rel=0.2)
    assert office.wait_s(0, personal_queue(AgentId("8002"))) == 0.0
    assert office.wait_s(0, personal_queue(AgentId("8009"))) is None


def test_what_was_learnt_can_be_kept_and_taken_up() -> None:
    office = floor("8001", "8002")
    for number in range(5):
        office.talk(f"c{number}")
        office.wait(30)
        office.tell(AgentHungUp(reservation=office.reservation()))
    office.talk("talks on")
    office.calls("rings")
    office.calls("waits")
    paper = TypeAdapter(EstimatesState)
    restored = Estimates(RULES)
    written = paper.dump_json(office.estimates.snapshot())
    restored.restore(paper.validate_json(written), office.following.agents.values())
    assert restored.snapshot() == office.estimates.snapshot()
    for ahead in (0, 1, 40):
        assert restored.expected_wait_s(GENERAL, ahead) == pytest.approx(office.wait_s(ahead))
