"""Lines are kept for those who need them: by class, by telephone, by PIN, and after a restart."""

import asyncio

import pytest

from acd.events import AgentLoggedIn
from acd.model import AgentId
from acd.requirements import SkillName, parse_requirement
from acd.trunk_groups import LineClass, LineUse, Share, TrunkGroup
from ivrengine.calls.facts import (
    CallAdmitted,
    CallEnded,
    CallerIdentified,
    CallRefused,
    EntryMade,
    ServiceAsked,
)
from ivrengine.calls.line_rules import Apology, LineRules, Refusal
from ivrengine.errors import SwitchRefused
from ivrengine.simulator.party import Party
from ivrengine.telephony import HangUpCause
from ivrengine.values import PromptId
from tests.kit.bench.bench import Bench, a_bench
from tests.kit.bench.world import identification_flows

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

TRADER, REGISTERED, STRANGER = "13800100001", "+8613700100001", "13900000001"
TRADER_ABROAD, ENGLISH_CUSTOMER = "0085291234567", "01065000004"
ACCOUNT, TRADING_PIN = "80000001", "111222"

KEEPING = LineRules(
    groups=(
        TrunkGroup(
            name="main",
            lines=4,
            shares={
                LineClass.REGISTERED: Share(leaves_free=1),
                LineClass.ORDINARY: Share(leaves_free=2),
            },
        ),
        TrunkGroup(name="tollfree", lines=1),
    ),
    bands={LineClass.TRADING: 0},
)


def _apologising(*, answered: bool, leaves_free: int = 1) -> LineRules:
    refusal = Refusal(
        cause=HangUpCause.BUSY,
        apology=Apology(prompts=(PromptId("system.busy"),), answered=answered),
    )
    shares = {
        LineClass.ORDINARY: Share(leaves_free=2),
        LineClass.APOLOGY: Share(leaves_free=leaves_free, at_most=1),
    }
    return LineRules(
        groups=(TrunkGroup(name="main", lines=3, shares=shares),),
        refusals={("main", LineClass.ORDINARY): refusal},
    )


async def _admitted(bench: Bench, caller: str) -> Party:
    party = bench.call_in(caller)
    await party.hears("menu.main" if bench.world.flows is identification_flows() else "welcome")
    return party


async def _cause_of_refusal(bench: Bench, caller: str) -> HangUpCause:
    return (await bench.call_in(caller).is_let_go(within_s=1.0)).cause


def _main(bench: Bench) -> LineUse:
    return next(use for use in bench.engine.admission.usage() if use.trunk == "main")


async def test_strangers_are_refused_first_then_customers_and_traders_last() -> None:
    async with a_bench(lines=KEEPING) as bench:
        for n in range(2):
            await _admitted(bench, f"1390000000{n}")
        assert await _cause_of_refusal(bench, STRANGER) is HangUpCause.CONGESTION
        await _admitted(bench, REGISTERED)
        assert await _cause_of_refusal(bench, "13700100004") is HangUpCause.CONGESTION
        await _admitted(bench, TRADER)
        assert await _cause_of_refusal(bench, "13800100004") is HangUpCause.CONGESTION
        refused = bench.facts(CallRefused)
        assert [(fact.caller_class, fact.reason) for fact in refused] == [
            ("ordinary", "kept-lines"),
            ("registered", "kept-lines"),
            ("trading", "no-line"),
        ]
        classes = [fact.caller_class for fact in bench.facts(CallAdmitted)]
        assert classes == ["ordinary", "ordinary", "registered", "trading"]


async def test_a_class_that_has_its_most_is_refused_while_lines_are_free() -> None:
    shares = {LineClass.ORDINARY: Share(at_most=1)}
    rules = LineRules(groups=(TrunkGroup(name="main", lines=4, shares=shares),))
    async with a_bench(lines=rules) as bench:
        first = await _admitted(bench, STRANGER)
        assert await _cause_of_refusal(bench, "13900000002") is HangUpCause.CONGESTION
        assert bench.fact(CallRefused).reason == "class-full"
        first.hangs_up()
        await asyncio.sleep(0.1)
        await _admitted(bench, "13900000002")


async def _proves(caller: Party, number: str, pin: str) -> None:
    await caller.presses(f"1{number}#")
    await caller.hears("quotes.ask_code")
    await caller.presses(pin)


async def test_a_caller_who_keys_the_right_pin_is_on_another_account_at_once() -> None:
    async with a_bench(identification_flows(), KEEPING) as bench:
        caller = await _admitted(bench, TRADER_ABROAD)
        await _admitted(bench, STRANGER)
        assert await _cause_of_refusal(bench, "13900000002") is HangUpCause.CONGESTION
        await _proves(caller, ACCOUNT, TRADING_PIN)
        await caller.hears("rating.thanks")
        assert _main(bench).by_class == {"trading": 1, "ordinary": 1}
        proof = bench.fact(CallerIdentified)
        assert (proof.customer, proof.caller_class) == (ACCOUNT, "trading")
        assert (proof.branch, proof.dialect) == ("suzhou", "wu")
        (live, _) = bench.engine.calls.live()
        assert live.caller_class == "trading"
        written = "\n".join(bench.world.journal)
        assert TRADING_PIN not in written
        caller.hangs_up()
        await asyncio.sleep(0.1)
        assert _main(bench).in_use == 1


