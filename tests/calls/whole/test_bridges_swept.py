"""A bridge that came when nobody wanted it any more goes by itself; one of a talk stays."""

import asyncio

import pytest

from ivrengine.calls.sweeping import LOOKS_EVERY_S
from ivrengine.errors import SwitchRefused, SwitchUnavailable
from ivrengine.simulator.phone import Manner
from ivrengine.telephony import BridgeId
from tests.kit.bench.swept import a_swept_bench

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

LATE = BridgeId("20261122-000000-abcd.bridge-1")
LATER = BridgeId("20261122-000000-abcd.bridge-2")


async def test_a_bridge_that_nobody_has_goes_within_two_looks() -> None:
    async with a_swept_bench() as bench:
        exchange = bench.world.exchange
        await exchange.create_bridge(LATE)
        await asyncio.sleep(LOOKS_EVERY_S * 1.5)
        assert [each.bridge for each in await exchange.live_bridges()] == [LATE], "seen but once"
        await asyncio.sleep(LOOKS_EVERY_S)
        assert await exchange.live_bridges() == []


async def test_a_softswitch_that_does_not_answer_is_looked_at_again() -> None:
    async with a_swept_bench() as bench:
        exchange = bench.world.exchange
        await exchange.create_bridge(LATE)
        exchange.fail("live_bridges", SwitchUnavailable("no answer"))
        await asyncio.sleep(LOOKS_EVERY_S * 3.5)
        assert await exchange.live_bridges() == []


async def test_a_bridge_that_cannot_be_removed_keeps_no_other_from_going() -> None:
    async with a_swept_bench() as bench:
        exchange = bench.world.exchange
        await exchange.create_bridge(LATE)
        await exchange.create_bridge(LATER)
        exchange.fail("destroy_bridge", SwitchRefused("not now", status=500))
        await asyncio.sleep(LOOKS_EVERY_S * 2.5)
        assert [each.bridge for each in await exchange.live_bridges()] == [LATE]
        await asyncio.sleep(LOOKS_EVERY_S * 2)
        assert await exchange.live_bridges() == []


async def test_the_bridge_of_a_talk_stays_as_long_as_the_talk() -> None:
    async with a_swept_bench() as bench:
        await bench.ready("8001", Manner.ANSWERS)
        caller = bench.call_in()
        await caller.presses("201")
        await asyncio.sleep(LOOKS_EVERY_S * 4)
        bridges = await bench.world.exchange.live_bridges()
        assert len(bridges) == 1
        assert len(bridges[0].legs) == 2
        caller.hangs_up()
