"""The engine is killed and started again: nobody is dropped, and whoever talks hears nothing."""

import asyncio

import pytest

from ivrengine.calls.facts import PersonJoined
from tests.kit.bench.scripts import SCRIPTS, Played, Script, instants_of, performed, steps_of

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

AWAY_S = 2.0


def doing(call: Played) -> str:
    """What the caller is doing, as far as exchange and journal can tell.

    Whoever was joined in the very instant of the death, so that it is not noted yet, waits on.
    """
    if call.caller.is_over:
        return "gone"
    if call.caller.partners:
        return "talking" if call.bench.facts(PersonJoined) else "waiting"
    return "waiting" if call.caller.leg.music else "in the menus"


async def taken_up(call: Played, before: str, heard: int, partners: list[str]) -> list[str]:
    """Start an engine for a call whose engine was killed; return what is wrong for the caller."""
    await call.is_broken_off()
    await asyncio.sleep(AWAY_S)
    call.bench.start()
    await asyncio.sleep(1)
    wrong = []
    if before != "gone" and call.caller.is_over:
        wrong.append("was dropped")
    if before == "talking" and call.caller.partners != partners:
        wrong.append("lost the agent")
    if before == "talking" and call.caller.heard[heard:]:
        wrong.append(f"was disturbed: {call.caller.heard[heard:]}")
    if before == "waiting" and call.caller.leg.music is None:
        wrong.append("lost the music")
    if before == "waiting" and not call.bench.engine.dispatcher.router.visits():
        wrong.append("lost the place")
    await asyncio.sleep(25)
    if before == "in the menus" and not call.caller.is_over and not call.caller.heard[heard:]:
        wrong.append("is left in silence")
    call.caller.hangs_up()
    wrong += [*await call.bench.is_quiet(), *call.bench.errors()]
    return [f"{before}: {fault}" for fault in wrong]


@pytest.mark.parametrize("script", SCRIPTS)
async def test_an_engine_killed_at_any_instant_drops_nobody(script: Script) -> None:
    wrong = {}
    for at in await instants_of(script):
        async with performed(script) as call:
            await call.until(at)
            before = (doing(call), len(call.caller.heard), call.caller.partners)
            call.bench.kill()
            if faults := await taken_up(call, *before):
                wrong[at] = faults
    assert wrong == {}


@pytest.mark.parametrize("script", SCRIPTS)
async def test_an_engine_killed_in_the_midst_of_any_step_drops_nobody(script: Script) -> None:
    wrong = {}
    for step in range(1, await steps_of(script) + 1):
        async with performed(script, order_s=0.0) as call:
            await call.until_step(step, call.bench.kill)
            before = (doing(call), len(call.caller.heard), call.caller.partners)
            if faults := await taken_up(call, *before):
                wrong[step] = faults
    assert wrong == {}
