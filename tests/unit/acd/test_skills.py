"""Who may be offered a caller: members who meet the step, the caller and the preference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.commands import RingAgent
from acd.events import AgentGotNotReady, AgentHungUp, OfferRefused
from acd.model import AgentId, OfferOutcome, Queue, Step, owner_of, personal_queue
from acd.requirements import ANYBODY, AnyOf, SkillName, parse_requirement
from tests.unit.acd.floor import GENERAL, TRADING, Floor, roster

pytestmark = pytest.mark.unit

BOTH = ("general", "trading")
WAITS = Queue(name=GENERAL, waits_unstaffed=True)


def floor(*queues: Queue, **skills: dict[str, int]) -> Floor:
    """A floor of agents with these skills who all serve all queues, logged in in this order."""
    numbers = [name.removeprefix("a") for name in skills]
    known = dict(zip(numbers, skills.values(), strict=True))
    made = Floor(roster(dict.fromkeys(numbers, BOTH), queues or (WAITS,), known))
    made.ready(*numbers)
    return made


def step(after_s: float, needs: str) -> Step:
    return Step(after_s=after_s, needs=parse_requirement(needs))


@pytest.mark.parametrize(
    ("needs", "agent"),
    [
        ("", "8001"),
        ("en", "8002"),
        ("stocks >= 3", "8003"),
        ("en >= 2 or stocks >= 4", "8003"),
        ("not en and not stocks >= 2", "8001"),
        ("en and stocks", "8002"),
    ],
)
def test_a_caller_goes_to_who_is_idle_for_longest_of_those_who_will_do(
    needs: str, agent: str
) -> None:
    three = floor(a8001={"stocks": 1}, a8002={"en": 1, "stocks": 1}, a8003={"en": 3, "stocks": 4})
    three.calls("c1", needs=parse_requirement(needs))
    assert three.rings() == (agent, "c1")


def test_a_caller_whom_nobody_free_can_serve_waits_and_holds_up_nobody() -> None:
    two = floor(a8001={}, a8002={})
    two.calls("c1", needs=parse_requirement("en"))
    two.calls("c2")
    assert two.rings() == ("8001", "c2"), "who asks for less is not kept waiting behind"
    assert two.position("c1") == 1


def test_a_freed_agent_takes_the_foremost_of_those_whom_the_agent_can_serve() -> None:
    one = floor(a8001={"en": 1})
    reservation = one.talk("busy")
    for contact, needs in (("c1", "en >= 2"), ("c2", "en"), ("c3", "")):
        one.calls(contact, needs=parse_requirement(needs))
    one.tell(AgentHungUp(reservation=reservation))
    one.wait(20)
    assert one.rings() == ("8001", "c2")


def test_the_first_step_holds_from_the_start_and_asks_for_its_skill() -> None:
    two = floor(
        Queue(name=GENERAL, steps=(step(0, "stocks >= 3"), step(60, "stocks"))),
        a8001={"stocks": 1},
        a8002={"stocks": 3},
    )
    two.calls("c1")
    assert two.rings() == ("8002", "c1")
    two.calls("c2")
    assert len(two.all(RingAgent)) == 1, "8001 will do only from the second step on"


@given(
    st.lists(st.sampled_from(("a", "b >= 2", "a and b", "not c", "anybody")), max_size=4),
    st.dictionaries(st.sampled_from(("a", "b", "c")).map(SkillName), st.integers(0, 3)),
)
def test_a_later_step_never_shuts_out_who_would_do_before(
    texts: list[str], has: dict[SkillName, int]
) -> None:
    queue = Queue(name=GENERAL, steps=tuple(step(n, text) for n, text in enumerate(texts)))
    does = [queue.needs_at(n).met_by(has) for n in range(len(texts) + 2)]
    assert does == sorted(does)
    assert does[0] == (not texts or parse_requirement(texts[0]).met_by(has))


def test_a_step_may_take_the_place_of_those_before_it() -> None:
    steps = (step(0, "a"), step(10, "b"))
    adds = Queue(name=GENERAL, steps=steps)
    replaces = Queue(name=GENERAL, steps=steps, steps_replace=True)
    assert adds.needs_at(1) == AnyOf((steps[0].needs, steps[1].needs))
    assert replaces.needs_at(1) == steps[1].needs
    assert replaces.needs_at(7) == steps[1].needs, "the last step holds on"
    assert Queue(name=GENERAL).needs_at(3) == ANYBODY


def test_for_a_time_only_preferred_agents_are_offered_a_caller() -> None:
    three = floor(a8001={}, a8002={"wu": 1}, a8003={})
    three.talk("busy")
    three.talk("busy too")
    three.calls("c1", prefers=(AgentId("8002"),), prefers_for_s=10)
    assert len(three.all(RingAgent)) == 2, "8003 is free, but 8002 is preferred"
    three.wait(9.9)
    assert len(three.all(RingAgent)) == 2
    three.wait(0.1)
    assert three.rings() == ("8003", "c1")


def test_a_preference_for_a_skill_and_one_for_agents_add_up() -> None:
    three = floor(a8001={}, a8002={"wu": 1}, a8003={})
    three.calls(
        "c1", prefers=(AgentId("8003"),), prefers_needs=parse_requirement("wu"), prefers_for_s=10
    )
    assert three.rings() == ("8002", "c1"), "idle for longer than 8003"
    three.calls(
        "c2", prefers=(AgentId("8003"),), prefers_needs=parse_requirement("wu"), prefers_for_s=10
    )
    assert three.rings() == ("8003", "c2")
    three.calls(
        "c3", prefers=(AgentId("8003"),), prefers_needs=parse_requirement("wu"), prefers_for_s=10
    )
    assert three.rings() == ("8003", "c2"), "8001 is no preferred agent"


def test_a_preferred_agent_must_still_do_otherwise() -> None:
    two = floor(a8001={}, a8002={"en": 1})
    two.calls("c1", needs=parse_requirement("en"), prefers=(AgentId("8001"),), prefers_for_s=10)
    assert not two.all(RingAgent)
    two.wait(10)
    assert two.rings() == ("8002", "c1")


def test_a_preferred_agent_who_gets_free_takes_the_caller_who_waits_for_the_agent() -> None:
    two = floor(a8001={}, a8002={})
    reservation = two.talk("busy")
    two.calls("c1", prefers=(AgentId("8001"),), prefers_for_s=60)
    two.tell(AgentHungUp(reservation=reservation))
    two.wait(20)
    assert two.rings() == ("8001", "c1")


def test_who_is_asked_for_by_number_must_have_what_the_caller_needs() -> None:
    two = floor(a8001={}, a8002={"en": 1})
    for contact, agent in (("c1", "8001"), ("c2", "8002")):
        line = personal_queue(AgentId(agent))
        two.calls(contact, line, needs=parse_requirement("en"))
    assert [(ring.agent, ring.contact) for ring in two.all(RingAgent)] == [("8002", "c2")]


def test_the_line_of_one_agent_knows_whose_it_is() -> None:
    assert owner_of(personal_queue(AgentId("8001"))) == "8001"
    assert owner_of(GENERAL) is None


def test_an_agent_who_learns_something_is_offered_who_waited_for_it() -> None:
    one = floor(a8001={})
    one.calls("c1", needs=parse_requirement("en"))
    assert not one.all(RingAgent)
    one.tell(roster({"8001": BOTH}, (WAITS,), {"8001": {"en": 1}}))
    assert one.rings() == ("8001", "c1")


def test_a_queue_that_asks_for_less_is_matched_at_once() -> None:
    strict = Queue(name=GENERAL, steps=(step(0, "stocks"),))
    one = floor(strict, a8001={})
    one.calls("c1")
    assert not one.all(RingAgent)
    one.tell(roster({"8001": BOTH}, (Queue(name=GENERAL),), {"8001": {}}))
    assert one.rings() == ("8001", "c1")


def test_who_refused_is_passed_over_also_where_skills_decide() -> None:
    queue = Queue(name=GENERAL, steps=(step(0, "en"),))
    two = floor(queue, a8001={"en": 1}, a8002={"en": 1})
    two.calls("c1")
    two.tell(OfferRefused(reservation=two.reservation(), outcome=OfferOutcome.REJECTED))
    assert two.rings() == ("8002", "c1")
    two.tell(AgentGotNotReady(agent=AgentId("8002"), reason="meal"))
    two.tell(OfferRefused(reservation=two.reservation(), outcome=OfferOutcome.REJECTED))
    two.wait(25)
    assert len(two.all(RingAgent)) == 2
    two.wait(5)
    assert two.rings() == ("8001", "c1")


def test_callers_with_different_needs_are_served_across_queues_in_the_order_of_their_waits() -> (
    None
):
    queues = (
        Queue(name=GENERAL, waits_unstaffed=True),
        Queue(name=TRADING, waits_unstaffed=True, steps=(step(0, "stocks"),)),
    )
    one = floor(*queues, a8001={"stocks": 1, "en": 1})
    one.talk("busy")
    one.calls("t1", TRADING)
    one.now += 1
    one.calls("g1", needs=parse_requirement("en"))
    one.now += 1
    one.calls("t2", TRADING, needs=parse_requirement("en"))
    served = []
    one.leaves("busy")
    one.wait(20)
    for _ in range(3):
        served.append(one.rings()[1])
        one.leaves(served[-1])
    assert served == ["t1", "g1", "t2"]
