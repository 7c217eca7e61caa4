import pytest

from acd.events import (
    AgentGotNotReady,
    AgentHungUp,
    AgentLoggedIn,
    CallbackRequested,
    OfferRefused,
    PhoneSeized,
    PhoneVanished,
)
from acd.explanations import AgentVerdict, Explanation, NextChange, WhyNot
from acd.model import (
    AgentId,
    CallbackRules,
    ContactId,
    OfferOutcome,
    Queue,
    QueueName,
    Step,
    TimerKind,
    personal_queue,
)
from acd.requirements import parse_requirement
from acd.router import Router
from tests.unit.acd.floor import GENERAL, Floor
from tests.unit.acd.waiters import asks, skilled

pytestmark = pytest.mark.unit

STEPS = (
    Step(after_s=0, needs=parse_requirement("trading >= 3")),
    Step(after_s=60, needs=parse_requirement("trading")),
)
QUEUE = Queue(name=GENERAL, steps=STEPS, callback=CallbackRules())


class Expects:
    def expected_wait_s(self, queue: QueueName, ahead: int) -> float | None:
        return 90.0 * (ahead + 1) if queue == GENERAL else None


def explain(floor: Floor, contact: str) -> Explanation:
    explanation = floor.router.explain(ContactId(contact))
    assert explanation is not None
    return explanation


def reasons(floor: Floor, contact: str) -> dict[str, WhyNot | None]:
    return {verdict.agent: verdict.reason for verdict in explain(floor, contact).agents}


def test_each_agent_of_the_queue_is_judged_by_the_first_reason() -> None:
    floor = Floor(
        skilled(
            QUEUE,
            a1="trading=3",
            a2="trading=3",
            a3="trading=3",
            a4="trading=3",
            a5="trading=3",
            a6="trading=2",
            a7="trading=3",
            a8="trading=3",
        )
    )
    for agent in ("2", "3", "4", "5", "6", "7", "8"):
        floor.tell(AgentLoggedIn(agent=AgentId(agent)))
    floor.tell(AgentGotNotReady(agent=AgentId("2"), reason="meal"))
    floor.ready("3")
    floor.talk("busy")
    floor.ready("4")
    talk = floor.talk("wraps")
    floor.tell(AgentHungUp(reservation=talk))
    floor.ready("5")
    asks(floor, "c1")
    floor.tell(OfferRefused(reservation=floor.reservation(), outcome=OfferOutcome.REJECTED))
    floor.ready("6")
    for agent, report in (("7", PhoneVanished), ("8", PhoneSeized)):
        floor.tell(report(agent=AgentId(agent)))
        floor.ready(agent)
    assert reasons(floor, "c1") == {
        "1": WhyNot.LOGGED_OUT,
        "2": WhyNot.AUX,
        "3": WhyNot.BUSY,
        "4": WhyNot.WRAPPING_UP,
        "5": WhyNot.COOLING_OFF,
        "6": WhyNot.UNSKILLED,
        "7": WhyNot.UNREACHABLE,
        "8": WhyNot.BUSY,
    }
    floor.wait(5)
    assert reasons(floor, "c1")["5"] is WhyNot.EXCLUDED
    verdict = explain(floor, "c1").agents[5]
    assert verdict == AgentVerdict(
        agent=AgentId("6"), reason=WhyNot.UNSKILLED, missing="trading >= 3"
    )


def test_where_a_contact_stands_and_what_comes_next_is_told() -> None:
    floor = Floor(skilled(QUEUE, a1="trading=1"))
    floor.router = Router(estimator=Expects())
    for event, at in list(floor.past):
        floor.router.handle(event, at)
    floor.ready("1")
    asks(floor, "c1")
    asks(floor, "c2", needs="en")
    explanation = explain(floor, "c2")
    assert explanation.position == 2
    assert explanation.expected_wait_s == 180.0
    assert (explanation.step, explanation.steps) == (0, 2)
    assert explanation.requirement == "trading >= 3 and en"
    assert explanation.agents[0].missing == "trading >= 3 and en"
    assert explanation.next_change == NextChange(kind=TimerKind.STEP, at=floor.now + 60)
    floor.wait(60)
    later = explain(floor, "c2")
    assert later.requirement == "(trading >= 3 or trading) and en"
    assert later.next_change is None
    assert later.agents[0].reason is WhyNot.BUSY, "it rings for c1"


def test_a_preference_and_a_personal_line_are_told() -> None:
    floor = Floor(skilled(Queue(name=GENERAL), a1="", a2="branch.wuxi"))
    floor.ready("2")
    floor.talk("busy")
    floor.ready("1")
    asks(floor, "c1", prefers_needs="branch.wuxi", prefers_for_s=20)
    assert explain(floor, "c1").preference == "branch.wuxi"
    assert reasons(floor, "c1") == {"1": WhyNot.NOT_PREFERRED, "2": WhyNot.BUSY}
    asks(floor, "c2", personal_queue(AgentId("2")))
    assert reasons(floor, "c2") == {"2": WhyNot.BUSY}


def test_a_callback_between_attempts_is_told_and_an_unknown_contact_is_not() -> None:
    floor = Floor(skilled(QUEUE, a1="trading=3"))
    floor.tell(AgentLoggedIn(agent=AgentId("1")))
    asks(floor, "c1")
    floor.tell(CallbackRequested(contact=ContactId("c1"), callback=ContactId("cb"), number="555"))
    explanation = explain(floor, "cb")
    assert (explanation.callback, explanation.attempts, explanation.parked) == (True, 0, False)
    assert floor.router.explain(ContactId("c1")) is None


def test_no_wait_is_expected_where_nobody_is_logged_in() -> None:
    floor = Floor(skilled(Queue(name=GENERAL, waits_unstaffed=True), a1=""))
    floor.router = Router(estimator=Expects())
    for event, at in list(floor.past):
        floor.router.handle(event, at)
    asks(floor, "c1")
    assert explain(floor, "c1").expected_wait_s is None
    floor.tell(AgentLoggedIn(agent=AgentId("1")))
    assert explain(floor, "c1").expected_wait_s == 90.0


def test_explaining_changes_nothing() -> None:
    floor = Floor(skilled(QUEUE, a1="trading=1"))
    floor.ready("1")
    asks(floor, "c1")
    before = floor.router.snapshot()
    explain(floor, "c1")
    assert floor.router.snapshot() == before
    floor.wait(60)
    assert floor.rings() == ("1", "c1")
