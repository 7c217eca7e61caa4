"""A supervisor has a word with an agent who has no call, and no caller is offered meanwhile."""

import asyncio

import pytest

from ivrengine.agents.intercom import IntercomAnswer, IntercomBegun, IntercomOrder
from ivrengine.agents.observing import NotAllowed
from ivrengine.agents.orders import AgentOrder, AgentVerb, NotPossible, UnknownAgent
from ivrengine.simulator.party import Party
from ivrengine.simulator.phone import Manner
from ivrengine.values import AgentNumber
from tests.kit.bench.bench import Bench, a_bench
from tests.kit.bench.talks import TRADING, talking

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

SUPERVISOR = "8033"
OPENS = "8021"
"""Whose telephone may answer by itself."""


def dials(bench: Bench, agent: str) -> Party:
    """The call of a supervisor who wants a word."""
    return bench.phone(SUPERVISOR).dials(f"*27{agent}")


def state_of(bench: Bench, number: str) -> str:
    """What people see of an agent."""
    view = bench.engine.desk.agent(AgentNumber(number))
    assert view is not None
    return view.state


async def order(bench: Bench, agent: str, supervisor: str = SUPERVISOR) -> IntercomAnswer:
    """Somebody at the API orders it."""
    wanted = IntercomOrder(
        agent=AgentNumber(agent), supervisor=AgentNumber(supervisor), by="tester"
    )
    return await bench.engine.house.intercoms.order(wanted)


async def test_a_telephone_that_may_opens_by_itself_and_its_owner_hears_who_it_is() -> None:
    async with a_bench() as bench:
        phone = await bench.ready(OPENS)
        supervisor = dials(bench, OPENS)
        await supervisor.meets(OPENS)
        agent = phone.call
        assert agent is not None
        await agent.hears("intercom.speaks")
        assert agent.partners == [SUPERVISOR]
        assert state_of(bench, OPENS) == "outside_call"
        supervisor.hangs_up()
        await agent.is_let_go()
        await asyncio.sleep(1)
        assert state_of(bench, OPENS) == "ready"
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_any_other_telephone_rings_until_it_is_picked_up() -> None:
    async with a_bench() as bench:
        phone = await bench.ready("8001")
        supervisor = dials(bench, "8001")
        agent = await phone.rings()
        await supervisor.hears("tone:ring")
        await asyncio.sleep(5)
        assert supervisor.partners == []
        phone.answers()
        await supervisor.meets("8001")
        agent.hangs_up()
        await supervisor.is_let_go()
        assert await bench.is_quiet() == []


async def test_no_caller_is_offered_until_the_word_is_over_and_then_one_at_once() -> None:
    async with a_bench() as bench:
        phone = await bench.ready("8001")
        supervisor = dials(bench, "8001")
        await phone.rings()
        phone.answers()
        await supervisor.meets("8001")
        caller = bench.call_in()
        await caller.presses(TRADING)
        await asyncio.sleep(60)
        assert len(phone.calls) == 1
        supervisor.hangs_up()
        await phone.rings(within_s=1)
        phone.answers()
        await caller.meets("8001")
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_an_agent_who_is_not_ready_can_be_spoken_to_and_stays_not_ready() -> None:
    async with a_bench() as bench:
        await bench.ready(OPENS)
        break_off = AgentOrder(agent=AgentNumber(OPENS), verb=AgentVerb.NOT_READY, reason="break")
        await bench.engine.desk.carry_out(break_off)
        supervisor = dials(bench, OPENS)
        await supervisor.meets(OPENS)
        assert state_of(bench, OPENS) == "outside_call"
        supervisor.hangs_up()
        await asyncio.sleep(1)
        assert state_of(bench, OPENS) == "not_ready"
        assert await bench.is_quiet() == []


async def test_an_agent_who_talks_rings_or_is_not_there_is_left_in_peace() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        supervisor = dials(bench, "8001")
        await supervisor.hears("intercom.not_free")
        await supervisor.is_let_go()
        assert caller.partners == ["8001"]
        assert not agent.is_over
        caller.hangs_up()
        bench.phone("8002")
        supervisor = dials(bench, "8002")
        await supervisor.hears("intercom.not_free")
        assert bench.phones["8002"].calls == []
        assert await bench.is_quiet() == []


@pytest.mark.parametrize("manner", [Manner.REJECTS, Manner.IS_BUSY, Manner.IS_DEAD, Manner.IS_AWAY])
async def test_a_supervisor_hears_that_an_agent_is_not_reached(manner: Manner) -> None:
    async with a_bench() as bench:
        await bench.ready("8001", manner)
        supervisor = dials(bench, "8001")
        await supervisor.hears("talk.not_reached")
        await supervisor.is_let_go()
        assert state_of(bench, "8001") == "ready"
        assert await bench.is_quiet() == []


async def test_only_supervisors_may_and_only_with_others() -> None:
    async with a_bench() as bench:
        await bench.ready("8001")
        await bench.phone("8002").dials("*278001").hears("observe.not_allowed")
        await dials(bench, SUPERVISOR).hears("agent.refused")
        await dials(bench, "9999").hears("observe.unknown_agent")
        assert isinstance(await order(bench, "8001", "8002"), NotAllowed)
        assert isinstance(await order(bench, "9999"), UnknownAgent)
        assert isinstance(await order(bench, "8003"), NotPossible)
        assert bench.phones["8001"].calls == []
        assert await bench.is_quiet() == []


async def test_by_order_the_supervisors_telephone_rings_first() -> None:
    async with a_bench() as bench:
        await bench.ready(OPENS)
        phone = bench.phone(SUPERVISOR)
        begun = await order(bench, OPENS)
        assert begun == IntercomBegun(
            agent=AgentNumber(OPENS), supervisor=AgentNumber(SUPERVISOR), opens_itself=True
        )
        await phone.rings()
        assert bench.phones[OPENS].calls == []
        assert isinstance(await order(bench, "8001"), NotPossible)
        supervisor = phone.answers()
        await supervisor.meets(OPENS)
        supervisor.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_of_two_orders_at_once_one_rings_the_supervisor() -> None:
    async with a_bench() as bench:
        phone = bench.phone(SUPERVISOR)
        await bench.ready(OPENS)
        await bench.ready("8001")
        answers = await asyncio.gather(order(bench, OPENS), order(bench, "8001"))
        assert [type(each) for each in answers] == [IntercomBegun, NotPossible]
        await phone.rings()
        assert len(phone.calls) == 1
        phone.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_supervisor_who_does_not_pick_up_disturbs_nobody() -> None:
    async with a_bench() as bench:
        await bench.ready(OPENS)
        bench.phone(SUPERVISOR, Manner.REJECTS)
        await order(bench, OPENS)
        assert await bench.is_quiet() == []
        assert bench.phones[OPENS].calls == []


async def test_both_are_let_go_when_the_engine_dies_and_the_agent_is_served_again() -> None:
    async with a_bench() as bench:
        phone = await bench.ready(OPENS)
        supervisor = dials(bench, OPENS)
        await supervisor.meets(OPENS)
        await bench.restart()
        await supervisor.is_let_go()
        await asyncio.sleep(1)
        assert phone.call is None
        assert await bench.is_quiet() == []
        assert state_of(bench, OPENS) == "ready"
