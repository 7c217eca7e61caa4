"""A pretended Asterisk for each test, to be broken; a module may have a world of its own."""

from collections.abc import AsyncIterator

import pytest

from tests.kit.switch_notes import QUICK, Notes
from tests.kit.switch_worlds import FakeWorld, fake_world


@pytest.fixture
def notes() -> Notes:
    """What is counted in the world of this test."""
    return Notes()


@pytest.fixture
async def world(notes: Notes) -> AsyncIterator[FakeWorld]:
    """A pretended Asterisk, and an adapter with short deadlines."""
    async with fake_world(QUICK, observers=notes.observers, redial=notes.redial) as world:
        yield world
