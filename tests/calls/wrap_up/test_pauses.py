"""Recordings are paused while secrets are keyed: by the agent, by order, and never for ever."""

import asyncio

import pytest

from ivrengine.agents.orders import NotPossible, UnknownAgent
from ivrengine.agents.recording import RecordingAnswer, RecordingTurned, RecordingVerb
from ivrengine.calls.talk_facts import TalkTurned
from ivrengine.simulator.party import Party
from ivrengine.simulator.phone import SimulatedPhone
from ivrengine.values import AgentNumber
from tests.kit.bench.bench import Bench, a_bench

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

LIMIT_S = 120


async def talking(bench: Bench) -> tuple[Party, SimulatedPhone]:
    """A caller and an agent who talk and are recorded."""
    agent = await bench.ready("8001")
    caller = bench.call_in()
    await caller.presses("201")
    await agent.rings()
    agent.answers()
    await caller.meets("8001")
    await asyncio.sleep(2)
    return caller, agent


async def turn(bench: Bench, verb: RecordingVerb, agent: str = "8001") -> RecordingAnswer:
    """Somebody at the API orders it."""
    return await bench.engine.house.recordings.turn(AgentNumber(agent), verb, by="tester")


def pauses(bench: Bench) -> list[bool]:
    """Whether the recording was paused, turn by turn."""
    return [each.recording_paused for each in bench.facts(TalkTurned)]


async def test_a_recording_is_paused_and_goes_on_by_order() -> None:
    async with a_bench() as bench:
        caller, _ = await talking(bench)
        assert isinstance(await turn(bench, RecordingVerb.PAUSE), RecordingTurned)
        assert isinstance(await turn(bench, RecordingVerb.PAUSE), NotPossible)
        assert isinstance(await turn(bench, RecordingVerb.RESUME), RecordingTurned)
        assert pauses(bench) == [True, False]
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_pause_that_was_forgotten_ends_by_itself() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        assert agent.call is not None
        await agent.call.presses("*8")
        await asyncio.sleep(LIMIT_S - 2)
        assert pauses(bench) == [True]
        await asyncio.sleep(4)
        assert pauses(bench) == [True, False]
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_pause_ends_by_itself_also_when_the_engine_died_in_it() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        assert agent.call is not None
        await agent.call.presses("*8")
        await asyncio.sleep(1)
        await bench.restart()
        await asyncio.sleep(LIMIT_S + 2)
        assert pauses(bench)[-1] is False
        assert caller.partners == ["8001"]
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_pause_that_ended_in_time_leaves_no_timer() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        assert agent.call is not None
        await agent.call.presses("*8")
        await asyncio.sleep(5)
        await agent.call.presses("*8")
        await asyncio.sleep(LIMIT_S + 10)
        assert pauses(bench) == [True, False]
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_there_is_nothing_to_pause_without_a_conversation() -> None:
    async with a_bench() as bench:
        await bench.ready("8001")
        assert isinstance(await turn(bench, RecordingVerb.PAUSE), NotPossible)
        assert isinstance(await turn(bench, RecordingVerb.PAUSE, "9999"), UnknownAgent)
