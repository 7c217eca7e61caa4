"""A caller who goes to the menus and comes back in time waits on since the first time."""

import asyncio

import pytest

from acd.events import AgentLoggedIn
from acd.model import AgentId
from ivrengine.calls.facts import PersonSought, WaitAnnounced
from ivrengine.simulator.leg import MUSIC
from tests.kit.bench.bench import Bench, a_bench
from tests.kit.bench.callbacks import takes_the_callback
from tests.kit.bench.talks import TRADING

pytestmark = [pytest.mark.calls, pytest.mark.looptime]


async def staffed(bench: Bench) -> None:
    """An agent who is there and not ready."""
    bench.phone("8001")
    await bench.engine.dispatcher.tell(AgentLoggedIn(agent=AgentId("8001")))


async def test_who_comes_back_in_time_is_served_before_those_who_came_meanwhile() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        first, second = bench.call_in("13900000001"), bench.call_in("13900000002")
        await first.presses(TRADING)
        await first.hears(MUSIC)
        await asyncio.sleep(30)
        await second.presses(TRADING)
        await second.hears(MUSIC)
        await first.presses("*")
        await first.hears("menu.main")
        await asyncio.sleep(20)
        await first.presses("01")
        await first.hears("num/1")
        sought = bench.facts(PersonSought)
        assert sought[2].since == sought[0].since
        assert sought[2].contact != sought[0].contact
        await takes_the_callback(bench)
        await first.meets("8001")


async def test_who_stays_away_too_long_waits_anew() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        caller = bench.call_in()
        await caller.presses(TRADING)
        await caller.hears(MUSIC)
        await caller.presses("*")
        keeps_s = bench.world.roster.queues["trading"].keeps_place_s
        for _ in range(int(keeps_s // 20) + 1):
            await asyncio.sleep(20)
            await caller.presses("#")
        await caller.presses("01")
        await caller.hears(MUSIC)
        first, again = bench.facts(PersonSought)
        assert again.since > first.since + keeps_s


async def test_another_queue_is_waited_for_anew() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        caller = bench.call_in()
        await caller.presses(TRADING)
        await caller.hears(MUSIC)
        await asyncio.sleep(10)
        await caller.presses("*")
        await caller.presses("00")
        await caller.hears(MUSIC)
        first, again = bench.facts(PersonSought)
        assert (again.queue, again.since > first.since + 10) == ("general", True)


async def test_the_place_is_kept_through_the_death_of_the_engine() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        caller = bench.call_in()
        await caller.presses(TRADING)
        await caller.hears(MUSIC)
        await asyncio.sleep(10)
        await caller.presses("*")
        await caller.hears("menu.main")
        await bench.restart()
        await caller.hears("menu.main")
        await caller.presses("01")
        await caller.hears(MUSIC)
        first, again = bench.facts(PersonSought)
        assert again.since == first.since


async def test_a_caller_hears_how_long_it_will_take_and_that_is_kept_in_the_record() -> None:
    async with a_bench() as bench:
        await bench.ready("8002")
        talker = bench.call_in("13900000009")
        await talker.presses(TRADING)
        await bench.phones["8002"].rings()
        bench.phones["8002"].answers()
        await talker.meets("8002")
        caller = bench.call_in()
        await caller.presses(TRADING)
        await caller.hears("queue.position_lead")
        await caller.hears("queue.expected_lead")
        await caller.hears("queue.expected_tail")
        told = bench.fact(WaitAnnounced)
        assert told.position == 1
        assert told.expected_s % 60 == 0
        assert told.expected_s > 60
        assert told.waited_s == pytest.approx(5, abs=0.1)


async def test_no_wait_is_promised_while_nobody_is_ready_to_serve() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        caller = bench.call_in()
        await caller.presses(TRADING)
        await caller.hears("queue.keys")
        assert not [media for media in caller.heard if "expected" in media]
