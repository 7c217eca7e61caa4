"""Transfers without a word before: to agents, queues, menus and numbers outside, and back again."""

import asyncio

import pytest

from ivrengine.calls.facts import PersonJoined, PersonSought
from ivrengine.calls.talk_facts import OutsideJoined, OutsideLeft, PersonTransferred
from ivrengine.simulator.phone import Manner
from tests.kit.bench.bench import a_bench
from tests.kit.bench.talks import picked_up, talking

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

OUTSIDE = "13800000002"


async def test_a_caller_is_handed_to_another_agent_whom_the_caller_then_hears() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        await bench.ready("8002")
        await agent.presses("*28002#")
        await caller.hears_music()
        await agent.is_let_go(within_s=1.0)
        other = await picked_up(bench, "8002")
        await caller.meets("8002")
        await asyncio.sleep(10)
        other.hangs_up()
        await caller.hears("rating.ask")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []
        handed = bench.fact(PersonTransferred)
        assert (handed.agent, handed.target, handed.attended) == ("8001", "agent:8002", False)


async def test_a_caller_is_handed_to_another_queue_and_keeps_the_time_waited() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        await bench.ready("8021")
        await agent.presses("*23#")
        await picked_up(bench, "8021")
        await caller.meets("8021")
        first, second = bench.facts(PersonSought)
        assert (second.queue, second.since) == ("complaints", first.since)
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_an_agent_who_does_not_come_leads_back_to_the_one_who_handed_over() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        await bench.ready("8002")
        await agent.presses("*28002#")
        await caller.hears_music()
        await asyncio.sleep(32)
        await picked_up(bench, "8001")
        await caller.meets("8001")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_when_that_one_does_not_come_either_the_queue_serves_the_caller_next() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        rival = bench.call_in("13900000002")
        await rival.presses("201")
        bench.phone("8001", Manner.IS_DEAD)
        await agent.presses("*28002#")
        await asyncio.sleep(31)
        third = await bench.ready("8003")
        await third.rings()
        third.answers()
        await caller.meets("8003")
        caller.hangs_up()
        rival.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_caller_is_sent_to_the_main_menu_without_being_asked_for_a_rating() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        await agent.presses("*29#")
        await agent.is_let_go(within_s=1.0)
        await caller.hears("menu.main")
        assert not [media for media in caller.heard if "rating" in media]
        await caller.presses("11600519")
        await caller.hears("quotes.last")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_a_caller_is_handed_to_a_telephone_outside() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        outside = bench.world.exchange.outside_phone(OUTSIDE)
        await agent.presses(f"*20{OUTSIDE}#")
        await outside.rings()
        assert bench.lines_in_use("main") == 2
        talk = outside.answers()
        await caller.meets(OUTSIDE)
        assert agent.is_over
        await asyncio.sleep(10)
        talk.hangs_up()
        await caller.hears("rating.ask")
        assert bench.lines_in_use("main") == 1
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []
        assert bench.fact(OutsideJoined).number == OUTSIDE
        assert bench.fact(OutsideLeft).by == "outside"


@pytest.mark.parametrize("manner", [Manner.IS_BUSY, Manner.REJECTS, Manner.RINGS, Manner.IS_AWAY])
async def test_a_telephone_outside_that_does_not_come_leads_back_to_the_agent(
    manner: Manner,
) -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        bench.world.exchange.outside_phone(OUTSIDE, manner)
        await agent.presses(f"*20{OUTSIDE}#")
        await caller.hears_music()
        await picked_up(bench, "8001")
        await caller.meets("8001")
        assert bench.lines_in_use("main") == 1
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_nobody_is_dropped_when_all_lines_are_taken() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        others = [bench.call_in(f"1390000000{n}") for n in (5, 6)]
        bench.world.exchange.outside_phone(OUTSIDE)
        await agent.presses(f"*20{OUTSIDE}#")
        await picked_up(bench, "8001")
        await caller.meets("8001")
        for each in (caller, *others):
            each.hangs_up()
        assert await bench.is_quiet() == []


@pytest.mark.parametrize("keys", ["*28099#", "*28001#", "*2#", "*277#", "*5", "*6", "*4", "*7"])
async def test_what_cannot_be_done_is_said_to_the_agent_and_changes_nothing(keys: str) -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        await agent.presses(keys)
        await agent.hears("agent.refused")
        assert caller.partners == ["8001"]
        assert not [media for media in caller.heard if "refused" in media]
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_keys_of_the_caller_order_nothing() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        await caller.presses("*28002#*1")
        await asyncio.sleep(2)
        assert caller.partners == ["8001"]
        assert agent.partners == ["13900000001"]
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_caller_who_hangs_up_between_two_agents_leaves_nothing() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        other = await bench.ready("8002")
        await agent.presses("*28002#")
        await other.rings()
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert len(bench.facts(PersonJoined)) == 1
