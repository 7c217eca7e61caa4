"""An office to test in: a dispatcher, agents with telephones, and callers who want a person."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager

from acd.commands import Command, CountLate, EndVisit, NoteMove
from acd.events import AgentLoggedIn, Event
from acd.model import AgentId, ContactId
from ivrengine.agents.dispatcher import Dispatcher
from ivrengine.agents.event_log import EventLog, EventLogFile, MemoryEventLog
from ivrengine.agents.legs import Legs
from ivrengine.agents.observers import Observers
from ivrengine.agents.ports import (
    AgentAnswered,
    OfferEnded,
    OfferMade,
    PersonWanted,
    TalkResumed,
    VisitEvent,
    WithdrawCause,
)
from ivrengine.agents.queue_settings import LineSettings, Members, QueueSettings
from ivrengine.agents.roster import Roster
from ivrengine.agents.settings import AgentSettings, Name, OfferSettings
from ivrengine.simulator.exchange import SimulatedExchange
from ivrengine.simulator.loop_clock import LoopClock
from ivrengine.simulator.phone import Manner, SimulatedPhone
from ivrengine.telephony import LegArrived, SwitchConnected, SwitchEvent, SwitchLost
from ivrengine.values import AgentNumber, Language, PhoneNumber

NAME = Name(zh="名", en="Name")
CALLER = PhoneNumber("13900000001")


def a_roster(numbers: Iterable[str] = ("8001", "8002"), wrap_up_s: float = 10.0) -> Roster:
    queue = QueueSettings(
        name="general",
        title=NAME,
        members=Members(agents=tuple(numbers)),
        wrap_up_s=wrap_up_s,
        offer=OfferSettings(),
    )
    return Roster(
        agents={AgentNumber(n): AgentSettings(number=n, name=NAME) for n in numbers},
        queues={"general": queue},
        by_number=LineSettings(),
    )


class Visitor:
    """A call that wants a person: what it was told, in order."""

    def __init__(self, office: "Office", contact: str, since: float) -> None:
        self.contact = ContactId(contact)
        self.told: list[VisitEvent] = []
        self.since = since
        self._office = office
        self._changed = asyncio.Event()

    def sink(self, event: VisitEvent) -> None:
        self.told.append(event)
        self._changed.set()

    async def hears(self, kind: type[VisitEvent], within_s: float = 120.0) -> VisitEvent:
        """Wait for news of a kind; what came before it is forgotten."""
        async with asyncio.timeout(within_s):
            while True:
                for place, event in enumerate(self.told):
                    if isinstance(event, kind):
                        del self.told[: place + 1]
                        return event
                self._changed.clear()
                await self._changed.wait()

    async def meets(self) -> AgentAnswered:
        """Wait for an agent and report the joining."""
        answered = await self.hears(AgentAnswered)
        assert isinstance(answered, AgentAnswered)
        self._office.dispatcher.reception.joined(answered.reservation)
        return answered

    async def is_offered(self) -> OfferMade:
        made = await self.hears(OfferMade)
        assert isinstance(made, OfferMade)
        return made

    async def offer_fails(self) -> str:
        """Wait for the end of an offer and return its cause."""
        ended = await self.hears(OfferEnded)
        assert isinstance(ended, OfferEnded)
        return ended.cause

    def leaves(self, cause: WithdrawCause = WithdrawCause.CALLER_GONE) -> None:
        self._office.dispatcher.reception.withdraw(self.contact, cause)


class Office:
    """A dispatcher at work on a simulated exchange."""

    def __init__(
        self, roster: Roster, event_log: EventLog, exchange: SimulatedExchange | None = None
    ) -> None:
        self.clock = LoopClock()
        self.exchange = exchange or SimulatedExchange(self.clock)
        self.event_log = event_log
        self.legs = Legs()
        self.unclaimed: list[SwitchEvent] = []
        self.moves: list[NoteMove] = []
        self.hears: list[Callable[[Event, Sequence[Command], float], None]] = []
        self.late: list[CountLate] = []
        self.ended: list[EndVisit] = []
        self.delays_s: list[float] = []
        self.arrived: list[LegArrived] = []
        self.dispatcher = Dispatcher(
            roster,
            self.exchange,
            self.legs,
            self.clock,
            event_log=event_log,
            observers=Observers(
                moved=self.moves.append,
                applied=self._applied,
                late=self.late.append,
                ended=self.ended.append,
                offer_delay=self.delays_s.append,
            ),
        )
        self._callers = 0

    def _applied(self, event: Event, commands: Sequence[Command], at: float) -> None:
        for take in self.hears:
            take(event, commands, at)

    def file(self, event: SwitchEvent) -> None:
        if isinstance(event, SwitchLost | SwitchConnected):
            return
        if isinstance(event, LegArrived):
            self.arrived.append(event)
        elif not self.legs.file(event):
            self.unclaimed.append(event)

    def phone(self, number: str, manner: Manner = Manner.ANSWERS) -> SimulatedPhone:
        return self.exchange.phone(number, manner)

    async def ready(self, *numbers: str) -> None:
        for number in numbers:
            await self.dispatcher.tell(AgentLoggedIn(agent=AgentId(number), ready=True))

    def asks(
        self, agent: str = "", *, queue: str = "general", contact: str = "", since: float = 0.0
    ) -> Visitor:
        """Let a call ask for a person."""
        self._callers += 1
        visitor = Visitor(self, contact or f"c{self._callers}", since or self.clock.now())
        self.dispatcher.reception.ask(
            PersonWanted(
                contact=visitor.contact,
                queue="" if agent else queue,
                agent=AgentNumber(agent) if agent else None,
                caller=CALLER,
                language=Language.MANDARIN,
                since=visitor.since,
            ),
            visitor.sink,
        )
        return visitor

    def adopts(self, contact: str, talk: AgentAnswered) -> Visitor:
        visitor = Visitor(self, contact, self.clock.now())
        self.dispatcher.reception.adopt(
            TalkResumed(
                contact=visitor.contact,
                reservation=talk.reservation,
                agent=talk.agent,
                agent_leg=talk.leg,
                since=visitor.since,
            ),
            visitor.sink,
        )
        return visitor

    def work_of(self, number: str) -> str:
        desk = self.dispatcher.router.desk(AgentId(number))
        assert desk is not None
        return desk.work

    async def settles(self) -> None:
        """Let everything that is due now happen."""
        await asyncio.sleep(0.001)


@asynccontextmanager
async def an_office(
    roster: Roster | None = None,
    past: Iterable[tuple[Event, float]] = (),
    exchange: SimulatedExchange | None = None,
    event_log: EventLog | None = None,
) -> AsyncIterator[Office]:
    """Open an office; when it closes, nothing of it may be left over but conversations."""
    office = Office(roster or a_roster(), event_log or MemoryEventLog(past), exchange)
    office.exchange.subscribe(office.file)
    office.dispatcher.restore()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(office.dispatcher.run())
        try:
            yield office
        finally:
            running.cancel()
            office.exchange.unsubscribe(office.file)
            if isinstance(office.event_log, EventLogFile):
                office.event_log.close()
    assert office.dispatcher.faults == 0
