"""Waiting for a person: place, music, news, keys, and agents who do not come."""

import asyncio

import pytest

from acd.events import AgentLoggedOut, PhoneVanished
from acd.model import AgentId
from ivrengine.calls.facts import CallEnded, OfferFailed, PersonOffered, SeekGivenUp
from ivrengine.simulator.leg import MUSIC
from ivrengine.simulator.party import Party
from ivrengine.simulator.phone import Manner
from tests.kit.bench.bench import Bench, a_bench

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

TRADING = "201"


async def waiter(bench: Bench, caller: str = "13900000001", keys: str = TRADING) -> Party:
    """Somebody who has keyed the way to a person and hears music."""
    party = bench.call_in(caller)
    await party.presses(keys)
    await party.hears_music()
    return party


def music_begins(party: Party) -> int:
    return sum(media.startswith(MUSIC) for media in party.heard)


async def test_a_caller_hears_the_place_with_music_stopped_for_it_and_begun_again_once() -> None:
    async with a_bench() as bench:
        await bench.ready("8001", Manner.ANSWERS, acts_after_s=0.1)
        first = await waiter(bench)
        await first.meets("8001")
        second, third = await waiter(bench, "13900000002"), await waiter(bench, "13900000003")
        await second.hears("en/num/1")
        await third.hears("en/num/2")
        music = third.leg.heard[-1]
        await third.hears("queue.keys")
        await third.hears_music()
        assert not music.media.startswith(MUSIC)
        assert music_begins(third) == 2
        first.hangs_up()
        await second.meets("8001", within_s=120)
        await third.hears("en/num/1")
        for party in (second, third):
            party.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_star_leads_back_to_the_menus_and_frees_the_agent_who_rings() -> None:
    async with a_bench() as bench:
        agent = await bench.ready("8001")
        caller = await waiter(bench)
        ringing = await agent.rings()
        await caller.presses("*")
        await caller.hears("menu.main")
        assert ringing.is_over
        assert caller.leg.music is None
        await asyncio.sleep(0.1)
        assert bench.work_of("8001") == "idle"
        assert bench.fact(SeekGivenUp).outcome == "key"
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.fact(CallEnded).outcome == "completed"


async def test_two_leads_from_the_queue_to_a_message() -> None:
    async with a_bench() as bench:
        await bench.ready("8001")
        caller = await waiter(bench)
        await caller.presses("2")
        await caller.hears("mailbox.record")
        assert caller.leg.music is None


async def test_nobody_logged_in_is_said_at_once_and_a_message_offered() -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.presses(TRADING)
        await caller.hears("queue.nobody")
        await caller.hears("queue.offer_message")
        assert bench.fact(SeekGivenUp).outcome == "nobody"
        assert caller.leg.music is None


async def test_the_last_agent_who_logs_out_turns_those_away_who_wait() -> None:
    async with a_bench() as bench:
        await bench.ready("8001", Manner.REJECTS)
        caller = await waiter(bench)
        await asyncio.sleep(4)
        bench.engine.dispatcher.file(AgentLoggedOut(agent=AgentId("8001")))
        await caller.hears("queue.nobody")
        assert bench.facts(OfferFailed)[0].cause == "rejected"


@pytest.mark.parametrize(
    ("manner", "cause", "within_s"),
    [
        (Manner.REJECTS, "rejected", 5),
        (Manner.IS_BUSY, "busy", 2),
        (Manner.IS_AWAY, "unreachable", 2),
        (Manner.IS_DEAD, "unreachable", 8),
        (Manner.RINGS, "timeout", 25),
    ],
)
async def test_an_agent_who_does_not_come_costs_neither_place_nor_music(
    manner: Manner, cause: str, within_s: float
) -> None:
    async with a_bench() as bench:
        await bench.ready("8001", manner)
        caller = await waiter(bench)
        await asyncio.sleep(within_s)
        assert bench.facts(OfferFailed)[0].cause == cause
        if caller.leg.music is None:
            await caller.hears_music()
        contact = bench.facts(PersonOffered)[0].contact
        await bench.ready("8002", Manner.ANSWERS)
        await caller.meets("8002", within_s=40)
        assert bench.facts(PersonOffered)[-1].contact == contact
        caller.hangs_up()
        bench.phone("8001", Manner.IS_AWAY)
        assert await bench.is_quiet() == []


async def test_a_telephone_that_vanishes_while_it_rings_is_given_up_at_once() -> None:
    async with a_bench() as bench:
        agent = await bench.ready("8001")
        caller = await waiter(bench)
        await agent.rings()
        agent.vanishes()
        bench.engine.dispatcher.file(PhoneVanished(agent=AgentId("8001")))
        await asyncio.sleep(0.1)
        assert bench.fact(OfferFailed).cause == "unreachable"
        assert caller.leg.music == "default"
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_caller_who_hangs_up_while_it_rings_frees_the_agent_without_wrap_up() -> None:
    async with a_bench() as bench:
        agent = await bench.ready("8001")
        caller = await waiter(bench)
        ringing = await agent.rings()
        caller.hangs_up()
        await asyncio.sleep(0.1)
        assert ringing.is_over
        assert bench.work_of("8001") == "idle"
        assert await bench.is_quiet() == []
        assert bench.fact(CallEnded).outcome == "abandoned"


async def test_waiting_has_an_end() -> None:
    async with a_bench() as bench:
        await bench.ready("8001", Manner.REJECTS)
        caller = await waiter(bench)
        await caller.hears("queue.timed_out", within_s=1000)
        assert caller.leg.music is None
        assert bench.fact(SeekGivenUp).outcome == "timed-out"


async def test_an_agent_by_number_is_waited_for_alone() -> None:
    async with a_bench() as bench:
        await bench.ready("8001", Manner.ANSWERS)
        wanted = await bench.ready("8005", Manner.ANSWERS)
        caller = bench.call_in()
        await caller.presses("258005#")
        await caller.hears("direct.connecting")
        await caller.meets("8005")
        assert wanted.call is not None
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_an_agent_number_that_nobody_has_is_asked_for_again() -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.presses("257777#")
        await caller.hears("direct.wrong_number")
        assert caller.leg.music is None
        assert bench.fact(SeekGivenUp).outcome == "unknown"


async def test_one_at_the_absent_agent_waits_on_with_the_same_music() -> None:
    async with a_bench() as bench:
        await bench.ready("8005", Manner.REJECTS)
        caller = bench.call_in()
        await caller.presses("258005#")
        await caller.hears("direct.not_free")
        await caller.presses("1")
        await caller.hears_music()
        assert caller.leg.music == "default"
        assert bench.facts(SeekGivenUp) == []
