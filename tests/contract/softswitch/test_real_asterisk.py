"""The adapter against a real Asterisk with real telephones, held to the suite of its port."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.kit.switch_suite import SwitchSuite
from tests.kit.switch_suite_talks import TalkSuite
from tests.kit.switch_worlds import AsteriskWorld, asterisk_world

pytestmark = [pytest.mark.contract, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AsteriskWorld]:
    async with asterisk_world(tmp_path_factory.mktemp("switch")) as world:
        yield world


class TestRealAsterisk(SwitchSuite):
    pass


class TestRealAsteriskTalks(TalkSuite):
    pass
