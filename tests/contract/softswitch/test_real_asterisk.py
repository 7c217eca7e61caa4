"""The adapter against a real Asterisk with real telephones, held to the suite of its port."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from ivrengine.telephony import BridgeId, LegEnded
from tests.kit.switch_suite import SwitchSuite, dial, fresh, talk_to_caller
from tests.kit.switch_suite_talks import TalkSuite
from tests.kit.switch_world_real import AsteriskWorld, asterisk_world
from tests.kit.switch_worlds import Manner

pytestmark = [pytest.mark.contract, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AsteriskWorld]:
    async with asterisk_world(tmp_path_factory.mktemp("switch")) as world:
        yield world


@pytest_asyncio.fixture(loop_scope="module")
async def world(shared_world: AsteriskWorld) -> AsyncIterator[AsteriskWorld]:
    """The world of this module, from which each test takes away what is left of it."""
    yield shared_world
    await shared_world.clear()


class TestRealAsterisk(SwitchSuite):
    pass


class TestRealAsteriskTalks(TalkSuite):
    pass


async def test_what_a_test_leaves_disturbs_no_other(world: AsteriskWorld) -> None:
    caller_leg, caller = await talk_to_caller(world)
    ringing = await dial(world, "8003", Manner.RINGS)
    bridge = BridgeId(fresh("bridge"))
    await world.switch.create_bridge(bridge)
    await world.switch.join(bridge, [caller_leg])
    await world.clear()
    assert (await world.switch.live_legs(), await world.switch.live_bridges()) == ((), [])
    for leg in (caller_leg, ringing):
        await world.events.told(LegEnded, leg=leg)
    assert await caller.is_over()
