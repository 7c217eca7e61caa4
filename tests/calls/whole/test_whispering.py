"""What the agent is told before the caller is joined, and that neither side waits for nothing."""

from dataclasses import replace

import pytest

from ivrengine.simulator.party import Party
from tests.kit.bench.bench import Bench, a_bench
from tests.kit.bench.talks import TRADING

pytestmark = [pytest.mark.calls, pytest.mark.looptime]


async def answered(bench: Bench) -> tuple[Party, Party]:
    """A caller of the trading queue whose agent has picked up in this moment."""
    phone = await bench.ready("8001")
    caller = bench.call_in()
    await caller.presses(TRADING)
    talk = await phone.rings()
    phone.answers()
    return caller, talk


async def test_the_two_are_joined_when_both_have_heard_it_all() -> None:
    async with a_bench() as bench:
        caller, agent = await answered(bench)
        await caller.meets("8001")
        last_told = max(heard.until or 0.0 for heard in agent.leg.heard)
        last_announced = max(heard.until or 0.0 for heard in caller.leg.heard)
        joined = bench.world.clock.now()
        assert max(last_told, last_announced) == pytest.approx(joined, abs=0.2)
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_the_agent_can_cut_the_whisper_and_the_caller_hears_the_number_all_the_same() -> None:
    async with a_bench() as bench:
        caller, agent = await answered(bench)
        await agent.hears("whisper.queue.trading")
        await agent.presses("#")
        await caller.hears("queue.agent_tail")
        await caller.meets("8001")
        assert agent.leg.heard[-1].cut
        assert not [heard for heard in caller.leg.heard[-3:] if heard.cut]
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_queue_may_do_without_and_the_agent_then_hears_what_the_caller_does() -> None:
    async with a_bench() as bench:
        roster = bench.engine.dispatcher.roster
        quiet = roster.queues["trading"].model_copy(update={"whisper": False})
        bench.engine.dispatcher.roster = replace(roster, queues={**roster.queues, "trading": quiet})
        caller, agent = await answered(bench)
        await agent.hears("queue.agent_tail")
        await caller.meets("8001")
        assert not [media for media in agent.heard if "whisper" in media]
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_an_agent_who_hangs_up_amid_the_whisper_costs_the_caller_nothing() -> None:
    async with a_bench() as bench:
        caller, agent = await answered(bench)
        await agent.hears("whisper.queue.trading")
        agent.hangs_up()
        await caller.hears_music()
        other = await bench.ready("8002")
        await other.rings()
        other.answers()
        await caller.meets("8002")
        caller.hangs_up()
        assert await bench.is_quiet() == []
