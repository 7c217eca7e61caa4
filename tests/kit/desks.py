"""Agents as the system shows them, and waiting until one stands as a test needs it."""

import asyncio
from typing import Any

from tests.kit.api import asked
from tests.kit.instance import Instance
from tests.kit.walks import PATIENCE_S


async def stands(instance: Instance, number: int) -> dict[str, Any]:
    """An agent as the API shows it."""
    agents = await asked(lambda: instance.api.get("/api/agents"))
    found: dict[str, Any] = next(each for each in agents if each["number"] == str(number))
    return found


async def comes_to_stand(instance: Instance, number: int, state: str) -> None:
    """Waits until an agent is in this state.

    Raises:
        TimeoutError: the agent is in another.
    """
    async with asyncio.timeout(PATIENCE_S):
        while (await stands(instance, number))["state"] != state:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
