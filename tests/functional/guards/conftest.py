"""Asterisk on demand, stopped after each test."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.functional.guards.guarded import Edits, Guarded, StartAsterisk, asterisk_for_tests


@pytest.fixture
async def start_asterisk(tmp_path: Path) -> AsyncIterator[StartAsterisk]:
    """Starts an Asterisk with our configuration, edited as the test wants it."""
    async with AsyncExitStack() as stack:

        async def start(*, edits: Edits | None = None, **settings: object) -> Guarded:
            running = asterisk_for_tests(tmp_path, edits=edits or {}, settings=settings)
            return await stack.enter_async_context(running)

        yield start
