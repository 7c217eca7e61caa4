"""Callers are spoken to, and rung through to somebody, when there is no engine to serve them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from ivrengine.softphone.hearing.library import PromptLibraries
from ivrengine.softphone.sip.phone import CallRefused, PhoneSettings
from tests.functional.guards.guarded import Edits, Guarded, StartAsterisk
from tests.functional.guards.raw_sip import RawSip
from tests.kit.api import asked
from tests.kit.person import Agent, Caller
from tests.kit.prompts import write_library

pytestmark = pytest.mark.functional

FRAMES = {
    "zh/system/apology": 40,
    "en/system/apology": 30,
    "zh/system/goodbye": 25,
    "en/system/goodbye": 35,
    "music/calm": 300,
}
CALLER_TONE_HZ, AGENT_TONE_HZ = 440.0, 650.0
WITHOUT_GUARD: Edits = {"extensions.conf": {"1,Gosub(guard,s,1)": "1,NoOp()"}}


@pytest.fixture
def libraries(tmp_path: Path) -> PromptLibraries:
    write_library(tmp_path / "prompts", FRAMES)
    return PromptLibraries(tmp_path / "prompts").load_all()


@pytest.fixture
async def people() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def _caller(asterisk: Guarded, libraries: PromptLibraries, people: AsyncExitStack) -> Caller:
    settings = PhoneSettings(user="13900000001", server=asterisk.sip)
    return await people.enter_async_context(await Caller.with_phone(settings, libraries))


async def _agent(asterisk: Guarded, libraries: PromptLibraries, people: AsyncExitStack) -> Agent:
    settings = PhoneSettings(user="8001", password="demo8001", server=asterisk.sip)
    agent = await people.enter_async_context(await Agent.with_phone(settings, libraries))
    await agent.registers()
    return agent


async def _hears_both_apologies(caller: Caller) -> None:
    await caller.hears("system.apology", language="zh", to_the_end=True)
    await caller.hears("system.apology", language="en", to_the_end=True)


async def test_stock_dialplan_leaves_the_caller_of_a_frozen_engine_in_silence(
    start_asterisk: StartAsterisk, libraries: PromptLibraries, people: AsyncExitStack
) -> None:
    asterisk = await start_asterisk(edits=WITHOUT_GUARD, guard_timeout_s=2)
    caller = await _caller(asterisk, libraries, people)
    with pytest.raises(CallRefused) as refusal:
        await caller.dials("952588", within_s=6.0)
    assert refusal.value.status == 408, "nobody ever answered"


async def test_a_stale_heartbeat_sends_the_caller_to_the_fallback_at_once(
    start_asterisk: StartAsterisk, libraries: PromptLibraries, people: AsyncExitStack
) -> None:
    asterisk = await start_asterisk()
    await asterisk.beats(seconds_ago=60)
    caller = await _caller(asterisk, libraries, people)
    await caller.dials("952588", within_s=asterisk.settings.guard_timeout_s - 2)
    await _hears_both_apologies(caller)
    await caller.hears("system.goodbye", language="zh", to_the_end=True)
    await caller.hears("system.goodbye", language="en", to_the_end=True)
    await caller.is_hung_up_on()


async def test_an_engine_that_freezes_with_a_fresh_heartbeat_costs_the_caller_seconds_only(
    start_asterisk: StartAsterisk, libraries: PromptLibraries, people: AsyncExitStack
) -> None:
    asterisk = await start_asterisk(guard_timeout_s=2)
    await asterisk.beats()
    caller = await _caller(asterisk, libraries, people)
    await caller.dials("952588", within_s=10.0)
    await _hears_both_apologies(caller)


async def test_the_hunt_group_rings_a_free_telephone_and_joins_the_two(
    start_asterisk: StartAsterisk, libraries: PromptLibraries, people: AsyncExitStack
) -> None:
    asterisk = await start_asterisk()
    agent = await _agent(asterisk, libraries, people)
    caller = await _caller(asterisk, libraries, people)
    await caller.dials("952588")
    await _hears_both_apologies(caller)
    ringing = await agent.rings()
    await caller.hears_music()
    ringing.accept()
    caller.hums(CALLER_TONE_HZ)
    agent.hums(AGENT_TONE_HZ)
    await caller.hears_tone(AGENT_TONE_HZ)
    await agent.hears_tone(CALLER_TONE_HZ)


async def test_an_agents_call_without_an_engine_is_refused(
    start_asterisk: StartAsterisk, libraries: PromptLibraries, people: AsyncExitStack
) -> None:
    asterisk = await start_asterisk()
    agent = await _agent(asterisk, libraries, people)
    with pytest.raises(CallRefused) as refusal:
        await agent.dials("*10")
    assert refusal.value.status >= 500


async def test_the_engine_can_lift_the_limit_of_a_call_that_it_took(
    start_asterisk: StartAsterisk,
) -> None:
    asterisk = await start_asterisk(guard_timeout_s=4)
    await asterisk.beats()
    with RawSip(asterisk.sip) as carrier:
        call = carrier.ask("INVITE", to="952588", sender="13900000001", within_s=1.5)
        assert await call is None
        [channel] = await asterisk.channels()
        lift = f"/channels/{channel['id']}/variable?variable=TIMEOUT(absolute)&value=0"
        await asked(lambda: asterisk.ari.post(lift))
        await asyncio.sleep(asterisk.settings.guard_timeout_s + 1)
        [kept] = await asterisk.channels()
    assert kept["id"] == channel["id"]
    assert kept["dialplan"]["app_name"] == "Stasis"
