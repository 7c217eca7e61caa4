"""Another roster while callers wait, are rung for and talk: nobody is dropped without a reason."""

import pytest

from ivrengine.agents.ports import AgentLeft, VisitEnded, VisitOutcome
from ivrengine.agents.queue_settings import Members, QueueSettings, StepSettings
from ivrengine.agents.reachability import Reachability
from ivrengine.agents.roster import Roster
from ivrengine.agents.settings import AgentSettings, DispatchSettings
from ivrengine.simulator.phone import Manner
from ivrengine.values import AgentNumber
from tests.calls.agents.office import NAME, a_roster, an_office

pytestmark = [pytest.mark.calls, pytest.mark.looptime]


def with_queue(roster: Roster, **changes: object) -> Roster:
    """Return ``roster`` with the queue general altered."""
    queue = roster.queues["general"].model_copy(update=changes)
    return Roster(agents=roster.agents, queues={"general": queue}, by_number=roster.by_number)


def without_agent(roster: Roster, number: str) -> Roster:
    agents = {key: agent for key, agent in roster.agents.items() if key != number}
    members = Members(agents=tuple(key for key in agents))
    queue = roster.queues["general"].model_copy(update={"members": members})
    return Roster(agents=agents, queues={"general": queue}, by_number=roster.by_number)


async def test_waiting_callers_keep_their_places_when_the_rules_of_their_queue_change() -> None:
    roster = a_roster()
    async with an_office(roster) as office:
        await office.ready("8001")
        office.phone("8001")
        first = office.asks()
        await first.meets()
        second, third = office.asks(), office.asks()
        await office.settles()
        office.dispatcher.change_roster(with_queue(roster, band=3, wrap_up_s=0.0))
        await office.settles()
        assert office.dispatcher.router.position(second.contact) == 1
        assert office.dispatcher.router.position(third.contact) == 2
        first.leaves()
        await second.meets()
        second.leaves()
        await third.meets()
        third.leaves()
        await office.settles()


async def test_callers_of_a_queue_that_is_gone_are_sent_back_to_the_flow_with_a_reason() -> None:
    roster = a_roster()
    async with an_office(roster) as office:
        await office.ready("8001")
        office.phone("8001")
        talking = office.asks()
        answered = await talking.meets()
        waiting = office.asks()
        await office.settles()
        gone = Roster(agents=roster.agents, queues={}, by_number=roster.by_number)
        office.dispatcher.change_roster(gone)
        ended = await waiting.hears(VisitEnded)
        assert isinstance(ended, VisitEnded)
        assert ended.outcome is VisitOutcome.REMOVED
        assert office.work_of("8001") == "talking"
        assert not any(isinstance(event, AgentLeft) for event in talking.told)
        assert answered.agent == "8001"
        talking.leaves()
        await office.settles()


async def test_a_telephone_that_rings_goes_on_ringing_and_the_call_is_taken() -> None:
    roster = a_roster()
    async with an_office(roster) as office:
        await office.ready("8001")
        office.phone("8001", Manner.ANSWERS)
        visitor = office.asks()
        made = await visitor.is_offered()
        office.dispatcher.change_roster(with_queue(roster, wrap_up_s=1.0))
        answered = await visitor.meets()
        assert (answered.reservation, answered.agent) == (made.reservation, "8001")
        visitor.leaves()
        await office.settles()


async def test_a_call_that_rings_may_still_be_taken_by_who_was_taken_off_the_queue() -> None:
    roster = a_roster()
    async with an_office(roster) as office:
        await office.ready("8001", "8002")
        phones = {number: office.phone(number, Manner.RINGS) for number in ("8001", "8002")}
        visitor = office.asks()
        made = await visitor.is_offered()
        other = "8002" if made.agent == "8001" else "8001"
        office.dispatcher.change_roster(with_queue(roster, members=Members(agents=(other,))))
        await office.settles()
        phones[made.agent].answers()
        assert (await visitor.meets()).agent == made.agent
        visitor.leaves()
        await office.settles()


async def test_an_agent_who_is_removed_talks_on_and_goes_after_the_call() -> None:
    roster = a_roster()
    async with an_office(roster) as office:
        await office.ready("8001", "8002")
        office.phone("8001")
        office.phone("8002")
        visitor = office.asks()
        answered = await visitor.meets()
        office.dispatcher.change_roster(without_agent(roster, answered.agent))
        await office.settles()
        assert office.work_of(answered.agent) == "talking"
        visitor.leaves()
        await office.settles()
        after = office.asks()
        assert (await after.meets()).agent != answered.agent
        assert office.dispatcher.router.desk(answered.agent) is None  # type: ignore[arg-type]
        after.leaves()
        await office.settles()


async def test_an_agent_who_can_do_more_is_rung_at_once_for_whoever_waited_for_that() -> None:
    able = AgentSettings(number="8001", name=NAME, skills={"general": 1})
    queue = QueueSettings(
        name="general",
        title=NAME,
        members=Members(skill="general"),
        steps=(StepSettings(after_s=0, needs="general >= 2"),),
    )
    rules = a_roster().by_number
    before = Roster(agents={AgentNumber("8001"): able}, queues={"general": queue}, by_number=rules)
    abler = able.model_copy(update={"skills": {"general": 2}})
    after = Roster(agents={AgentNumber("8001"): abler}, queues={"general": queue}, by_number=rules)
    async with an_office(before) as office:
        await office.ready("8001")
        office.phone("8001")
        visitor = office.asks()
        await office.settles()
        assert office.work_of("8001") == "idle"
        office.dispatcher.change_roster(after)
        await visitor.meets()
        visitor.leaves()
        await office.settles()


async def test_an_agent_who_is_new_is_out_of_reach_until_the_telephone_was_seen() -> None:
    roster = a_roster(("8001",))
    more = a_roster(("8001", "8002", "8003"))
    async with an_office(roster) as office:
        reachability = Reachability(office.dispatcher, DispatchSettings())
        reachability.contact_changed(AgentNumber("8002"), reachable=True)
        reachability.roster_changed(more)
        await office.settles()
        devices = {
            number: office.dispatcher.router.desk(number).device  # type: ignore[arg-type,union-attr]
            for number in ("8002", "8003")
        }
        assert devices == {"8002": "reachable", "8003": "unreachable"}
        reachability.stop()
