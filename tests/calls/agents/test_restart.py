import asyncio
import errno
import os
from pathlib import Path

import pytest

from acd.events import AgentLoggedIn, Event, OfferAnswered, ReservationRestored
from acd.model import AgentId, ContactId, ReservationId
from acd.state import Reservation
from ivrengine.agents.event_log import EventLogFile, MemoryEventLog
from ivrengine.agents.ports import (
    AgentLeft,
    OfferEnded,
    PositionChanged,
    VisitEnded,
    VisitOutcome,
)
from ivrengine.errors import StorageError
from ivrengine.simulator.exchange import SimulatedExchange
from ivrengine.simulator.phone import Manner
from tests.calls.agents.office import Office, a_roster, an_office

pytestmark = [pytest.mark.calls, pytest.mark.looptime]


ORPHAN = Reservation(
    id=ReservationId("r1"), contact=ContactId("c1"), agent=AgentId("8001"), offered_at=1.0
)


def log_of(office: Office) -> MemoryEventLog:
    log = office.event_log
    assert isinstance(log, MemoryEventLog)
    return log


async def test_agents_stay_logged_in_through_a_restart() -> None:
    async with an_office() as office:
        await office.ready("8001")
    async with an_office(past=log_of(office).past(), exchange=office.exchange) as again:
        again.phone("8001")
        assert (await again.asks().meets()).agent == "8001"


async def test_waiting_callers_come_back_to_their_places_in_whatever_order_they_return() -> None:
    async with an_office(a_roster(("8001",))) as office:
        office.phone("8001")
        await office.ready("8001")
        await office.asks().meets()
        for contact in ("first", "second"):
            await asyncio.sleep(1)
            office.asks(contact=contact)
        await office.settles()
    past, exchange = log_of(office).past(), office.exchange
    async with an_office(a_roster(("8001",)), past, exchange) as again:
        second, first = again.asks(contact="second"), again.asks(contact="first")
        assert await first.hears(PositionChanged) == PositionChanged(position=1)
        assert await second.hears(PositionChanged) == PositionChanged(position=2)


async def test_a_conversation_goes_on_through_a_restart_and_ends_as_ever() -> None:
    async with an_office() as office:
        phone = office.phone("8001")
        await office.ready("8001")
        talk = await office.asks(contact="talks").meets()
        await office.settles()
    assert phone.call is not None, "the engine's end leaves the agent's leg as it is"
    async with an_office(past=log_of(office).past(), exchange=office.exchange) as again:
        live = frozenset(leg.leg for leg in await again.exchange.live_legs())
        again.dispatcher.reconcile(live)
        assert again.dispatcher.keeps(talk.leg)
        visitor = again.adopts("talks", talk)
        await asyncio.sleep(60)
        assert again.work_of("8001") == "talking"
        phone.hangs_up()
        left = await visitor.hears(AgentLeft)
        assert left == AgentLeft(reservation=talk.reservation, agent=talk.agent)


async def test_a_telephone_that_rang_when_the_engine_died_is_not_left_ringing() -> None:
    async with an_office() as office:
        phone = office.phone("8001", Manner.RINGS)
        await office.ready("8001")
        office.asks(contact="c1")
        party = await phone.rings()
    async with an_office(past=log_of(office).past(), exchange=office.exchange) as again:
        await party.is_let_go(within_s=1)
        visitor = again.asks(contact="c1")
        await phone.rings()
        phone.answers()
        await visitor.meets()


async def test_an_agent_whose_conversation_ended_meanwhile_is_free_when_legs_are_compared() -> None:
    async with an_office() as office:
        phone = office.phone("8001")
        await office.ready("8001")
        await office.asks(contact="talks").meets()
        await office.settles()
    phone.hangs_up()
    async with an_office(past=log_of(office).past(), exchange=office.exchange) as again:
        await again.settles()
        again.dispatcher.reconcile(frozenset())
        await asyncio.sleep(1)
        assert again.work_of("8001") == "acw"
        await asyncio.sleep(30)
        assert again.work_of("8001") == "idle"
        assert len(again.legs) == 0


