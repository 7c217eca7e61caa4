"""Conversations with all that agents do in them, written down to be disturbed at any instant."""

import asyncio

from ivrengine.simulator.party import Party
from ivrengine.simulator.phone import Manner
from tests.kit.bench.bench import Bench
from tests.kit.bench.scripts import Script

OUTSIDE = "13800000002"


async def _begun(bench: Bench, caller: Party) -> Party:
    """Caller and agent 8001 talk; 8002 is there and picks up."""
    phone = await bench.ready("8001", Manner.ANSWERS, acts_after_s=0.3)
    await caller.presses("201")
    await caller.meets("8001")
    await asyncio.sleep(2)
    await bench.ready("8002", Manner.ANSWERS, acts_after_s=0.3)
    assert phone.call is not None
    return phone.call


async def holding(bench: Bench, caller: Party) -> None:
    """A hold by key and one by the telephone's button."""
    agent = await _begun(bench, caller)
    await agent.presses("*1")
    await caller.hears_music()
    await asyncio.sleep(1)
    await agent.presses("*1")
    await caller.meets("8001")
    agent.holds()
    await caller.hears_music()
    agent.retrieves()
    await caller.meets("8001")


async def handing_over(bench: Bench, caller: Party) -> None:
    """A transfer without a word before."""
    agent = await _begun(bench, caller)
    await agent.presses("*28002#")
    await caller.meets("8002")
    await asyncio.sleep(1)


async def handing_outside(bench: Bench, caller: Party) -> None:
    """A transfer to a telephone outside."""
    agent = await _begun(bench, caller)
    bench.world.exchange.outside_phone(OUTSIDE, Manner.ANSWERS, acts_after_s=0.3)
    await agent.presses(f"*20{OUTSIDE}#")
    await caller.meets(OUTSIDE)
    await asyncio.sleep(1)


async def consulting(bench: Bench, caller: Party) -> None:
    """A consultation, the two in turn, all three, and the agent leaves."""
    agent = await _begun(bench, caller)
    await agent.presses("*38002#")
    await agent.meets("8002")
    await asyncio.sleep(1)
    await agent.presses("*4")
    await caller.meets("8001")
    await agent.presses("*4")
    await agent.meets("8002")
    await agent.presses("*6")
    await caller.meets("8002")
    await asyncio.sleep(1)
    await agent.presses("*5")
    await asyncio.sleep(2)


async def consulting_outside(bench: Bench, caller: Party) -> None:
    """A consultation with a telephone outside, which then serves the caller."""
    agent = await _begun(bench, caller)
    bench.world.exchange.outside_phone(OUTSIDE, Manner.ANSWERS, acts_after_s=0.3)
    await agent.presses(f"*30{OUTSIDE}#")
    await agent.meets(OUTSIDE)
    await asyncio.sleep(1)
    await agent.presses("*5")
    await caller.meets(OUTSIDE)
    await asyncio.sleep(1)


TALKS: tuple[Script, ...] = (
    holding,
    handing_over,
    handing_outside,
    consulting,
    consulting_outside,
)
