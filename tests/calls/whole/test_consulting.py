"""Consultations, attended transfers and conferences: who hears whom, whoever leaves and when."""

import asyncio

import pytest

from ivrengine.calls.facts import PersonJoined, PersonLeft
from ivrengine.calls.talk_facts import PersonTransferred
from ivrengine.simulator.party import Party
from ivrengine.simulator.phone import Manner
from tests.kit.bench.bench import Bench, a_bench
from tests.kit.bench.talks import picked_up, talking

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

CALLER, OUTSIDE = "13900000001", "13800000002"


async def consulting(bench: Bench) -> tuple[Party, Party, Party]:
    """A caller who waits while the agent 8001 speaks with 8002."""
    caller, agent = await talking(bench)
    await bench.ready("8002")
    await agent.presses("*38002#")
    third = await picked_up(bench, "8002")
    await agent.meets("8002")
    return caller, agent, third


async def test_the_agent_hears_it_ring_while_the_caller_hears_music() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        other = await bench.ready("8002")
        await agent.presses("*38002#")
        await other.rings()
        await agent.hears("tone:ring")
        assert (caller.leg.music, caller.partners, agent.partners) == ("default", [], [])
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_agent_and_third_speak_apart_from_the_caller() -> None:
    async with a_bench() as bench:
        caller, agent, third = await consulting(bench)
        assert (agent.partners, third.partners) == (["8002"], ["8001"])
        assert (caller.leg.music, caller.voices) == ("default", [])
        assert (bench.work_of("8001"), bench.work_of("8002")) == ("hold", "talking")
        caller.hangs_up()
        await asyncio.sleep(1)
        assert agent.is_over
        assert third.is_over
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_the_caller_is_handed_over_to_the_third() -> None:
    async with a_bench() as bench:
        caller, agent, third = await consulting(bench)
        await agent.presses("*5")
        await caller.meets("8002")
        assert agent.is_over
        assert caller.leg.music is None
        assert bench.work_of("8001") == "acw"
        await asyncio.sleep(10)
        third.hangs_up()
        await caller.hears("rating.ask")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []
        assert bench.fact(PersonTransferred).attended
        assert [joined.agent for joined in bench.facts(PersonJoined)] == ["8001", "8002"]


async def test_hanging_up_hands_over_as_the_key_does() -> None:
    async with a_bench() as bench:
        caller, agent, _ = await consulting(bench)
        agent.hangs_up()
        await caller.meets("8002")
        await asyncio.sleep(5)
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert [left.by for left in bench.facts(PersonLeft)] == ["agent", "caller"]


async def test_the_new_agent_can_do_all_that_the_first_could() -> None:
    async with a_bench() as bench:
        caller, agent, third = await consulting(bench)
        await agent.presses("*5")
        await caller.meets("8002")
        await bench.ready("8003")
        await third.presses("*38003#")
        await picked_up(bench, "8003")
        await third.meets("8003")
        await third.presses("*5")
        await caller.meets("8003")
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_the_agent_changes_between_the_two_and_nobody_hears_what_is_not_meant_for_them() -> (
    None
):
    async with a_bench() as bench:
        caller, agent, third = await consulting(bench)
        await agent.presses("*4")
        await caller.meets("8001")
        await asyncio.sleep(1)
        assert (third.leg.music, third.partners) == ("default", [])
        assert bench.work_of("8002") == "hold"
        await agent.presses("*4")
        await third.meets("8001")
        await asyncio.sleep(1)
        assert (caller.leg.music, caller.partners) == ("default", [])
        await agent.presses("*7")
        await caller.meets("8001")
        await asyncio.sleep(1)
        assert third.is_over
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_three_talk_and_two_talk_on_when_the_agent_leaves() -> None:
    async with a_bench() as bench:
        caller, agent, third = await consulting(bench)
        await agent.presses("*6")
        await caller.meets("8002")
        assert sorted(caller.partners) == ["8001", "8002"]
        assert sorted(third.partners) == [CALLER, "8001"]
        agent.hangs_up()
        await asyncio.sleep(1)
        assert caller.partners == ["8002"]
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_three_talk_and_two_talk_on_when_the_third_leaves() -> None:
    async with a_bench() as bench:
        caller, agent, third = await consulting(bench)
        await agent.presses("*6")
        await caller.meets("8002")
        third.hangs_up()
        await asyncio.sleep(1)
        assert caller.partners == ["8001"]
        await agent.presses("*1")
        await asyncio.sleep(1)
        assert caller.leg.music == "default"
        caller.hangs_up()
        assert await bench.is_quiet() == []


@pytest.mark.parametrize("manner", [Manner.REJECTS, Manner.IS_BUSY, Manner.RINGS, Manner.IS_AWAY])
async def test_a_third_who_does_not_come_leaves_the_agent_with_the_caller(manner: Manner) -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        bench.phone("8002", manner)
        await agent.presses("*38002#")
        await caller.hears_music()
        await agent.hears("talk.not_reached")
        assert caller.partners == ["8001"]
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_the_agent_may_stop_calling_the_third() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        other = await bench.ready("8002")
        await agent.presses("*38002#")
        ringing = await other.rings()
        await agent.presses("*7")
        await caller.meets("8001")
        await asyncio.sleep(1)
        assert ringing.is_over
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_an_agent_who_hangs_up_before_the_third_came_leaves_the_caller_to_the_queue() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        other = await bench.ready("8002")
        await agent.presses("*38003#")
        await caller.hears_music()
        agent.hangs_up()
        await other.rings()
        other.answers()
        await caller.meets("8002")
        assert not [media for media in caller.heard if "rating" in media]
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_third_who_leaves_gives_the_caller_back_to_the_agent() -> None:
    async with a_bench() as bench:
        caller, _, third = await consulting(bench)
        third.hangs_up()
        await caller.meets("8001")
        assert caller.leg.music is None
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_third_who_leaves_after_a_while_does_so_too() -> None:
    async with a_bench() as bench:
        caller, _, third = await consulting(bench)
        await asyncio.sleep(5)
        third.hangs_up()
        await caller.meets("8001")
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_somebody_outside_is_consulted_and_takes_the_caller_over() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        outside = bench.world.exchange.outside_phone(OUTSIDE, Manner.ANSWERS)
        await agent.presses(f"*30{OUTSIDE}#")
        await agent.meets(OUTSIDE)
        await agent.presses("*5")
        await caller.meets(OUTSIDE)
        assert agent.is_over
        caller.hangs_up()
        await asyncio.sleep(1)
        assert outside.call is None
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_whoever_is_free_of_a_queue_can_be_consulted() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        await bench.ready("8021")
        await agent.presses("*33#")
        await picked_up(bench, "8021")
        await agent.meets("8021")
        await agent.presses("*5")
        await caller.meets("8021")
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_telephone_that_vanishes_in_a_consultation_hands_over_too() -> None:
    async with a_bench() as bench:
        caller, _, _ = await consulting(bench)
        bench.phones["8001"].vanishes()
        await caller.meets("8002")
        caller.hangs_up()
        assert await bench.is_quiet() == []
