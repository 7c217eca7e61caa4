"""Callbacks and supervisors' orders, told out of order, twice or never, lose nobody.

Every callback is made or given up in the end, one a number, from the place that was kept; and no
agent is left waiting for a customer.
"""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.events import AgentLoggedIn
from acd.model import AgentId, CallbackRules, Pick, Queue
from tests.unit.acd.aftermath import everybody_can_be_rung, nobody_hangs_in_between, nothing_is_left
from tests.unit.acd.callback_world import CallbackWorld
from tests.unit.acd.floor import GENERAL, TRADING, Floor, roster
from tests.unit.acd.lobby import Lobby

pytestmark = pytest.mark.unit

DOINGS = (
    *["comes"] * 3,
    *["hears"] * 6,
    *["wants a callback"] * 3,
    "goes",
    "moves",
    "forces",
    "cancels",
    "waits",
    "readies",
)
AGENTS = tuple(map(AgentId, ("8001", "8002", "8003")))
CALLBACK = CallbackRules(attempts=2, retry_after_s=20, answer_timeout_s=10, keep_s=3000)


def staffed_floor(pick: Pick) -> Lobby:
    """Three agents are ready; one of them serves both queues."""
    served = {"8001": ("general",), "8002": ("general", "trading"), "8003": ("trading",)}
    queues = (
        Queue(name=GENERAL, pick=pick, wrap_up_s=5, waits_unstaffed=True, callback=CALLBACK),
        Queue(name=TRADING, wrap_up_s=0, waits_unstaffed=True, callback=CALLBACK, band=1),
    )
    lobby = Lobby(Floor(roster(served, queues)))
    for agent in AGENTS:
        lobby.tell(AgentLoggedIn(agent=agent, ready=True))
    return lobby


def happens(doing: str, world: CallbackWorld, chance: Random) -> None:
    match doing:
        case "comes":
            world.a_caller_comes(chance.choice((GENERAL, TRADING)))
        case "goes":
            world.a_caller_goes()
        case "hears":
            world.deliver()
        case "wants a callback":
            world.a_caller_asks_to_be_called_back()
        case "moves":
            world.a_supervisor_moves_somebody()
        case "forces":
            world.a_supervisor_forces_somebody()
        case "cancels":
            world.somebody_wants_no_callback()
        case "readies":
            world.the_agents_are_eager()
        case _:
            world.time_passes(chance.choice((0.5, 4.0, 25.0)))


@pytest.mark.parametrize("loses", [False, True], ids=["reordered and doubled", "lost as well"])
@given(
    seed=st.integers(0, 2**32 - 1),
    pick=st.sampled_from((Pick.LONGEST_IDLE, Pick.RING_ALL, Pick.ROUND_ROBIN)),
    steps=st.integers(10, 80),
)
@settings(max_examples=40, deadline=None)
def test_whatever_is_told_when_every_callback_is_made_or_given_up_once(
    loses: bool, seed: int, pick: Pick, steps: int
) -> None:
    lobby, chance = staffed_floor(pick), Random(seed)
    world = CallbackWorld(lobby, chance, loses=loses, queues=(GENERAL, TRADING))
    for doing in chance.choices(DOINGS, k=steps):
        happens(doing, world, chance)
    world.becomes_reliable()
    nobody_hangs_in_between(lobby)
    world.ends()
    nothing_is_left(lobby)
    everybody_can_be_rung(lobby)
