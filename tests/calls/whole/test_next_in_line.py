"""The first in line leaves just as an agent comes: the next one must not pay for it."""

import asyncio
from typing import Final

import pytest

from acd.events import AgentGotReady, AgentLoggedIn
from acd.model import AgentId
from ivrengine.calls.facts import PersonOffered
from ivrengine.simulator.party import Party
from ivrengine.simulator.phone import Manner
from tests.kit.bench.bench import Bench, a_bench

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

TRADING: Final = "201"
ORDER_S: Final = 0.02
PICKS_UP_S: Final = 0.3
AROUND_THE_RINGING: Final = [step / 200 for step in range(-10, 61)]
"""From before the agent is ready until the telephone has just not been picked up."""

PROMPTLY_S: Final = 0.2
"""A few orders to the softswitch: one offer is withdrawn, the next one made."""


async def _waits(bench: Bench, caller: str) -> Party:
    party = bench.call_in(caller)
    await party.presses(TRADING)
    await party.hears_music()
    return party


async def _second_is_offered_after_s(leaves_after_s: float) -> float:
    """From the later of the agent's coming and the first caller's going to the second's offer."""
    async with a_bench() as bench:
        bench.world.exchange.order_delay_s = ORDER_S
        dispatcher, clock = bench.engine.dispatcher, bench.world.clock
        bench.phone("8001", Manner.ANSWERS, acts_after_s=PICKS_UP_S)
        await dispatcher.tell(AgentLoggedIn(agent=AgentId("8001"), ready=False))
        first, second = await _waits(bench, "13900000001"), await _waits(bench, "13900000002")
        loop, now = asyncio.get_running_loop(), clock.now()
        loop.call_later(1.0, dispatcher.file, AgentGotReady(agent=AgentId("8001")))
        loop.call_later(1.0 + leaves_after_s, first.hangs_up)
        await second.meets("8001", within_s=20.0)
        offered_at = bench.facts(PersonOffered)[-1].at
        second.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []
    return offered_at - now - 1.0 - max(0.0, leaves_after_s)


async def test_the_next_caller_is_offered_promptly_whenever_the_first_one_leaves() -> None:
    delays = {at: await _second_is_offered_after_s(at) for at in AROUND_THE_RINGING}
    assert {at: delay for at, delay in delays.items() if not 0 <= delay < PROMPTLY_S} == {}
