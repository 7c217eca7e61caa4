"""What the tests of routing say over and over."""

import asyncio
from typing import Any

from tests.functional.conftest import order
from tests.kit.api import asked
from tests.kit.instance import Instance
from tests.kit.person import Agent, Caller
from tests.kit.walks import PATIENCE_S, hear_each_other


async def picks_up(agent: Agent, caller: Caller) -> None:
    """The agent's telephone rings for this caller and nobody else."""
    await agent.answers(within_s=PATIENCE_S)
    await hear_each_other(caller, agent)


async def parts(caller: Caller, agent: Agent) -> None:
    """The caller hangs up, and the agent hears that."""
    await caller.hangs_up()
    await agent.is_hung_up_on()


async def becomes_shortest_idle(instance: Instance, number: int) -> None:
    """Whoever is chosen for having been idle for longest, it is not this agent."""
    await order(instance, number, "not-ready", {"reason": "break"})
    await order(instance, number, "ready")


async def stands(instance: Instance, number: int) -> dict[str, Any]:
    """An agent as the API shows it."""
    agents = await asked(lambda: instance.api.get("/api/agents"))
    found: dict[str, Any] = next(each for each in agents if each["number"] == str(number))
    return found


async def comes_to_stand(instance: Instance, number: int, state: str) -> None:
    """Waits until an agent is in this state."""
    async with asyncio.timeout(5):
        while (await stands(instance, number))["state"] != state:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def call_of(instance: Instance, caller: Caller) -> str:
    """The id of the call that a caller has up."""
    calls = await asked(lambda: instance.api.get("/api/calls"))
    number = caller.phone.settings.user
    return next(str(call["id"]) for call in calls if call["caller"] == number)
