"""A real Asterisk for each test, to be broken."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ivrengine.softswitch.local.asterisk import LocalSoftswitch
from tests.functional.guards.guarded import asterisk_for_tests
from tests.kit.switch_world_real import write_sounds


@pytest.fixture
async def asterisk(tmp_path: Path) -> AsyncIterator[LocalSoftswitch]:
    """An Asterisk with our own configuration and a few sounds."""
    write_sounds(tmp_path)
    async with asterisk_for_tests(tmp_path, edits={}, settings={"guard_timeout_s": 2}) as guarded:
        yield guarded.switch
