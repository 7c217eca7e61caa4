"""What was called undone for want of an answer in time stays undone."""

import asyncio

import pytest

from ivrengine.calls.facts import PersonLeft
from ivrengine.calls.talk.orders import NotNow, TalkVerb
from ivrengine.calls.talk_desk import TalkDesk
from ivrengine.errors import SwitchUnavailable
from ivrengine.values import AgentNumber
from tests.kit.bench.bench import a_bench
from tests.kit.bench.talks import talking

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

SUPERVISOR = "8033"


async def test_a_transfer_that_was_called_undone_is_not_made_later() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        engine = bench.engine
        desk = TalkDesk(lambda: engine.calls.sessions.values(), lambda: engine.dispatcher.roster)
        bench.world.exchange.fail("start_music", SwitchUnavailable("no answer"), times=8)
        await agent.presses("*1")
        await asyncio.sleep(0.5)
        answer = await desk.order(AgentNumber("8001"), TalkVerb.TRANSFER, "queue:general")
        assert isinstance(answer, NotNow)
        await caller.hears_music()
        await agent.presses("*1")
        await caller.meets("8001")
        assert bench.facts(PersonLeft) == []
        caller.hangs_up()


async def test_a_supervisor_who_was_refused_takes_nothing_over_later() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        supervisor = bench.phone(SUPERVISOR).dials("*208001")
        await supervisor.hears("observe.listening")
        bench.world.exchange.fail("start_music", SwitchUnavailable("no answer"), times=12)
        await supervisor.presses("3")
        await supervisor.hears("observe.taken_over")
        await agent.presses("*1")
        await supervisor.hears("agent.refused")
        await supervisor.is_let_go()
        await caller.hears_music()
        await agent.presses("*1")
        await caller.meets("8001")
        assert bench.facts(PersonLeft) == []
        caller.hangs_up()
