import asyncio

import pytest

from ivrengine.agents.desk import Desk
from ivrengine.agents.orders import (
    AgentOrder,
    AgentVerb,
    Done,
    NotPossible,
    OrderAnswer,
    UnknownAgent,
)
from ivrengine.agents.reachability import Reachability
from ivrengine.agents.settings import DispatchSettings
from ivrengine.agents.views import AGENT_STATES
from ivrengine.values import AgentNumber, Language
from tests.calls.agents.office import Office, a_roster, an_office

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

ONE = AgentNumber("8001")


async def order(
    office: Office, verb: AgentVerb, reason: str = "", agent: AgentNumber = ONE
) -> OrderAnswer:
    desk = Desk(office.dispatcher, office.clock)
    return await desk.carry_out(AgentOrder(agent=agent, verb=verb, reason=reason))


async def state(office: Office) -> str:
    desk = Desk(office.dispatcher, office.clock)
    view = desk.agent(ONE)
    assert view is not None
    assert sorted(desk.states()) == sorted(view.state for view in desk.agents())
    assert view.state in AGENT_STATES
    return view.state


async def test_an_agents_day_is_shown_in_one_word_at_each_step() -> None:
    async with an_office(a_roster(("8001",))) as office:
        phone = office.phone("8001")
        assert await state(office) == "logged_out"
        await order(office, AgentVerb.LOG_IN)
        assert await state(office) == "not_ready"
        await order(office, AgentVerb.READY)
        assert await state(office) == "ready"
        visitor = office.asks()
        await phone.rings()
        assert await state(office) == "ringing"
        await visitor.meets()
        await office.settles()
        assert await state(office) == "talking"
        visitor.leaves()
        await office.settles()
        assert await state(office) == "wrap_up"
        assert isinstance(await order(office, AgentVerb.END_WRAP_UP), Done)
        assert await state(office) == "ready"
        await order(office, AgentVerb.NOT_READY, "meal")
        assert await state(office) == "not_ready"
        await order(office, AgentVerb.LOG_OUT)
        assert await state(office) == "logged_out"


async def test_what_is_asked_in_a_conversation_is_shown_as_pending() -> None:
    async with an_office() as office:
        office.phone("8001")
        await office.ready("8001")
        await office.asks().meets()
        answer = await order(office, AgentVerb.NOT_READY, "meal")
        assert isinstance(answer, Done)
        assert (answer.agent.state, answer.agent.pending) == ("talking", "go-not-ready")
        assert answer.agent.contact == "c1"


async def test_what_cannot_be_done_says_why() -> None:
    async with an_office() as office:
        for verb in (AgentVerb.READY, AgentVerb.NOT_READY):
            assert await order(office, verb) == NotPossible(why="agent 8001 is not logged in")
        assert await order(office, AgentVerb.END_WRAP_UP) == NotPossible(
            why="agent 8001 is not in wrap-up"
        )
        assert await order(office, AgentVerb.LOG_IN, agent=AgentNumber("9")) == UnknownAgent()


async def test_asking_twice_is_no_fault() -> None:
    async with an_office() as office:
        for verb in (AgentVerb.LOG_IN, AgentVerb.READY, AgentVerb.NOT_READY, AgentVerb.LOG_OUT):
            assert isinstance(await order(office, verb), Done)
            assert isinstance(await order(office, verb), Done)


async def test_queues_are_counted_as_they_stand() -> None:
    async with an_office() as office:
        office.phone("8001")
        await office.ready("8001")
        await office.asks().meets()
        for _ in range(2):
            office.asks()
        await asyncio.sleep(30)
        desk = Desk(office.dispatcher, office.clock)
        (queue,) = desk.queues()
        assert desk.waiting() == {queue.name: 2}
        assert (queue.members, queue.logged_in, queue.ready) == (2, 1, 0)
        assert (queue.waiting, queue.talking) == (2, 1)
        assert queue.longest_wait_s == pytest.approx(30, abs=0.1)


@pytest.mark.parametrize(
    ("dialled", "prompts"),
    [
        (["*10"], ["agent.logged_in"]),
        (["*10", "*11"], ["agent.ready"]),
        (["*11"], ["agent.refused"]),
        (["*10", "*12"], ["agent.ask_reason"]),
        (["*10", "*122"], ["agent.not_ready", "agent.reason.2"]),
        (["*10", "*129"], ["agent.refused"]),
        (["*10", "*122", "*15"], ["agent.state.not_ready", "agent.reason.2"]),
        (["*10", "*11", "*15"], ["agent.state.ready"]),
        (["*15"], ["agent.state.logged_out"]),
        (["*10", "*13"], ["agent.logged_out"]),
        (["*10", "*14"], ["agent.refused"]),
        (["*99"], ["agent.unknown_code"]),
    ],
)
async def test_each_feature_code_is_confirmed_aloud(dialled: list[str], prompts: list[str]) -> None:
    async with an_office() as office:
        desk = Desk(office.dispatcher, office.clock)
        answers = [await desk.dialled(ONE, code) for code in dialled]
        assert list(answers[-1].prompts) == prompts
        assert answers[-1].language is Language.MANDARIN
        assert answers[-1].reason_wanted == (prompts == ["agent.ask_reason"])


async def test_a_code_in_a_conversation_says_that_it_holds_after_it() -> None:
    async with an_office() as office:
        office.phone("8001")
        await office.ready("8001")
        await office.asks().meets()
        answer = await Desk(office.dispatcher, office.clock).dialled(ONE, "*13")
        assert list(answer.prompts) == ["agent.logged_out", "agent.after_call"]


async def test_an_agent_who_dials_a_code_is_offered_nobody_until_the_telephone_is_free() -> None:
    async with an_office(a_roster(("8001",))) as office:
        phone = office.phone("8001")
        desk = Desk(office.dispatcher, office.clock)
        await order(office, AgentVerb.LOG_IN)
        visitor = office.asks()
        with desk.outside_call(ONE), desk.outside_call(ONE):
            await desk.dialled(ONE, "*11")
            await asyncio.sleep(3)
            assert phone.call is None
        assert (await visitor.meets()).agent == ONE


async def test_a_telephone_that_registers_anew_was_never_away() -> None:
    async with an_office() as office:
        await office.ready("8001")
        reachability = Reachability(office.dispatcher, DispatchSettings())
        for reachable in (True, False, True):
            reachability.contact_changed(ONE, reachable=reachable)
            await asyncio.sleep(1)
        await asyncio.sleep(4)
        assert await state(office) == "ready"
        reachability.contact_changed(ONE, reachable=False)
        await asyncio.sleep(4)
        assert await state(office) == "unreachable"
        reachability.stop()


async def test_telephones_that_nobody_confirms_after_a_start_are_out_of_reach() -> None:
    async with an_office() as office:
        await office.ready("8001", "8002")
        reachability = Reachability(office.dispatcher, DispatchSettings())
        await asyncio.sleep(60)
        assert await state(office) == "ready", "without any report nothing is known"
        reachability.contact_changed(AgentNumber("8002"), reachable=True)
        await asyncio.sleep(6)
        assert await state(office) == "unreachable"
        reachability.stop()


async def test_where_no_telephone_is_listed_after_a_start_all_are_out_of_reach() -> None:
    async with an_office() as office:
        await office.ready("8001")
        reachability = Reachability(office.dispatcher, DispatchSettings())
        reachability.contacts_listed()
        await asyncio.sleep(6)
        assert await state(office) == "unreachable"
        reachability.stop()
