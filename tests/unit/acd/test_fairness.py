import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.commands import ConnectContact
from acd.events import (
    AgentHungUp,
    AgentLoggedIn,
    ContactJoined,
    ContactQueued,
    OfferAnswered,
    OfferRefused,
)
from acd.model import AgentId, ContactId, OfferOutcome, Queue, ReservationId
from tests.unit.acd.floor import GENERAL, Floor, roster

pytestmark = pytest.mark.unit

STEPS = st.lists(st.sampled_from(("call", "answer", "reject", "end", "wait")), max_size=60)
NAMES = st.permutations(("8001", "8002", "8003"))


def served(names: list[str], steps: list[str]) -> list[tuple[str, str]]:
    """Play ``steps`` with agents of these names; return who was served by the n-th agent, when."""
    floor = Floor(roster(dict.fromkeys(names, ("general",))))
    for name in names:
        floor.tell(AgentLoggedIn(agent=AgentId(name), ready=True))
        floor.wait(1)
    calls = 0
    for step in steps:
        floor.wait(1.3)
        ringing = [offer for offer in floor.router.offers() if offer.outcome == "pending"]
        talking = [visit for visit in floor.router.visits() if visit.joined_at is not None]
        match step:
            case "call":
                calls += 1
                floor.calls(f"c{calls}")
            case "answer" if ringing:
                floor.tell(OfferAnswered(reservation=ringing[0].id))
                floor.tell(ContactJoined(reservation=ringing[0].id))
            case "reject" if ringing:
                floor.tell(OfferRefused(reservation=ringing[0].id, outcome=OfferOutcome.REJECTED))
            case "end" if talking:
                floor.leaves(talking[0].contact)
            case _:
                floor.wait(7)
    return [
        (connect.contact, f"agent {names.index(connect.agent)}")
        for connect in floor.all(ConnectContact)
    ]


@given(NAMES, STEPS)
def test_agents_names_do_not_decide_who_is_served_by_whom(
    names: list[str], steps: list[str]
) -> None:
    assert served(names, steps) == served(["8001", "8002", "8003"], steps)


@given(
    st.lists(st.floats(min_value=0, max_value=600), min_size=1, max_size=30),
    st.data(),
    st.floats(min_value=0, max_value=600),
)
def test_a_greater_head_start_never_worsens_a_position(
    head_starts_s: list[float], data: st.DataObject, raise_s: float
) -> None:
    raised = data.draw(st.integers(0, len(head_starts_s) - 1))

    def positions(starts: list[float]) -> list[int]:
        floor = Floor(roster({"8001": ("general",)}))
        floor.tell(AgentLoggedIn(agent=AgentId("8001")))
        for n, head_start_s in enumerate(starts):
            floor.now += 10
            floor.tell(
                ContactQueued(
                    contact=ContactId(f"c{n}"),
                    queue=GENERAL,
                    enqueued_at=floor.now,
                    head_start_s=head_start_s,
                )
            )
        return [floor.position(f"c{n}") or 0 for n in range(len(starts))]

    before = positions(head_starts_s)
    head_starts_s[raised] += raise_s
    after = positions(head_starts_s)
    assert sorted(after) == list(range(1, len(after) + 1))
    assert after[raised] <= before[raised]
    for n, place in enumerate(after):
        if n != raised:
            assert place >= before[n]


def joined_after_s(agents: int, calls: list[tuple[float, float]]) -> list[float]:
    """Serve calls, each after a gap and for a time of its own; return when each was joined."""
    names = [f"8{n:03}" for n in range(agents)]
    rules = Queue(name=GENERAL, wrap_up_s=0)
    floor = Floor(roster(dict.fromkeys(names, ("general",)), (rules,)))
    floor.ready(*names)
    began = floor.now = 10_000.0
    joined: dict[str, float] = {}
    ends: list[tuple[float, ReservationId]] = []
    arrivals = [(gap_s, f"c{n}") for n, (gap_s, _) in enumerate(calls)]
    at = began
    for gap_s, contact in arrivals:
        at += gap_s
        serve_until(floor, at, ends, joined, calls)
        floor.calls(contact)
        answer_all(floor, ends, joined, calls)
    serve_until(floor, at + 1e6, ends, joined, calls)
    return [joined[contact] - began for _, contact in arrivals]


def serve_until(
    floor: Floor,
    until: float,
    ends: list[tuple[float, ReservationId]],
    joined: dict[str, float],
    calls: list[tuple[float, float]],
) -> None:
    while ends and min(ends)[0] <= until:
        end, reservation = min(ends)
        ends.remove((end, reservation))
        floor.now = end
        floor.tell(AgentHungUp(reservation=reservation))
        answer_all(floor, ends, joined, calls)
    floor.now = until


def answer_all(
    floor: Floor,
    ends: list[tuple[float, ReservationId]],
    joined: dict[str, float],
    calls: list[tuple[float, float]],
) -> None:
    for offer in floor.router.offers():
        if offer.outcome == "pending":
            floor.tell(OfferAnswered(reservation=offer.id))
            floor.tell(ContactJoined(reservation=offer.id))
            joined[offer.contact] = floor.now
            ends.append((floor.now + calls[int(offer.contact[1:])][1], offer.id))


# In quarters of a second, so that no rounding decides which of two times is the earlier.
quarters = st.integers(0, 240).map(lambda n: n / 4)


@given(st.integers(1, 4), st.lists(st.tuples(quarters, quarters), min_size=1, max_size=25))
def test_one_more_agent_delays_nobody(agents: int, calls: list[tuple[float, float]]) -> None:
    fewer, more = joined_after_s(agents, calls), joined_after_s(agents + 1, calls)
    assert all(then <= before for before, then in zip(fewer, more, strict=True))
