"""The adapter against a pretended Asterisk, held to the suite of its port.

That a real one passes the same suite is what makes this one fit for tests of faults that a real
one cannot be made to have.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.kit.switch_suite import SwitchSuite
from tests.kit.switch_suite_talks import TalkSuite
from tests.kit.switch_worlds import FakeWorld, fake_world

pytestmark = [pytest.mark.contract, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_world() -> AsyncIterator[FakeWorld]:
    async with fake_world() as world:
        yield world


@pytest_asyncio.fixture(loop_scope="module")
async def world(shared_world: FakeWorld) -> AsyncIterator[FakeWorld]:
    """The world of this module, from which each test takes away what is left of it."""
    yield shared_world
    await shared_world.clear()


class TestPretendedAsterisk(SwitchSuite):
    pass


class TestPretendedAsteriskTalks(TalkSuite):
    pass