async def test_who_was_presumed_to_be_somebody_better_is_taken_for_who_the_pin_proves() -> None:
    async with a_bench(identification_flows(), KEEPING) as bench:
        caller = await _admitted(bench, REGISTERED)
        assert _main(bench).by_class == {"registered": 1}
        await _proves(caller, ACCOUNT, TRADING_PIN)
        await caller.hears("rating.thanks")
        assert _main(bench).by_class == {"trading": 1}


async def test_a_wrong_pin_changes_nothing_and_three_end_it() -> None:
    async with a_bench(identification_flows(), KEEPING) as bench:
        caller = await _admitted(bench, STRANGER)
        await _proves(caller, ACCOUNT, "000000")
        await caller.hears("quotes.unknown_code")
        await caller.presses("000001")
        await caller.hears("quotes.unknown_code")
        await caller.presses("000002")
        await caller.hears("system.goodbye")
        await caller.is_let_go()
        outcomes = [fact.outcome for fact in bench.facts(ServiceAsked)]
        assert outcomes == ["wrong", "wrong", "locked"]
        assert not bench.facts(CallerIdentified)
        assert {fact.keys for fact in bench.facts(EntryMade) if fact.node.endswith("ask_pin")} == {
            "******"
        }


async def test_a_proof_survives_the_death_of_the_engine() -> None:
    async with a_bench(identification_flows(), KEEPING) as bench:
        caller = await _admitted(bench, STRANGER)
        await _proves(caller, ACCOUNT, TRADING_PIN)
        await caller.hears("menu.main")
        other = await _admitted(bench, REGISTERED)
        await bench.restart()
        await asyncio.sleep(1)
        assert _main(bench).by_class == {"trading": 1, "registered": 1}
        assert [use.attempts for use in bench.engine.admission.usage()] == [0, 0]
        caller.hangs_up()
        other.hangs_up()
        assert await bench.is_quiet() == []
        assert [fact.outcome for fact in bench.facts(CallEnded)] == ["completed", "completed"]


async def test_calls_keep_their_lines_when_an_engine_starts_that_would_refuse_them() -> None:
    async with a_bench(lines=KEEPING) as bench:
        callers = [await _admitted(bench, f"1390000000{n}") for n in range(2)]
        group = TrunkGroup(name="main", lines=1)
        bench.kill()
        bench.world.line_rules = LineRules(groups=(group,))
        await asyncio.sleep(1)
        bench.start()
        await asyncio.sleep(1)
        assert (_main(bench).in_use, _main(bench).lines) == (2, 1)
        assert await _cause_of_refusal(bench, TRADER) is HangUpCause.CONGESTION
        for caller in callers:
            caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_other_rules_are_put_in_force_without_anybody_noticing() -> None:
    async with a_bench(lines=KEEPING) as bench:
        callers = [await _admitted(bench, f"1390000000{n}") for n in range(2)]
        shares = {LineClass.ORDINARY: Share(leaves_free=1)}
        group = TrunkGroup(name="main", lines=4, shares=shares)
        bench.engine.admission.put_in_force(LineRules(groups=(group,)))
        await _admitted(bench, "13900000005")
        assert await _cause_of_refusal(bench, STRANGER) is HangUpCause.CONGESTION
        assert not any(caller.is_over for caller in callers)


@pytest.mark.parametrize("answered", [False, True])
async def test_a_refused_caller_is_told_so_before_or_after_the_answer(answered: bool) -> None:
    async with a_bench(lines=_apologising(answered=answered)) as bench:
        await _admitted(bench, STRANGER)
        refused = bench.call_in("13900000002")
        for language in ("zh", "en"):
            await refused.hears(f"{language}/system/busy")
        assert refused.is_answered is answered
        assert _main(bench).by_class == {"ordinary": 1, "apology": 1}
        ended = await refused.is_let_go()
        assert ended.cause is (HangUpCause.NORMAL if answered else HangUpCause.BUSY)
        fact = bench.fact(CallRefused)
        assert (fact.reason, fact.answer) == ("kept-lines", "apology")
        await asyncio.sleep(0.1)
        assert _main(bench).by_class == {"ordinary": 1}


