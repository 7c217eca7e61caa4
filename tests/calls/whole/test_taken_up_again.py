"""What a new engine makes of the calls of a dead one, when the world has moved on meanwhile."""

import asyncio

import pytest

from ivrengine.agents.event_log import MemoryEventLog
from ivrengine.calls.facts import CallEnded, CallResumed, PersonLeft, PersonSought, SeekGivenUp
from ivrengine.flow.loader import load
from ivrengine.flow.model import FlowSet
from ivrengine.simulator.party import Party
from ivrengine.simulator.phone import Manner, SimulatedPhone
from tests.kit.bench.bench import Bench, a_bench
from tests.kit.flows import demo_sources

pytestmark = [pytest.mark.calls, pytest.mark.looptime]


def other_flows() -> FlowSet:
    """The demonstration's flows, the one that waits with another limit."""
    sources = demo_sources()
    sources["waiting.yaml"] = sources["waiting.yaml"].replace("max_wait_s: 900", "max_wait_s: 800")
    return load(sources)


async def talker(bench: Bench) -> tuple[Party, SimulatedPhone]:
    agent = await bench.ready("8001", Manner.ANSWERS)
    caller = bench.call_in()
    await caller.presses("201")
    await caller.meets("8001")
    await asyncio.sleep(5)
    return caller, agent


async def waiter(bench: Bench) -> Party:
    await bench.ready("8001", Manner.REJECTS)
    caller = bench.call_in()
    await caller.presses("201")
    await caller.hears_music()
    return caller


async def test_a_conversation_ends_as_usual_after_the_restart() -> None:
    async with a_bench() as bench:
        caller, agent = await talker(bench)
        await bench.restart()
        await asyncio.sleep(10)
        assert bench.fact(CallResumed).stage == "talking"
        assert bench.work_of("8001") == "talking"
        agent.hangs_up()
        await caller.hears("rating.ask")
        await caller.presses("4")
        await caller.hears("rating.thanks")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.fact(PersonLeft).talked_s == pytest.approx(17, abs=0.1)
        assert bench.fact(CallEnded).outcome == "answered"


async def test_an_agent_who_hung_up_while_the_engine_was_away_is_missed() -> None:
    async with a_bench() as bench:
        caller, agent = await talker(bench)
        bench.kill()
        await asyncio.sleep(1)
        agent.hangs_up()
        await asyncio.sleep(1)
        bench.start()
        await caller.hears("rating.ask")
        assert bench.work_of("8001") in ("acw", "idle")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_a_caller_who_hung_up_while_the_engine_was_away_leaves_closed_books() -> None:
    async with a_bench() as bench:
        caller, agent = await talker(bench)
        bench.kill()
        caller.hangs_up()
        await asyncio.sleep(1)
        bench.start()
        await asyncio.sleep(0.5)
        assert agent.call is None
        assert await bench.is_quiet() == []
        assert bench.fact(CallEnded).cause == "ended-while-engine-away"
        assert bench.fact(PersonLeft).by == "system"


async def test_a_caller_who_gave_up_waiting_while_the_engine_was_away_rings_nobody() -> None:
    async with a_bench() as bench:
        caller = await waiter(bench)
        bench.kill()
        caller.hangs_up()
        await asyncio.sleep(1)
        agent = bench.phone("8001")
        bench.start()
        await asyncio.sleep(20)
        assert agent.calls == []
        assert await bench.is_quiet() == []
        assert bench.fact(SeekGivenUp).outcome == "ended-while-engine-away"


async def test_nobody_notices_when_the_log_of_distribution_is_lost() -> None:
    async with a_bench() as bench:
        caller, agent = await talker(bench)
        bench.kill()
        bench.world.agents_log = MemoryEventLog()
        await asyncio.sleep(1)
        bench.start()
        await asyncio.sleep(30)
        assert caller.partners == ["8001"]
        agent.hangs_up()
        await caller.hears("rating.ask")
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_waiting_callers_keep_their_order() -> None:
    async with a_bench() as bench:
        first = await waiter(bench)
        second = bench.call_in("13900000002")
        await second.presses("201")
        await second.hears_music()
        await bench.restart()
        await asyncio.sleep(1)
        agent = await bench.ready("8002", Manner.ANSWERS)
        await first.meets("8002")
        assert second.partners == []
        agent.hangs_up()
        assert len(bench.facts(PersonSought)) == 2


async def test_music_that_a_prompt_had_interrupted_comes_back() -> None:
    async with a_bench() as bench:
        caller = await waiter(bench)
        await caller.hears("queue.position_lead")
        assert caller.leg.music is None
        await bench.restart()
        await caller.hears_music()
        assert caller.leg.music == "default"


async def test_music_that_was_on_is_not_begun_again() -> None:
    async with a_bench() as bench:
        caller = await waiter(bench)
        before = caller.heard
        await bench.restart()
        await asyncio.sleep(1)
        assert caller.heard == before


