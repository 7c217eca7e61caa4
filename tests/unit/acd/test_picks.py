"""Which of several free agents is offered a caller."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.agent_states import Work
from acd.events import AgentHungUp, AgentLoggedOut
from acd.free_agents import Profile
from acd.live_desk import LiveDesk
from acd.model import AgentId, Pick, Queue
from acd.requirements import SkillName
from acd.state import Desk
from tests.unit.acd.floor import GENERAL, TRADING, Floor, roster

pytestmark = pytest.mark.unit

WINDOW_S = 1800.0
THREE = ("8001", "8002", "8003")


def floor(pick: Pick, *, wrap_up_s: float = 0, **skills: dict[str, int]) -> Floor:
    queue = Queue(name=GENERAL, pick=pick, pick_skill=SkillName("stocks"), wrap_up_s=wrap_up_s)
    known = {number.removeprefix("a"): has for number, has in skills.items()}
    made = Floor(roster(dict.fromkeys(THREE, ("general",)), (queue,), known))
    made.ready(*THREE)
    return made


def serve(on: Floor, contact: str, talk_s: float = 10.0) -> str:
    """Let a contact be served; return by whom."""
    reservation = on.talk(contact)
    agent = on.rings()[0]
    on.wait(talk_s)
    on.tell(AgentHungUp(reservation=reservation))
    return agent


def test_the_longest_idle_is_whoever_ended_work_first() -> None:
    on = floor(Pick.LONGEST_IDLE)
    assert [serve(on, f"c{n}") for n in range(4)] == ["8001", "8002", "8003", "8001"]


def test_the_most_skilled_comes_first_and_among_equals_the_longest_idle() -> None:
    on = floor(Pick.MOST_SKILLED, a8001={"stocks": 1}, a8002={"stocks": 3}, a8003={"stocks": 3})
    assert [serve(on, f"c{n}") for n in range(3)] == ["8002", "8003", "8002"]
    for contact in ("x", "y", "z"):
        on.calls(contact)
    rung = [ring.agent for ring in on.all(type(on.commands[-1])) if hasattr(ring, "agent")]
    assert rung[-3:] == ["8003", "8002", "8001"], (
        "the least skilled serves when nobody else is left"
    )


def test_round_robin_goes_by_the_last_offer_whatever_became_of_it() -> None:
    on = floor(Pick.ROUND_ROBIN)
    on.calls("c1")
    assert on.rings()[0] == "8001"
    on.leaves("c1")
    assert on.desk("8001").idle_since < on.desk("8003").idle_since
    assert serve(on, "c2", talk_s=500) == "8002"
    assert serve(on, "c3", talk_s=1) == "8003"
    assert serve(on, "c4") == "8001"


def test_the_fewest_calls_are_those_since_logging_in() -> None:
    on = floor(Pick.FEWEST_CALLS)
    assert [serve(on, f"c{n}") for n in range(4)] == ["8001", "8002", "8003", "8001"]
    on.tell(AgentLoggedOut(agent=AgentId("8001")))
    on.ready("8001")
    assert on.desk("8001").calls == 0
    assert serve(on, "c5") == "8001"


def test_the_least_occupied_has_worked_least_of_late_not_ended_first() -> None:
    on = floor(Pick.LEAST_OCCUPIED)
    assert serve(on, "c1", talk_s=600) == "8001"
    assert serve(on, "c2", talk_s=30) == "8002"
    assert serve(on, "c3", talk_s=60) == "8003"
    assert serve(on, "c4", talk_s=1) == "8002", "8001 is idle for longer, but worked far more"


def test_work_of_long_ago_hardly_counts() -> None:
    on = floor(Pick.LEAST_OCCUPIED)
    assert serve(on, "c1", talk_s=600) == "8001"
    on.wait(6 * WINDOW_S)
    assert serve(on, "c2", talk_s=60) == "8002"
    assert serve(on, "c3", talk_s=60) == "8003"
    assert serve(on, "c4") == "8001"


def test_ringing_hold_and_wrap_up_count_as_occupied() -> None:
    on = floor(Pick.LEAST_OCCUPIED, wrap_up_s=100)
    on.calls("c1")
    on.wait(4)
    on.leaves("c1")
    rung = on.desk("8001")
    assert rung.load_s == pytest.approx(4, rel=0.01)
    reservation = on.talk("c2")
    on.wait(50)
    on.tell(AgentHungUp(reservation=reservation))
    on.wait(100)
    assert on.desk("8002").work is Work.IDLE
    assert on.desk("8002").load_s == pytest.approx(150, rel=0.05)


def test_two_queues_may_pick_differently_among_the_same_agents() -> None:
    queues = (
        Queue(name=GENERAL, pick=Pick.FEWEST_CALLS, wrap_up_s=0),
        Queue(name=TRADING, pick=Pick.LONGEST_IDLE, wrap_up_s=0),
    )
    on = Floor(roster(dict.fromkeys(THREE[:2], ("general", "trading")), queues))
    on.ready(*THREE[:2])
    assert serve(on, "c1", talk_s=5) == "8001"
    on.calls("long", "trading")
    on.talk()
    assert on.rings()[0] == "8002"
    on.wait(100)
    on.leaves("long")
    assert on.desk("8001").idle_since < on.desk("8002").idle_since
    on.calls("c2", "trading")
    assert on.rings()[0] == "8001"
    on.leaves("c2")
    assert serve(on, "c3") == "8001", "as many calls as 8002, and idle for longer"
    assert serve(on, "c4") == "8002"


def test_a_queue_that_comes_to_pick_otherwise_does_so_from_the_next_caller_on() -> None:
    on = floor(Pick.LONGEST_IDLE)
    assert serve(on, "c1", talk_s=300) == "8001"
    assert serve(on, "c2", talk_s=10) == "8002"
    assert serve(on, "c3", talk_s=20) == "8003"
    least = Queue(name=GENERAL, pick=Pick.LEAST_OCCUPIED, wrap_up_s=0)
    on.tell(roster(dict.fromkeys(THREE, ("general",)), (least,)))
    assert serve(on, "c4") == "8002"


spells = st.lists(
    st.tuples(st.floats(0, 5000), st.floats(0, 5000)), min_size=1, max_size=8
)  # idle for so long, then busy for so long


def load_after(desk: LiveDesk, spells_s: list[tuple[float, float]]) -> float:
    """Let an agent work in spells from time 0; return the end of the last."""
    now = 0.0
    for idle_s, busy_s in spells_s:
        now += idle_s
        desk.work_on(Work.TALKING, now, window_s=WINDOW_S)
        now += busy_s
        desk.work_on(Work.IDLE, now, window_s=WINDOW_S)
    return now


def occupied_s(spells_s: list[tuple[float, float]], at: float) -> float:
    """The same by the definition: the integral of the weight of every busy moment."""
    total, now = 0.0, 0.0
    for idle_s, busy_s in spells_s:
        began, now = now + idle_s, now + idle_s + busy_s
        total += WINDOW_S * (exp((now - at) / WINDOW_S) - exp((began - at) / WINDOW_S))
    return total


def desk_of(number: str) -> LiveDesk:
    return LiveDesk(Desk(agent=AgentId(number), queues=frozenset()), Profile(frozenset(), ()))


@given(spells)
def test_occupancy_is_reckoned_as_it_is_defined(one: list[tuple[float, float]]) -> None:
    desk = desk_of("8001")
    end = load_after(desk, one)
    assert desk.load_s == pytest.approx(occupied_s(one, end), rel=1e-6, abs=1e-6)


@given(spells, spells, st.floats(0, 100_000))
def test_who_of_two_idle_agents_is_less_occupied_does_not_change_while_they_idle(
    one: list[tuple[float, float]], other: list[tuple[float, float]], later_s: float
) -> None:
    first, second = desk_of("8001"), desk_of("8002")
    end = max(load_after(first, one), load_after(second, other))
    now = (occupied_s(one, end), occupied_s(other, end))
    later = (occupied_s(one, end + later_s), occupied_s(other, end + later_s))
    by_key = (first.seat(WINDOW_S).load, second.seat(WINDOW_S).load)
    if min(later) > 1e-3 and abs(now[0] - now[1]) > 1e-5 * max(now):
        assert (now[0] < now[1]) == (later[0] < later[1]) == (by_key[0] < by_key[1])
