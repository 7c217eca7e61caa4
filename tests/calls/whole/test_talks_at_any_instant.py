"""Whoever talks hangs up, and the engine dies, at every step of all that agents do with callers."""

import asyncio

import pytest

from tests.kit.bench.scripts import Played, Script, performed, steps_of
from tests.kit.bench.talk_scripts import TALKS

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

PATIENCE_S = 100.0
"""Longer than any way that a transfer can take before a caller waits in a queue."""

AWAY_S = 2.0


async def steps(script: Script) -> range:
    """The steps of a script from the conversation on."""
    return range(1, await steps_of(script) + 1)


@pytest.mark.parametrize("script", TALKS)
async def test_a_caller_who_hangs_up_in_the_midst_of_any_step_leaves_nothing(
    script: Script,
) -> None:
    wrong = {}
    for step in await steps(script):
        async with performed(script, order_s=0.0) as call:
            await call.until_step(step, call.caller.hangs_up)
            await call.is_broken_off()
            faults = [*await call.bench.is_quiet(), *call.bench.errors()]
            if faults:
                wrong[step] = faults
    assert wrong == {}


@pytest.mark.parametrize("number", ["8001", "8002"])
@pytest.mark.parametrize("script", TALKS)
async def test_an_agent_who_hangs_up_in_the_midst_of_any_step_drops_nobody(
    script: Script, number: str
) -> None:
    wrong = {}
    for step in await steps(script):
        async with performed(script, order_s=0.0) as call:
            phones = call.bench.phones

            def hang_up(phones: dict[str, object] = phones) -> None:
                phone = call.bench.phones.get(number)
                if phone is not None:
                    phone.hangs_up()

            await call.until_step(step, hang_up)
            await call.is_broken_off()
            if faults := await cared_for(call):
                wrong[step] = faults
    assert wrong == {}


@pytest.mark.parametrize("script", TALKS)
async def test_an_engine_killed_in_the_midst_of_any_step_drops_nobody(script: Script) -> None:
    wrong = {}
    for step in await steps(script):
        async with performed(script, order_s=0.0) as call:
            await call.until_step(step, call.bench.kill)
            await call.is_broken_off()
            await asyncio.sleep(AWAY_S)
            call.bench.start()
            if faults := await cared_for(call):
                wrong[step] = faults
    assert wrong == {}


async def cared_for(call: Played) -> list[str]:
    """What is wrong for the caller after a while, and what is left when the caller goes."""
    await asyncio.sleep(5)
    wrong = [] if not call.caller.is_over else ["was dropped"]
    if not (call.caller.partners or call.caller.leg.music or spoken_to(call)):
        wrong.append("is left in silence")
    await asyncio.sleep(PATIENCE_S)
    call.caller.hangs_up()
    return [*wrong, *await call.bench.is_quiet(), *call.bench.errors()]


def spoken_to(call: Played) -> bool:
    """Whether the caller heard something of late, and not for the caller's own silence."""
    now = call.bench.world.clock.now()
    last = call.caller.leg.heard[-1] if call.caller.leg.heard else None
    return last is not None and (last.until is None or now - last.until < 12)
