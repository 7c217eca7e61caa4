"""People for tests of what supervisors do, and of calls that go out."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from tests.kit.instance import Instance
from tests.kit.person import Agent

NewOutsider = Callable[[str], Awaitable[Agent]]


@pytest.fixture
async def outsider(instance: Instance, people: AsyncExitStack) -> NewOutsider:
    """Gives somebody a telephone where calls go that leave the house."""

    async def give(number: str) -> Agent:
        settings = replace(instance.caller_settings(number), port=instance.ports.carrier)
        return await people.enter_async_context(
            await Agent.with_phone(settings, instance.libraries)
        )

    return give
