"""Callers hang up whenever they like: nothing may be left of a call, and its books are closed."""

import pytest

from ivrengine.calls.facts import CallEnded
from ivrengine.simulator.phone import Manner
from tests.kit.bench.scripts import (
    SCRIPTS,
    Script,
    instants_of,
    leaving_a_message,
    performed,
    steps_of,
)

pytestmark = [pytest.mark.calls, pytest.mark.looptime]


@pytest.mark.parametrize("script", SCRIPTS)
async def test_a_hang_up_at_any_instant_leaves_nothing(script: Script) -> None:
    wrong = {}
    for at in await instants_of(script):
        async with performed(script) as call:
            await call.until(at)
            call.caller.hangs_up()
            await call.is_broken_off()
            faults = [*await call.bench.is_quiet(), *call.bench.errors()]
            if faults:
                wrong[at] = faults
    assert wrong == {}


@pytest.mark.parametrize("script", SCRIPTS)
async def test_a_hang_up_in_the_midst_of_any_step_leaves_nothing(script: Script) -> None:
    wrong = {}
    for step in range(1, await steps_of(script) + 1):
        async with performed(script, order_s=0.0) as call:
            await call.until_step(step, call.caller.hangs_up)
            await call.is_broken_off()
            faults = [*await call.bench.is_quiet(), *call.bench.errors()]
            if faults:
                wrong[step] = faults
    assert wrong == {}


@pytest.mark.parametrize("script", SCRIPTS)
async def test_an_agent_who_vanishes_at_any_instant_leaves_nothing(script: Script) -> None:
    wrong = {}
    for at in await instants_of(script):
        async with performed(script) as call:
            await call.until(at)
            await call.is_broken_off()
            for number in ("8001", "8002", "8005"):
                call.bench.phone(number, Manner.IS_DEAD)
            await call.until(at + 60)
            call.caller.hangs_up()
            faults = [*await call.bench.is_quiet(), *call.bench.errors()]
            if faults:
                wrong[at] = faults
    assert wrong == {}


async def test_a_message_is_kept_from_its_first_second_to_the_ticket() -> None:
    for at in await instants_of(leaving_a_message):
        async with performed(leaving_a_message) as call:
            await call.until(at)
            began = call.caller.leg.recording is not None
            was_heard = any(
                "recording:" in heard or "review" in heard for heard in call.caller.heard
            )
            call.caller.hangs_up()
            await call.is_broken_off()
            await call.bench.is_quiet()
            kept = await call.bench.world.tickets.newest(limit=5)
            ended = call.bench.fact(CallEnded)
            spoken_for_s = max(
                (fact.duration_s for fact in call.bench.recordings_kept()), default=0.0
            )
            assert len(kept) == (1 if spoken_for_s >= 1.0 else 0), (at, began, was_heard, ended)
