"""Supervisors' orders against a dispatcher at work: done at once, logged, or refused with why."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from acd.agent_states import PresenceTrigger
from ivrengine.agents.desk import Desk
from ivrengine.agents.orders import Done, NotPossible, UnknownAgent
from ivrengine.agents.ports import AgentLeft
from ivrengine.agents.queue_settings import Members, QueueSettings
from ivrengine.agents.roster import Roster
from ivrengine.agents.settings import OfferSettings
from ivrengine.agents.supervision import (
    ForceOrder,
    MoveOrder,
    NotThere,
    Standing,
    Supervision,
)
from ivrengine.simulator.phone import Manner
from ivrengine.values import AgentNumber
from tests.calls.agents.office import NAME, Office, a_roster, an_office

pytestmark = [pytest.mark.calls, pytest.mark.looptime]


def two_queues() -> Roster:
    """Return a roster in which 8001 serves general and 8002 serves sales."""
    roster = a_roster()
    queues = {
        name: QueueSettings(
            name=name,
            title=NAME,
            members=Members(agents=(number,)),
            wrap_up_s=60.0,
            offer=OfferSettings(),
        )
        for name, number in (("general", "8001"), ("sales", "8002"))
    }
    return Roster(agents=roster.agents, queues=queues, by_number=roster.by_number)


@asynccontextmanager
async def supervised() -> AsyncIterator[tuple[Office, Supervision]]:
    async with an_office(two_queues()) as office:
        desk = Desk(office.dispatcher, office.clock)
        yield office, Supervision(office.dispatcher, desk, lambda contact: f"call-{contact}")


def forced(presence: PresenceTrigger, number: str = "8001", reason: str = "") -> ForceOrder:
    return ForceOrder(agent=AgentNumber(number), presence=presence, by="boss", reason=reason)


async def test_a_waiting_call_is_put_first_by_its_band() -> None:
    async with supervised() as (office, supervision):
        await office.ready("8001")
        office.phone("8001")
        talking = office.asks()
        await talking.meets()
        first, second = office.asks(), office.asks()
        await office.settles()
        with capture_logs() as logged:
            moved = await supervision.move(
                MoveOrder(contact=f"call-{second.contact}", by="boss", band=0)
            )
        assert isinstance(moved, Standing)
        assert moved.explanation.position == 1
        assert office.dispatcher.router.position(first.contact) == 2
        told = next(line for line in logged if line["event"] == "contact_moved")
        assert (told["by"], told["band"], told["refused"]) == ("boss", 0, "")
        for visitor in (talking, first, second):
            visitor.leaves()
        await office.settles()


async def test_a_waiting_call_is_sent_to_another_queue_and_served_there() -> None:
    async with supervised() as (office, supervision):
        await office.ready("8001", "8002")
        office.phone("8001", Manner.RINGS)
        office.phone("8002")
        visitor = office.asks()
        await visitor.is_offered()
        order = MoveOrder(contact=visitor.contact, by="boss", queue="sales")
        assert isinstance(await supervision.move(order), Standing)
        assert (await visitor.meets()).agent == "8002"
        visitor.leaves()
        await office.settles()


async def test_a_waiting_call_is_pulled_to_an_agent() -> None:
    async with supervised() as (office, supervision):
        await office.ready("8001", "8002")
        office.phone("8001", Manner.RINGS)
        office.phone("8002")
        visitor = office.asks()
        await visitor.is_offered()
        order = MoveOrder(contact=visitor.contact, by="boss", agent=AgentNumber("8002"))
        await supervision.move(order)
        assert (await visitor.meets()).agent == "8002"
        visitor.leaves()
        await office.settles()


async def test_a_move_that_cannot_be_says_why() -> None:
    async with supervised() as (office, supervision):
        await office.ready("8001")
        office.phone("8001")
        talking = office.asks()
        await talking.meets()
        waiting = office.asks()
        await office.settles()

        async def why(contact: str, **to: object) -> str:
            answer = await supervision.move(
                MoveOrder(contact=contact, by="boss", **to)  # type: ignore[arg-type]
            )
            assert isinstance(answer, NotPossible)
            return answer.why

        assert "no queue sails" in await why(waiting.contact, queue="sails")
        assert "no agent 8009" in await why(waiting.contact, agent=AgentNumber("8009"))
        assert "nobody is logged in" in await why(waiting.contact, queue="sales")
        assert "does not wait" in await why(talking.contact, band=0)
        nobody = await supervision.move(MoveOrder(contact="call-x", by="boss", band=0))
        assert isinstance(nobody, NotThere)
        assert isinstance(
            await supervision.move(MoveOrder(contact=waiting.contact, by="boss", band=1)), Standing
        )
        talking.leaves()
        waiting.leaves()
        await office.settles()


async def test_a_forced_agent_is_not_ready_at_once_and_the_caller_waits_on() -> None:
    async with supervised() as (office, supervision):
        await office.ready("8001")
        office.phone("8001", Manner.RINGS)
        visitor = office.asks()
        await visitor.is_offered()
        with capture_logs() as logged:
            done = await supervision.force(forced(PresenceTrigger.GO_NOT_READY, reason="training"))
        assert isinstance(done, Done)
        assert (done.agent.state, done.agent.reason) == ("not_ready", "training")
        assert await visitor.offer_fails() == "withdrawn"
        told = next(line for line in logged if line["event"] == "agent_forced")
        assert (told["by"], told["agent"], told["refused"]) == ("boss", "8001", "")
        visitor.leaves()
        await office.settles()


async def test_a_forced_agent_in_conversation_is_let_finish_and_wrap_up_is_passed_over() -> None:
    async with supervised() as (office, supervision):
        await office.ready("8001")
        office.phone("8001")
        visitor = office.asks()
        await visitor.meets()
        await office.settles()
        done = await supervision.force(forced(PresenceTrigger.LOG_OUT))
        assert isinstance(done, Done)
        assert (done.agent.state, done.agent.pending) == ("talking", "log-out")
        visitor.leaves()
        await office.settles()
        again = await supervision.force(forced(PresenceTrigger.LOG_OUT))
        assert isinstance(again, Done)
        assert again.agent.state == "logged_out"


async def test_who_is_not_logged_in_or_not_there_cannot_be_made_ready() -> None:
    async with supervised() as (_, supervision):
        refused = await supervision.force(forced(PresenceTrigger.GET_READY))
        assert isinstance(refused, NotPossible)
        unknown = await supervision.force(forced(PresenceTrigger.LOG_IN, "8009"))
        assert isinstance(unknown, UnknownAgent)
        done = await supervision.force(forced(PresenceTrigger.LOG_IN))
        assert isinstance(done, Done)
        assert done.agent.state == "not_ready"


async def test_why_a_call_waits_names_its_agents_and_who_is_rung() -> None:
    async with supervised() as (office, supervision):
        await office.ready("8001")
        office.phone("8001", Manner.RINGS)
        visitor = office.asks()
        await visitor.is_offered()
        standing = supervision.explain(f"call-{visitor.contact}")
        assert standing is not None
        assert standing.with_agents == ("8001",)
        assert supervision.explain("call-x") is None
        visitor.leaves()
        await office.settles()


async def test_a_conversation_is_ended_as_if_the_agent_had_hung_up() -> None:
    with capture_logs() as logs:
        async with supervised() as (office, supervision):
            office.phone("8001")
            await office.ready("8001")
            visitor = office.asks()
            await visitor.meets()
            await office.settles()
            answer = supervision.end_call(AgentNumber("8001"), by="boss")
            assert isinstance(answer, Done)
            await visitor.hears(AgentLeft)
            await office.settles()
            assert office.work_of("8001") == "acw"
            again = supervision.end_call(AgentNumber("8001"), by="boss")
            assert isinstance(again, NotPossible)
            assert isinstance(supervision.end_call(AgentNumber("9999"), by="boss"), UnknownAgent)
    orders = [each for each in logs if each["event"] == "call_ended_by_order"]
    assert [(each["by"], each["done"]) for each in orders] == [
        ("boss", True),
        ("boss", False),
        ("boss", False),
    ]


async def test_a_telephone_that_rings_is_no_conversation_to_end() -> None:
    async with supervised() as (office, supervision):
        office.phone("8001", Manner.RINGS)
        await office.ready("8001")
        office.asks()
        await asyncio.sleep(1)
        answer = supervision.end_call(AgentNumber("8001"), by="boss")
        assert isinstance(answer, NotPossible)
        assert office.work_of("8001") == "ringing"
