"""Handing callers over to an expert queue that its calendar switches on and off."""

import asyncio
from dataclasses import replace

import pytest

from ivrengine.calls.facts import PersonJoined, PersonLeft
from ivrengine.calls.talk.orders import TalkAnswer, TalkVerb, TargetClosed
from ivrengine.calls.talk_desk import TalkDesk
from ivrengine.calls.talk_facts import PersonTransferred, TransferRefused
from ivrengine.values import AgentNumber
from tests.kit.bench.bench import Bench, a_bench
from tests.kit.bench.talks import picked_up, talking

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

EXPERT = "8036"


def opens(bench: Bench) -> None:
    """The hotline is switched on."""
    roster = bench.world.roster
    issues = roster.queues["issues"].model_copy(update={"hours": ""})
    bench.world.roster = replace(roster, queues={**roster.queues, "issues": issues})
    bench.engine.dispatcher.change_roster(bench.world.roster)


async def ordered(bench: Bench, verb: TalkVerb) -> TalkAnswer:
    """Somebody at the API orders it for agent 8001."""
    engine = bench.engine
    desk = TalkDesk(lambda: engine.calls.sessions.values(), lambda: engine.dispatcher.roster)
    return await desk.order(AgentNumber("8001"), verb, "queue:issues")


@pytest.mark.parametrize("keys", ["*26#", "*36#"])
async def test_a_closed_hotline_is_refused_in_words_and_the_caller_stays(keys: str) -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        await bench.ready(EXPERT)
        await agent.presses(keys)
        await agent.hears("talk.closed")
        await asyncio.sleep(1)
        assert (caller.partners, caller.leg.music) == (["8001"], None)
        assert bench.work_of("8001") == "talking"
        refused = bench.fact(TransferRefused)
        assert (refused.agent, refused.target, refused.reason) == ("8001", "queue:issues", "closed")
        assert bench.facts(PersonTransferred) == []
        agent.hangs_up()
        await caller.hears("rating.ask")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert len(bench.facts(PersonLeft)) == 1


@pytest.mark.parametrize("verb", [TalkVerb.TRANSFER, TalkVerb.CONSULT])
async def test_an_order_for_a_closed_hotline_is_answered_with_the_reason(verb: TalkVerb) -> None:
    async with a_bench() as bench:
        caller, _ = await talking(bench)
        assert await ordered(bench, verb) == TargetClosed(target="queue:issues")
        assert caller.partners == ["8001"]
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_an_open_hotline_takes_the_caller_and_the_time_waited() -> None:
    async with a_bench() as bench:
        opens(bench)
        caller, agent = await talking(bench)
        await bench.ready(EXPERT)
        await agent.presses("*26#")
        await picked_up(bench, EXPERT)
        await caller.meets(EXPERT)
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert [joined.agent for joined in bench.facts(PersonJoined)] == ["8001", EXPERT]
        assert bench.facts(TransferRefused) == []


async def test_an_open_hotline_without_experts_gives_the_caller_back() -> None:
    async with a_bench() as bench:
        opens(bench)
        caller, agent = await talking(bench)
        await agent.presses("*26#")
        back = await bench.phones["8001"].rings()
        bench.phones["8001"].answers()
        await caller.meets("8001")
        back.hangs_up()
        caller.hangs_up()
        assert await bench.is_quiet() == []