async def test_a_caller_hears_of_the_recording_before_a_search_that_had_not_begun() -> None:
    async with a_bench() as bench:
        await bench.ready("8001")
        caller = bench.call_in()
        await caller.presses("201")
        await caller.hears("queue.consent")
        await bench.restart()
        await caller.hears("queue.consent")
        await caller.hears_music()


async def test_a_menu_is_offered_again_in_the_callers_language() -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.presses("21")
        await caller.hears("quotes.menu")
        await bench.restart()
        await caller.hears("ivr/en/quotes/menu")
        await caller.presses("1600519")
        await caller.hears("security.600519")
        assert bench.fact(CallResumed).stage == "menus"


async def presses_while_nobody_is_there(bench: Bench, caller: Party, keys: str) -> None:
    """Press keys after the engine's death, and have another engine begin."""
    bench.kill()
    await caller.presses(keys)
    await asyncio.sleep(2)
    bench.start()


async def test_keys_that_were_pressed_while_nobody_was_there_lead_on() -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.presses("2")
        await caller.hears("menu.main")
        await presses_while_nobody_is_there(bench, caller, "11")
        await caller.hears("quotes.ask_code")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_the_rest_of_an_entry_is_not_taken_for_the_whole_of_it() -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.presses("211")
        await caller.hears("quotes.ask_code")
        await caller.presses("600")
        await presses_while_nobody_is_there(bench, caller, "519")
        await caller.hears("quotes.ask_code")
        await asyncio.sleep(1)
        await caller.presses("600519")
        await caller.hears("security.600519")


async def test_a_key_that_was_pressed_during_the_greeting_chooses_at_the_menu_behind_it() -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.hears("welcome.greeting")
        await presses_while_nobody_is_there(bench, caller, "2")
        await caller.hears("ivr/en/menu/main")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_a_key_for_the_menu_behind_what_is_said_chooses_there() -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.presses("2")
        await caller.hears("menu.main")
        await caller.presses("1")
        await caller.hears("quotes.notice")
        await presses_while_nobody_is_there(bench, caller, "1")
        await caller.hears("quotes.ask_code")
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_keys_of_one_who_is_taken_up_lead_nobody_else_anywhere() -> None:
    async with a_bench() as bench:
        callers = [bench.call_in(f"1390000000{n}") for n in range(2)]
        for caller in callers:
            await caller.presses("2")
            await caller.hears("menu.main")
        bench.kill()
        await callers[0].presses("1")
        await asyncio.sleep(2)
        bench.start()
        await callers[0].hears("quotes.notice")
        await callers[1].hears("menu.main")
        await asyncio.sleep(3)
        assert "quotes.notice" not in " ".join(callers[1].heard)


async def test_a_conversation_outlasts_a_change_of_the_flows() -> None:
    async with a_bench() as bench:
        caller, agent = await talker(bench)
        bench.kill()
        heard = len(caller.heard)
        await asyncio.sleep(1)
        bench.start(other_flows())
        await asyncio.sleep(30)
        assert caller.partners == ["8001"]
        assert caller.heard[heard:] == []
        await caller.presses("123")
        agent.hangs_up()
        await caller.hears("ivr/en/menu/main")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_waiting_outlasts_a_change_of_the_flows_too() -> None:
    async with a_bench() as bench:
        caller = await waiter(bench)
        bench.kill()
        await asyncio.sleep(1)
        bench.start(other_flows())
        await asyncio.sleep(1)
        assert caller.leg.music == "default"
        agent = await bench.ready("8002", Manner.ANSWERS)
        await caller.meets("8002")
        agent.hangs_up()
        await caller.hears_music()
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_call_that_came_while_the_engine_was_away_is_served_as_any_other() -> None:
    async with a_bench() as bench:
        bench.kill()
        caller = bench.call_in()
        await asyncio.sleep(3)
        bench.start()
        await caller.hears("welcome.greeting")
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_an_engine_that_is_stopped_leaves_its_calls_to_the_next_one() -> None:
    async with a_bench() as bench:
        caller, agent = await talker(bench)
        await bench.stop()
        assert caller.partners == ["8001"]
        bench.start()
        await asyncio.sleep(1)
        agent.hangs_up()
        await caller.hears("rating.ask")
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_three_deaths_in_a_row_change_nothing_for_those_who_talk() -> None:
    async with a_bench() as bench:
        caller, agent = await talker(bench)
        for _ in range(3):
            await bench.restart(away_s=0.5)
            await asyncio.sleep(0.05)
        assert caller.partners == ["8001"]
        await asyncio.sleep(5)
        agent.hangs_up()
        await caller.hears("rating.ask")
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_who_has_chosen_need_not_choose_again() -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.hears("menu.main")
        await caller.presses("1")
        await caller.hears("quotes.notice")
        await bench.restart(away_s=1.0)
        await caller.hears("quotes.notice")
        await caller.hears("quotes.menu")
        assert caller.heard[-3:] == [
            "sound:ivr/zh/quotes/notice",
            "sound:ivr/zh/quotes/notice",
            "sound:ivr/zh/quotes/menu",
        ]
        caller.hangs_up()
        assert await bench.is_quiet() == []