async def test_a_customer_whose_language_is_known_hears_one_apology() -> None:
    rules = LineRules(
        groups=(
            TrunkGroup(
                name="main",
                lines=2,
                shares={
                    LineClass.TRADING: Share(leaves_free=1),
                    LineClass.APOLOGY: Share(at_most=1),
                },
            ),
        ),
        refusals={
            ("main", LineClass.TRADING): Refusal(
                apology=Apology(prompts=(PromptId("system.busy"),))
            )
        },
    )
    async with a_bench(lines=rules) as bench:
        await _admitted(bench, TRADER)
        refused = bench.call_in(ENGLISH_CUSTOMER)
        await refused.is_let_go()
        assert len(refused.heard) == 1
        assert "en/system/busy" in refused.heard[0]


async def test_there_are_no_more_apologies_than_lines_for_them() -> None:
    async with a_bench(lines=_apologising(answered=False)) as bench:
        await _admitted(bench, STRANGER)
        hears = bench.call_in("13900000002")
        await hears.hears("system.busy")
        silent = bench.call_in("13900000003")
        ended = await silent.is_let_go(within_s=0.5)
        assert (ended.cause, silent.heard) == (HangUpCause.BUSY, [])
        assert [fact.answer for fact in bench.facts(CallRefused)] == ["apology", "busy"]


async def test_an_apology_never_takes_the_line_that_is_kept_from_it() -> None:
    async with a_bench(lines=_apologising(answered=False, leaves_free=2)) as bench:
        await _admitted(bench, STRANGER)
        assert await _cause_of_refusal(bench, "13900000002") is HangUpCause.BUSY
        await _admitted(bench, TRADER)


async def test_a_refused_caller_who_hangs_up_in_the_apology_leaves_nothing() -> None:
    async with a_bench(lines=_apologising(answered=False)) as bench:
        first = await _admitted(bench, STRANGER)
        refused = bench.call_in("13900000002")
        await refused.hears("system.busy")
        refused.hangs_up()
        await asyncio.sleep(0.1)
        assert _main(bench).by_class == {"ordinary": 1}
        first.hangs_up()
        assert await bench.is_quiet() == []


async def test_an_apology_that_cannot_be_played_is_left_out() -> None:
    async with a_bench(lines=_apologising(answered=False)) as bench:
        first = await _admitted(bench, STRANGER)
        bench.world.exchange.fail("play", SwitchRefused("no such sound", status=500), times=1)
        assert await _cause_of_refusal(bench, "13900000002") is HangUpCause.BUSY
        assert any("apology_failed" in line for line in bench.errors())
        first.hangs_up()
        assert await bench.is_quiet() == []


async def test_traders_are_served_before_those_who_waited_longer() -> None:
    async with a_bench(identification_flows(), KEEPING) as bench:
        on_a_break = AgentLoggedIn(agent=AgentId("8002"), ready=False)
        await bench.engine.dispatcher.tell(on_a_break)
        stranger = await _admitted(bench, STRANGER)
        await stranger.presses("2")
        await stranger.hears_music()
        caller = await _admitted(bench, "13900000002")
        await _proves(caller, ACCOUNT, TRADING_PIN)
        await caller.hears("menu.main")
        await caller.presses("2")
        await caller.hears_music()
        agent = await bench.ready("8001")
        await agent.rings()
        agent.answers()
        await caller.meets("8001")
        assert stranger.partners == []


async def test_a_caller_comes_to_the_own_branch_first_where_the_queue_says_so() -> None:
    async with a_bench() as bench:
        idle_for_longer = await bench.ready("8033")
        await asyncio.sleep(5)
        at_the_branch = await bench.ready("8039")
        for number, phone in ((TRADER, at_the_branch), (STRANGER, idle_for_longer)):
            caller = await _admitted(bench, number)
            await caller.presses("204")
            await caller.hears_music()
            await phone.rings()
            caller.hangs_up()
            await asyncio.sleep(30)


async def test_no_more_agents_of_a_branch_are_rung_than_there_are_lines_to_it() -> None:
    rules = LineRules(
        groups=(
            TrunkGroup(name="main", lines=4),
            TrunkGroup(name="to-suzhou", lines=1, site="suzhou"),
        )
    )
    async with a_bench(identification_flows(), rules) as bench:
        agents = bench.world.roster.agents
        remote = [number for number, agent in agents.items() if agent.branch == "suzhou"][:2]
        assert len(remote) == 2, "the demonstration has agents at the branch"
        callers = [await _admitted(bench, f"1390000000{n}") for n in range(2)]
        phones = [await bench.ready(number) for number in remote]
        await callers[0].presses("2")
        await phones[0].rings()
        phones[0].answers()
        await callers[0].meets(remote[0])
        await callers[1].presses("2")
        await callers[1].hears_music()
        await asyncio.sleep(5)
        assert phones[1].call is None
        assert bench.engine.admission.usage()[1].by_class == {"branch": 1}
        assert bench.engine.admission.usage()[1].refused >= 1
        callers[0].hangs_up()
        await phones[1].rings(within_s=60)


def test_the_skills_of_a_branch_are_those_that_requirements_name() -> None:
    assert parse_requirement("branch.suzhou").met_by({SkillName("branch.suzhou"): 1})
