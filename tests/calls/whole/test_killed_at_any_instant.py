"""The engine is killed and started again: nobody is dropped, and whoever talks hears nothing."""

import asyncio

import pytest

from tests.kit.bench.scripts import SCRIPTS, Played, Script, instants_of, performed

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

AWAY_S = 2.0


def doing(call: Played) -> str:
    """What the caller is doing, as far as the exchange can tell."""
    if call.caller.is_over:
        return "gone"
    if call.caller.partners:
        return "talking"
    return "waiting" if call.caller.leg.music else "in the menus"


async def killed(call: Played) -> list[str]:
    """Kill the engine now and start it again; return what is wrong for the caller then."""
    before, partners, heard = doing(call), call.caller.partners, len(call.caller.heard)
    call.bench.kill()
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
    return [f"{before}: {fault}" for fault in wrong]


@pytest.mark.parametrize("script", SCRIPTS)
async def test_an_engine_killed_at_any_instant_drops_nobody(script: Script) -> None:
    wrong = {}
    for at in await instants_of(script):
        async with performed(script) as call:
            await call.until(at)
            faults = await killed(call)
            call.caller.hangs_up()
            faults += [*await call.bench.is_quiet(), *call.bench.errors()]
            if faults:
                wrong[at] = faults
    assert wrong == {}
