import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.commands import ConnectContact
from acd.events import (
    AgentLoggedIn,
    ContactJoined,
    ContactQueued,
    OfferAnswered,
    OfferRefused,
)
from acd.model import AgentId, ContactId, OfferOutcome
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
