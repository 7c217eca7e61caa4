"""In the menus: early keys, barge-in, quotes that come or do not, callers who go astray."""

import asyncio

import pytest

from ivrengine.calls.facts import CallEnded, EntryMade, PromptHeard, ServiceAsked
from tests.kit.bench.bench import Bench, a_bench
from tests.kit.measures import Measures

pytestmark = [pytest.mark.calls, pytest.mark.looptime]


def heard(bench: Bench, prompt: str) -> list[PromptHeard]:
    return [fact for fact in bench.facts(PromptHeard) if prompt in fact.prompts]


async def test_keys_pressed_early_lead_through_every_node_on_the_way() -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.hears("welcome.greeting")
        pressed_at = bench.world.clock.now()
        await caller.presses("211600519", gap_s=0.0)
        quote = await caller.hears("security.600519")
        assert quote.since == pressed_at, "every prompt on the way was cut at once"
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_key_cuts_the_prompt_and_the_next_one_begins_in_the_same_instant(
    measures: Measures,
) -> None:
    async with a_bench() as bench:
        bench.world.exchange.order_delay_s = 0.01
        caller = bench.call_in()
        await caller.presses("2")
        menu = await caller.hears("ivr/en/menu/main")
        await asyncio.sleep(0.5)
        pressed_at = bench.world.clock.now()
        await caller.presses("1")
        notice = await caller.hears("quotes.notice")
        assert menu.cut
        assert menu.until == notice.since == pytest.approx(pressed_at + 0.01)
        await caller.hears("quotes.menu")
        cut, uncut = heard(bench, "menu.main")[0], heard(bench, "quotes.notice")[0]
        assert cut.cut
        assert cut.heard_s == pytest.approx(0.51, abs=0.02)
        assert not uncut.cut
        assert uncut.digit_to_prompt_s == pytest.approx(0.01)
        measures.note("digit to prompt, simulated", uncut.digit_to_prompt_s or 0.0)
        await asyncio.sleep(1)
        caller.hangs_up()
        await bench.is_quiet()
        later = heard(bench, "quotes.menu")[0]
        assert later.digit_to_prompt_s is None, "no key led to it"
        assert later.heard_s == pytest.approx(1.0)


async def test_an_unknown_code_is_asked_for_again() -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.presses("211123456")
        await caller.hears("quotes.unknown_code")
        await caller.hears("quotes.ask_code")
        await caller.presses("600519")
        await caller.hears("security.600519")
        assert [fact.outcome for fact in bench.facts(ServiceAsked)] == ["unknown", "ok"]


async def test_a_market_that_is_down_is_apologised_for() -> None:
    async with a_bench() as bench:
        bench.world.market.is_down = True
        caller = bench.call_in()
        await caller.presses("211600519")
        await caller.hears("quotes.unavailable")
        await caller.hears("quotes.menu")
        assert bench.fact(ServiceAsked).outcome == "unavailable"


async def test_a_slow_market_is_filled_with_a_word() -> None:
    async with a_bench() as bench:
        bench.world.market.takes_s = 3
        caller = bench.call_in()
        await caller.presses("211600519")
        filler = await caller.hears("common.one_moment")
        quote = await caller.hears("security.600519")
        assert quote.since - filler.since == pytest.approx(1.5, abs=0.01)
        assert bench.fact(ServiceAsked).took_s == pytest.approx(3, abs=0.01)


async def test_a_market_that_does_not_answer_is_given_up() -> None:
    async with a_bench() as bench:
        bench.world.market.takes_s = 60
        caller = bench.call_in()
        await caller.presses("211600519")
        await caller.hears("common.one_moment")
        await caller.hears("quotes.unavailable")
        assert bench.fact(ServiceAsked).outcome == "timeout"
        assert bench.fact(ServiceAsked).took_s == pytest.approx(5, abs=0.01)
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_caller_who_hangs_up_amid_a_question_gets_the_line_free_within_its_deadline() -> (
    None
):
    async with a_bench() as bench:
        bench.world.market.takes_s = 60
        caller = bench.call_in()
        await caller.presses("211600519")
        await caller.hears("common.one_moment")
        hung_up_at = bench.world.clock.now()
        caller.hangs_up()
        await asyncio.sleep(6)
        assert not bench.engine.calls.sessions
        assert bench.fact(CallEnded).at == pytest.approx(hung_up_at, abs=0.01)
        assert bench.fact(ServiceAsked).outcome == "timeout"


async def test_forty_keys_in_a_second_are_served_or_counted_and_the_call_goes_on() -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.presses("2" + "19*#" * 10, gap_s=1 / 40)
        await asyncio.sleep(3)
        await caller.presses("**")
        await caller.hears("menu.main")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_a_flood_of_keys_during_a_long_outage_is_cut_off_and_counted() -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.hears("choose_language")
        bench.world.exchange.order_delay_s = 30
        await caller.presses("2" + "1" * 999, gap_s=0.001)
        assert bench.engine.dropped > 400
        bench.world.exchange.order_delay_s = 0.0
        await asyncio.sleep(600)
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_caller_who_says_nothing_is_offered_a_person_and_let_go_kindly() -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.hears("ivr/zh/common/offer_person", within_s=300)
        await caller.hears("system.goodbye")
        assert not (await caller.is_let_go()).by_far_end
        assert await bench.is_quiet() == []
        ended = bench.fact(CallEnded)
        assert (ended.by, ended.cause, ended.outcome) == ("system", "normal", "completed")


async def test_a_caller_who_presses_only_wrong_keys_is_offered_a_person() -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.presses("2")
        await caller.hears("menu.main")
        for _ in range(3):
            await caller.presses("9")
            await asyncio.sleep(12)
        await caller.hears("common.offer_person")
        wrong = [fact for fact in bench.facts(EntryMade) if fact.outcome == "no-match"]
        assert [fact.keys for fact in wrong] == ["9", "9", "9"]


async def test_a_value_that_cannot_be_said_leads_on_and_is_told_to_the_log(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with a_bench() as bench:
        real_has = bench.world.catalogue.has
        monkeypatch.setattr(
            bench.world.catalogue,
            "has",
            lambda prompt, language: prompt != "quotes.notice" and real_has(prompt, language),
        )
        caller = bench.call_in()
        await caller.presses("2")
        await caller.hears("menu.main")
        await caller.presses("1")
        await caller.hears("quotes.menu")
        assert "prompt_missing" in bench.errors()[0]
