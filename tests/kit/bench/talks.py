"""Conversations on the bench, begun as callers and agents begin them."""

import asyncio

from ivrengine.simulator.leg import KEY
from ivrengine.simulator.party import Party
from tests.kit.bench.bench import Bench

TRADING = "201"
"""Keys from the welcome to the queue ``trading``, in English."""


async def talking(bench: Bench, agent: str = "8001") -> tuple[Party, Party]:
    """A caller of the trading queue and an agent who have talked for a while."""
    phone = await bench.ready(agent)
    caller = bench.call_in()
    await caller.presses(TRADING)
    talk = await phone.rings()
    phone.answers()
    await caller.meets(agent)
    await asyncio.sleep(20)
    return caller, talk


async def picked_up(bench: Bench, number: str) -> Party:
    """An agent who is ready and picks up what rings."""
    phone = bench.phones[number]
    talk = await phone.rings()
    phone.answers()
    return talk


def heard_keys(party: Party) -> list[str]:
    """The keys of others that somebody heard."""
    return [media for media in party.heard if media.startswith(KEY)]
