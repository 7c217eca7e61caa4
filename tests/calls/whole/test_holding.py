"""Holding a caller: by key, by the telephone's own button, and what everybody hears meanwhile."""

import asyncio

import pytest

from ivrengine.calls.facts import PersonLeft, RecordingKept
from ivrengine.calls.talk_facts import TalkTurned
from tests.kit.bench.bench import a_bench
from tests.kit.bench.talks import heard_keys, talking

pytestmark = [pytest.mark.calls, pytest.mark.looptime]


async def test_a_held_caller_hears_music_and_then_the_agent_again() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        await agent.presses("*1")
        await asyncio.sleep(1)
        assert (caller.leg.music, caller.partners) == ("default", [])
        assert bench.work_of("8001") == "hold"
        await agent.presses("*1")
        await asyncio.sleep(1)
        assert (caller.leg.music, caller.partners) == (None, ["8001"])
        assert bench.work_of("8001") == "talking"
        assert [turned.phase for turned in bench.facts(TalkTurned)] == ["held", "talking"]
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_the_telephones_own_button_holds_as_the_key_does() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        agent.holds()
        await asyncio.sleep(1)
        assert (caller.leg.music, caller.partners) == ("default", [])
        agent.retrieves()
        await caller.meets("8001")
        assert caller.leg.music is None
        agent.retrieves()
        await asyncio.sleep(1)
        assert caller.partners == ["8001"]
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_the_recording_leaves_the_hold_out() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        await agent.presses("*1")
        await asyncio.sleep(100)
        await agent.presses("*1")
        await asyncio.sleep(10)
        agent.hangs_up()
        await caller.hears("rating.ask")
        left, kept = bench.fact(PersonLeft), bench.fact(RecordingKept)
        assert left.talked_s - kept.duration_s == pytest.approx(100, abs=1)
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_an_agent_pauses_the_recording_while_secrets_are_told() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        await agent.presses("*8")
        await asyncio.sleep(50)
        await agent.presses("*8")
        await asyncio.sleep(10)
        caller.hangs_up()
        assert await bench.is_quiet() == []
        left, kept = bench.fact(PersonLeft), bench.fact(RecordingKept)
        assert left.talked_s - kept.duration_s == pytest.approx(50, abs=1)


async def test_a_pause_that_is_wanted_outlasts_a_hold_and_a_restart() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        await agent.presses("*8")
        await asyncio.sleep(10)
        await agent.presses("*1")
        await asyncio.sleep(10)
        await agent.presses("*1")
        await asyncio.sleep(10)
        await bench.restart()
        await asyncio.sleep(10)
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.fact(RecordingKept).duration_s < 30


async def test_keys_of_the_agent_are_not_heard_by_the_caller() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        await agent.presses("*1")
        await asyncio.sleep(1)
        await agent.presses("*1")
        await asyncio.sleep(1)
        await agent.presses("5")
        await asyncio.sleep(1)
        assert heard_keys(caller) == []
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_caller_who_hangs_up_on_hold_leaves_nothing() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        await agent.presses("*1")
        await asyncio.sleep(1)
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_an_agent_who_hangs_up_on_a_held_caller_has_served() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        await agent.presses("*1")
        await asyncio.sleep(1)
        agent.hangs_up()
        await caller.hears("rating.ask")
        assert caller.leg.music is None
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_held_caller_is_found_again_by_the_next_engine() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        await agent.presses("*1")
        await asyncio.sleep(1)
        await bench.restart()
        await asyncio.sleep(5)
        assert (caller.leg.music, caller.partners) == ("default", [])
        assert bench.work_of("8001") == "hold"
        await agent.presses("*1")
        await caller.meets("8001")
        assert caller.leg.music is None
        caller.hangs_up()
        assert await bench.is_quiet() == []
