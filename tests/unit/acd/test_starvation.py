import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.events import AgentLoggedIn, ContactMoved
from acd.model import Ageing, AgentId, ContactId, Queue
from tests.unit.acd.floor import GENERAL, Floor
from tests.unit.acd.waiters import asks, skilled

pytestmark = pytest.mark.unit


@given(
    st.lists(st.tuples(st.integers(0, 5), st.floats(0, 300)), min_size=1, max_size=20),
    st.data(),
)
def test_raising_a_contact_never_worsens_its_position_nor_lowering_it_betters_it(
    places: list[tuple[int, float]], data: st.DataObject
) -> None:
    floor = Floor(skilled(Queue(name=GENERAL), a8001=""))
    floor.tell(AgentLoggedIn(agent=AgentId("8001")))
    for number, (band, head_start_s) in enumerate(places):
        asks(floor, f"c{number}", band=band, head_start_s=head_start_s)
        floor.now += 1
    moved = data.draw(st.integers(0, len(places) - 1))
    band, head_start_s = places[moved]
    up = data.draw(st.booleans())
    by = data.draw(st.integers(0, 5)), data.draw(st.floats(0, 300))
    before = floor.position(f"c{moved}") or 0
    floor.tell(
        ContactMoved(
            contact=ContactId(f"c{moved}"),
            by="lead",
            band=band - by[0] if up else band + by[0],
            head_start_s=head_start_s + by[1] if up else head_start_s - by[1],
        )
    )
    after = floor.position(f"c{moved}") or 0
    assert after <= before if up else after >= before


@settings(deadline=None, max_examples=30)
@given(
    backlog=st.integers(0, 15),
    worst_band=st.integers(1, 6),
    promote_after_s=st.floats(5, 60),
    talk_s=st.floats(2, 20),
)
def test_with_ageing_nobody_starves_behind_a_stream_of_better_callers(
    backlog: int, worst_band: int, promote_after_s: float, talk_s: float
) -> None:
    ageing = Ageing(promote_after_s=promote_after_s, best_band=0)
    floor = Floor(
        skilled(Queue(name=GENERAL, band=worst_band, ageing=ageing, wrap_up_s=0), a8001="")
    )
    floor.ready("8001")
    for number in range(backlog + 1):
        asks(floor, f"better{number}", band=0)
    began = floor.now
    asks(floor, "patient")
    arrivals = backlog + 1
    # One caller of the best band comes for each that is served, so the line never gets shorter.
    bound_s = worst_band * promote_after_s + (backlog + 3) * talk_s
    while floor.rings()[1] != "patient":
        assert floor.now - began <= bound_s
        contact = floor.rings()[1]
        floor.talk()
        asks(floor, f"better{arrivals}", band=0)
        arrivals += 1
        floor.wait(talk_s)
        floor.leaves(contact)
    assert floor.now - began <= bound_s


def test_without_ageing_the_same_caller_would_starve() -> None:
    floor = Floor(skilled(Queue(name=GENERAL, band=3, wrap_up_s=0), a8001=""))
    floor.ready("8001")
    asks(floor, "better0", band=0)
    asks(floor, "patient")
    for number in range(1, 200):
        floor.talk()
        asks(floor, f"better{number}", band=0)
        floor.wait(10)
        floor.leaves(f"better{number - 1}")
    assert floor.rings()[1] == "better199"
