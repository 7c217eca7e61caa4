"""The softswitch out of reach, restarted, or silent: calls stand still and go on."""

import asyncio
from collections import Counter

import pytest

from acd.trunk_groups import TrunkGroup
from ivrengine.calls.facts import CallEnded, PersonLeft, SeekGivenUp
from ivrengine.calls.line_rules import LineRules
from ivrengine.errors import SwitchUnavailable
from ivrengine.simulator.phone import Manner
from ivrengine.telephony import HangUpCause
from tests.kit.bench.bench import a_bench

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

OUT_OF_REACH = SwitchUnavailable("no answer")


@pytest.mark.parametrize(
    "order",
    ["lift_guard", "answer", "play", "stop", "start_music", "stop_music", "create_bridge", "join"],
)
async def test_an_order_that_is_not_answered_is_given_again_and_nothing_else_happens(
    order: str,
) -> None:
    async with a_bench() as bench:
        bench.world.exchange.fail(order, OUT_OF_REACH, times=2)
        agent = await bench.ready("8001", Manner.ANSWERS)
        caller = bench.call_in()
        await caller.hears("welcome.greeting")
        await caller.presses("2")
        await caller.hears("menu.main")
        await caller.presses("01")
        await caller.meets("8001")
        await asyncio.sleep(5)
        agent.hangs_up()
        await caller.hears("rating.ask")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_a_caller_hears_the_menu_again_after_the_connection_is_back() -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.presses("2")
        await caller.hears("menu.main")
        bench.world.exchange.lose_connection()
        await caller.presses("1")
        await asyncio.sleep(30)
        bench.world.exchange.connect()
        await caller.hears("quotes.notice")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_a_caller_who_hangs_up_during_a_break_is_known_to_be_gone_after_it() -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.hears("welcome.greeting")
        bench.world.exchange.lose_connection()
        caller.hangs_up()
        await asyncio.sleep(10)
        assert bench.engine.calls.sessions
        bench.world.exchange.connect()
        assert await bench.is_quiet() == []
        assert bench.fact(CallEnded).by == "caller"


async def test_a_conversation_goes_on_through_a_break() -> None:
    async with a_bench() as bench:
        await bench.ready("8001", Manner.ANSWERS)
        caller = bench.call_in()
        await caller.presses("201")
        await caller.meets("8001")
        bench.world.exchange.lose_connection()
        await asyncio.sleep(60)
        bench.world.exchange.connect()
        await asyncio.sleep(5)
        assert caller.partners == ["8001"]
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_an_announcement_goes_on_through_a_break() -> None:
    async with a_bench() as bench:
        await bench.ready("8001", Manner.ANSWERS)
        caller = bench.call_in()
        await caller.presses("201")
        await caller.hears("queue.agent_lead")
        bench.world.exchange.lose_connection()
        bench.world.exchange.connect()
        await caller.meets("8001")
        await asyncio.sleep(5)
        assert caller.partners == ["8001"]


async def test_a_call_that_comes_while_the_listing_is_made_is_not_taken_for_a_lost_one() -> None:
    async with a_bench() as bench:
        bench.world.exchange.lose_connection()
        bench.world.exchange.order_delay_s = 0.5
        bench.world.exchange.connect()
        await asyncio.sleep(0.7)
        caller = bench.call_in()
        await caller.hears("welcome.greeting")
        assert not bench.facts(CallEnded)


async def test_the_books_are_closed_when_the_switch_was_restarted() -> None:
    async with a_bench() as bench:
        await bench.ready("8001", Manner.ANSWERS)
        talker, waiter, chooser = (bench.call_in(f"1390000000{n}") for n in range(3))
        await talker.presses("201")
        await talker.meets("8001")
        await waiter.presses("201")
        await waiter.hears_music()
        await chooser.hears("menu.main")
        bench.world.exchange.restart()
        await asyncio.sleep(1)
        assert await bench.is_quiet() == []
        assert {fact.outcome for fact in bench.facts(CallEnded)} == {"failed"}
        assert {fact.by for fact in bench.facts(CallEnded)} == {"system"}
        assert len(bench.facts(PersonLeft)) == len(bench.facts(SeekGivenUp)) == 1
        await bench.call_in().hears("welcome.greeting")


async def test_a_reconciliation_that_is_not_answered_is_tried_again() -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.hears("welcome.greeting")
        bench.world.exchange.fail("live_legs", OUT_OF_REACH, times=2)
        bench.kill()
        caller.hangs_up()
        await asyncio.sleep(1)
        bench.start()
        assert await bench.is_quiet() == []
        assert bench.engine.reconciler.done


async def test_a_leg_whose_end_is_never_told_is_given_up() -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.presses("2")
        await caller.hears("menu.main")
        bench.engine.legs.claim(caller.leg.id, lambda event: None)
        caller.hangs_up()
        await asyncio.sleep(400)
        assert not bench.engine.calls.sessions
        assert bench.fact(CallEnded).outcome == "failed"


async def test_whom_a_softswitch_that_is_too_slow_cannot_answer_is_turned_away() -> None:
    async with a_bench(lines=LineRules(groups=(TrunkGroup(name="main", lines=17),))) as bench:
        bench.world.exchange.order_delay_s = 4.5
        callers = [bench.call_in(f"139111100{n:02}") for n in range(17)]
        await asyncio.sleep(4.1)
        bench.world.exchange.order_delay_s = 0.0
        for caller in callers[:16]:
            await caller.hears("welcome.greeting")
            caller.hangs_up()
        assert await bench.is_quiet() == []
        assert (await callers[16].is_let_go()).cause is HangUpCause.CONGESTION
        outcomes = Counter(fact.outcome for fact in bench.facts(CallEnded))
        assert outcomes == {"completed": 16, "overload": 1}
        assert bench.errors() == []
