"""Agents note what a conversation was about: by keys, by order, and because they have to."""

import asyncio
from dataclasses import replace

import pytest

from acd.agent_states import Work
from ivrengine.agents.orders import AgentOrder, AgentVerb, Done, NotPossible, UnknownAgent
from ivrengine.agents.wrap_up_codes import NoSuchCode, Noted, NoteOrder
from ivrengine.calls.facts import PersonJoined
from ivrengine.calls.talk_facts import WrapUpNoted
from ivrengine.simulator.party import Party
from ivrengine.simulator.phone import SimulatedPhone
from ivrengine.values import AgentNumber
from tests.kit.bench.bench import Bench, a_bench

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

AGENT = AgentNumber("8034")
WRAP_UP_S = 30
CODE_WITHIN_S = 90


async def complaining(bench: Bench) -> tuple[Party, SimulatedPhone]:
    """A caller with a complaint, and an agent, who talk; the queue has codes 1 to 3."""
    agent = await bench.ready(AGENT)
    caller = bench.call_in()
    await caller.presses("203")
    await agent.rings()
    agent.answers()
    await caller.meets(AGENT)
    await asyncio.sleep(5)
    return caller, agent


async def after_a_complaint(bench: Bench) -> SimulatedPhone:
    """An agent whose conversation about a complaint has just ended."""
    caller, agent = await complaining(bench)
    caller.hangs_up()
    await asyncio.sleep(1)
    assert bench.work_of(AGENT) == Work.ACW
    return agent


def codes_are_required(bench: Bench) -> None:
    """Agents of the queue have to note a code from here on."""
    dispatcher = bench.engine.dispatcher
    queues = dict(dispatcher.roster.queues)
    queues["complaints"] = queues["complaints"].model_copy(
        update={"wrap_up_code_within_s": float(CODE_WITHIN_S)}
    )
    dispatcher.change_roster(replace(dispatcher.roster, queues=queues))


async def ordered(bench: Bench, verb: AgentVerb) -> object:
    """What an order for the agent leads to."""
    return await bench.engine.desk.carry_out(AgentOrder(agent=AGENT, verb=verb))


async def test_a_code_keyed_after_the_call_is_in_its_record_and_ends_wrap_up() -> None:
    async with a_bench() as bench:
        agent = await after_a_complaint(bench)
        keyed = agent.dials("*142")
        await keyed.hears("wrap_up.noted")
        await keyed.is_let_go()
        assert bench.work_of(AGENT) == Work.IDLE
        noted = bench.fact(WrapUpNoted)
        assert noted.call == bench.fact(PersonJoined).call
        assert (noted.agent, noted.queue, noted.code) == (AGENT, "complaints", "2")


async def test_a_code_that_the_queue_does_not_have_changes_nothing() -> None:
    async with a_bench() as bench:
        agent = await after_a_complaint(bench)
        await agent.dials("*149").hears("wrap_up.unknown_code")
        assert bench.work_of(AGENT) == Work.ACW
        assert bench.facts(WrapUpNoted) == []


async def test_a_code_may_be_noted_in_the_conversation_and_changed_afterwards() -> None:
    async with a_bench() as bench:
        caller, agent = await complaining(bench)
        notes = bench.engine.house.notes
        assert isinstance(notes.note(NoteOrder(agent=AGENT, code="1", note="early")), Noted)
        caller.hangs_up()
        await asyncio.sleep(1)
        await agent.dials("*143").hears("wrap_up.noted")
        assert [each.code for each in bench.facts(WrapUpNoted)] == ["1", "3"]


async def test_notes_that_cannot_be_are_refused_with_their_reason() -> None:
    async with a_bench() as bench:
        notes = bench.engine.house.notes
        nobody = AgentNumber("9999")
        assert isinstance(notes.note(NoteOrder(agent=nobody, code="1")), UnknownAgent)
        assert isinstance(notes.note(NoteOrder(agent=AGENT, code="1")), NotPossible)
        await after_a_complaint(bench)
        refused = notes.note(NoteOrder(agent=AGENT, code="77"))
        assert refused == NoSuchCode(known=("1", "2", "3"))


async def test_wrap_up_is_extended_a_minute_at_a_time() -> None:
    async with a_bench() as bench:
        agent = await after_a_complaint(bench)
        extended = agent.dials("*16")
        await extended.hears("wrap_up.extended")
        await asyncio.sleep(WRAP_UP_S + 50)
        assert bench.work_of(AGENT) == Work.ACW
        await asyncio.sleep(15)
        assert bench.work_of(AGENT) == Work.IDLE
        await agent.dials("*16").hears("agent.refused")


async def test_a_required_code_keeps_the_agent_in_wrap_up_until_it_is_noted() -> None:
    async with a_bench() as bench:
        codes_are_required(bench)
        agent = await after_a_complaint(bench)
        await agent.dials("*14").hears("wrap_up.code_wanted")
        await agent.dials("*11").hears("wrap_up.code_wanted")
        await asyncio.sleep(WRAP_UP_S)
        assert bench.work_of(AGENT) == Work.ACW
        for verb in (AgentVerb.READY, AgentVerb.END_WRAP_UP):
            answer = await ordered(bench, verb)
            assert isinstance(answer, NotPossible)
            assert answer.owes_code
        await agent.dials("*141").hears("wrap_up.noted")
        assert bench.work_of(AGENT) == Work.IDLE
        assert isinstance(await ordered(bench, AgentVerb.READY), Done)


async def test_a_required_code_that_never_comes_frees_the_agent_in_the_end() -> None:
    async with a_bench() as bench:
        codes_are_required(bench)
        await after_a_complaint(bench)
        await asyncio.sleep(CODE_WITHIN_S - 5)
        assert bench.work_of(AGENT) == Work.ACW
        await asyncio.sleep(10)
        assert bench.work_of(AGENT) == Work.IDLE
        assert isinstance(await ordered(bench, AgentVerb.READY), Done)
