"""Who is let in: known numbers, as many as there are lines."""

import asyncio

import pytest

from ivrengine.calls.facts import CallAdmitted, CallEnded, CallRefused
from ivrengine.errors import SwitchUnavailable
from ivrengine.telephony import HangUpCause, SwitchConnected
from tests.kit.bench.bench import a_bench

pytestmark = [pytest.mark.calls, pytest.mark.looptime]


async def test_an_unknown_number_is_refused_as_such() -> None:
    async with a_bench() as bench:
        ended = await bench.call_in(number="12345").is_let_go()
        assert ended.cause is HangUpCause.UNKNOWN_NUMBER
        assert bench.fact(CallRefused).reason == "unknown-number"
        assert not bench.facts(CallAdmitted)
        assert await bench.is_quiet() == []


async def test_a_call_too_many_is_told_that_the_lines_are_busy_and_the_next_one_is_served() -> None:
    async with a_bench() as bench:
        callers = [bench.call_in(f"1390000000{n}") for n in range(3)]
        for caller in callers:
            await caller.hears("welcome.greeting")
        ended = await bench.call_in("13900000009").is_let_go()
        assert ended.cause is HangUpCause.CONGESTION
        assert bench.fact(CallRefused).reason == "no-line"
        callers[0].hangs_up()
        await asyncio.sleep(0.1)
        await bench.call_in("13900000009").hears("welcome.greeting")


async def test_the_other_trunk_has_lines_of_its_own() -> None:
    async with a_bench() as bench:
        toll_free = bench.call_in(number="8008202588", trunk="tollfree")
        await toll_free.hears("welcome.greeting")
        again = await bench.call_in(number="8008202588", trunk="tollfree").is_let_go()
        assert again.cause is HangUpCause.CONGESTION
        await bench.call_in().hears("welcome.greeting")


async def test_a_refusal_that_the_switch_does_not_hear_is_repeated_and_noted_once() -> None:
    async with a_bench() as bench:
        bench.world.exchange.fail("hang_up", SwitchUnavailable("no answer"), times=3)
        caller = bench.call_in(number="12345")
        await asyncio.sleep(0.5)
        await bench.engine.reconciler(SwitchConnected(restarted=False, at=0.0))
        await caller.is_let_go()
        assert len(bench.facts(CallRefused)) == 1
        assert await bench.is_quiet() == []


async def test_a_caller_who_is_gone_before_the_answer_leaves_a_whole_record() -> None:
    async with a_bench() as bench:
        bench.world.exchange.order_delay_s = 0.5
        caller = bench.call_in()
        await asyncio.sleep(0.6)
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.fact(CallEnded).by == "caller"
