"""Reports that come out of order, twice or never lose no caller and leave no agent stuck.

After every single one the offers are those of the naive matcher, and all else that must hold does.
"""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.events import AgentLoggedIn
from acd.model import AgentId, Pick, Queue
from tests.unit.acd.aftermath import everybody_can_be_rung, nobody_hangs_in_between, nothing_is_left
from tests.unit.acd.floor import GENERAL, TRADING, Floor, roster
from tests.unit.acd.unreliable import UnreliableWorld
from tests.unit.acd.watch import Watch

pytestmark = pytest.mark.unit

DOINGS = ("comes", "goes", "hears", "hears", "hears", "hears", "waits", "readies")
AGENTS = tuple(map(AgentId, ("8001", "8002", "8003")))


def staffed_floor(pick: Pick) -> Watch:
    """Three agents are ready; one of them serves both queues."""
    served = {"8001": ("general",), "8002": ("general", "trading"), "8003": ("trading",)}
    queues = (
        Queue(name=GENERAL, pick=pick, wrap_up_s=5, waits_unstaffed=True),
        Queue(name=TRADING, wrap_up_s=0, waits_unstaffed=True),
    )
    watch = Watch(Floor(roster(served, queues)))
    for agent in AGENTS:
        watch.tell(AgentLoggedIn(agent=agent, ready=True))
    return watch


@pytest.mark.parametrize("loses", [False, True], ids=["reordered and doubled", "lost as well"])
@given(
    seed=st.integers(0, 2**32 - 1),
    pick=st.sampled_from((Pick.LONGEST_IDLE, Pick.RING_ALL, Pick.ROUND_ROBIN)),
    steps=st.integers(10, 80),
)
@settings(max_examples=150, deadline=None)
def test_whatever_is_told_when_everybody_is_served_or_let_go_once(
    loses: bool, seed: int, pick: Pick, steps: int
) -> None:
    watch, chance = staffed_floor(pick), Random(seed)
    world = UnreliableWorld(watch, chance, loses=loses)
    for doing in chance.choices(DOINGS, k=steps):
        match doing:
            case "comes":
                world.a_caller_comes(chance.choice((GENERAL, TRADING)))
            case "goes":
                world.a_caller_goes()
            case "hears":
                world.deliver()
            case "readies":
                world.the_agents_are_eager()
            case _:
                world.time_passes(chance.choice((0.5, 4.0, 25.0)))
    world.becomes_reliable()
    nobody_hangs_in_between(watch)
    world.ends()
    nothing_is_left(watch)
    everybody_can_be_rung(watch)
