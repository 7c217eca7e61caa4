"""What the tests of routing say over and over."""

import asyncio
from typing import Any, Final

from ivrengine.softphone.sip.call import EndedBy
from ivrengine.softphone.sip.incoming import IncomingCall
from tests.functional.conftest import order
from tests.kit.api import asked
from tests.kit.instance import Instance
from tests.kit.person import Agent, Caller
from tests.kit.walks import PATIENCE_S, hear_each_other

CEASES_WITHIN_S: Final = 10.0
"""Less than the fifteen seconds that a telephone rings where its queue says nothing else."""


async def picks_up(agent: Agent, caller: Caller) -> None:
    """The agent's telephone rings for this caller and nobody else."""
    await agent.answers(within_s=PATIENCE_S)
    await hear_each_other(caller, agent)


async def ceases(bell: IncomingCall) -> None:
    """The house stops the ringing, sooner than a telephone rings by itself."""
    end = await bell.wait_until_ended(within_s=CEASES_WITHIN_S)
    assert end.by is EndedBy.THEM, end


async def parts(caller: Caller, agent: Agent) -> None:
    """The caller hangs up and the agent hears that, whoever rings there in the same instant."""
    talk = agent.call
    await caller.hangs_up()
    end = await talk.wait_until_ended(within_s=PATIENCE_S)
    assert end.by is EndedBy.THEM, end


async def becomes_shortest_idle(instance: Instance, number: int) -> None:
    """Whoever is chosen for having been idle for longest, it is not this agent."""
    await order(instance, number, "not-ready", {"reason": "break"})
    await order(instance, number, "ready")


async def comes_to_wait(instance: Instance, caller: Caller, queue: str) -> None:
    """Waits until a caller stands in the line of this queue."""
    call = await call_of(instance, caller)
    async with asyncio.timeout(PATIENCE_S):
        while (await _standing(instance, call))["queue"] != queue:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def _standing(instance: Instance, call: str) -> dict[str, Any]:
    told = await asked(lambda: instance.api.get(f"/api/calls/{call}/explain"))
    standing: dict[str, Any] = told["standing"]
    return standing


async def call_of(instance: Instance, caller: Caller) -> str:
    """The id of the call that a caller has up."""
    calls = await asked(lambda: instance.api.get("/api/calls"))
    number = caller.phone.settings.user
    return next(str(call["id"]) for call in calls if call["caller"] == number)