async def test_a_softswitch_that_restarts_loses_its_legs_and_no_agent_stays_stuck() -> None:
    async with an_office() as office:
        office.phone("8001"), office.phone("8002", Manner.RINGS)
        await office.ready("8001", "8002")
        talking, ringing = office.asks(), office.asks()
        await talking.meets()
        await ringing.is_offered()
        await office.settles()
        office.exchange.restart()
        office.dispatcher.reconcile(frozenset())
        await talking.hears(AgentLeft, within_s=5)
        await ringing.hears(OfferEnded, within_s=5)
        await asyncio.sleep(12)
        assert office.work_of("8001") == "idle"
        assert len(office.legs) == 1, "the caller whose offer failed is offered again"


async def test_the_log_on_disk_brings_back_the_same_state(tmp_path: Path) -> None:
    path = tmp_path / "agents" / "events.jsonl"
    exchange = SimulatedExchange()
    async with an_office(event_log=EventLogFile(path), exchange=exchange) as office:
        office.phone("8001")
        await office.ready("8001", "8002")
        await office.asks(contact="talks").meets()
        for contact in ("w1", "w2"):
            office.asks("8001", contact=contact)
        await asyncio.sleep(3)
        before = office.dispatcher.router
    async with an_office(event_log=EventLogFile(path), exchange=exchange) as again:
        after = again.dispatcher.router
        assert after.desks() == before.desks()
        assert after.offers() == before.offers()
        assert [visit.contact for visit in after.visits() if not visit.claimed] == [
            visit.contact for visit in before.visits()
        ]
        assert [event for event, _ in EventLogFile(path).past()] == after.snapshot()


async def test_a_past_that_makes_no_sense_is_left_behind_and_service_begins_anew() -> None:
    past: list[tuple[Event, float]] = [
        (a_roster().as_event(), 1.0),
        (AgentLoggedIn(agent=AgentId("8001"), ready=True), 1.0),
        (ReservationRestored(reservation=ORPHAN), 1.0),
        (OfferAnswered(reservation=ORPHAN.id), 2.0),
    ]
    async with an_office(past=past) as office:
        assert office.dispatcher.faults == 1
        office.dispatcher.faults = 0
        assert await office.asks().hears(VisitEnded) == VisitEnded(outcome=VisitOutcome.NOBODY)
        office.phone("8001")
        await office.ready("8001")
        await office.asks().meets()


async def test_a_torn_last_line_costs_that_event_alone(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    log = EventLogFile(path)
    log.begin([a_roster().as_event()], 1000.0)
    for number in ("8001", "8002"):
        log.append(AgentLoggedIn(agent=AgentId(number), ready=True), 1001.0)
    log.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    torn = EventLogFile(path)
    assert [event for event, _ in torn.past()] == [
        a_roster().as_event(),
        AgentLoggedIn(agent=AgentId("8001"), ready=True),
    ]
    assert torn.unreadable == 1


async def test_a_log_that_cannot_be_written_costs_nobody_a_conversation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "events.jsonl"
    async with an_office(event_log=EventLogFile(path)) as office:
        office.phone("8001")
        with monkeypatch.context() as disk:
            disk.setattr(EventLogFile, "begin", _not_begun)
            disk.setattr(os, "write", _no_space)
            await office.ready("8001")
            await office.asks().meets()
            await office.settles()
        assert office.work_of("8001") == "talking"
        await office.ready("8002")
        assert EventLogFile(path).past()[-1][0] == office.dispatcher.router.snapshot()[-1]


async def test_a_log_that_cannot_be_begun_keeps_nobody_from_starting(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    folder.write_text("in the way")
    path = folder / "events.jsonl"
    async with an_office(event_log=EventLogFile(path)) as office:
        folder.unlink()
        office.phone("8001")
        await office.ready("8001")
        assert EventLogFile(path).past()[-1][0] == office.dispatcher.router.snapshot()[-1]


def _no_space(*_: object) -> int:
    raise OSError(errno.ENOSPC, "no space left on device")


def _not_begun(*_: object) -> None:
    raise StorageError("no space left on device")
