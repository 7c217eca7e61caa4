"""The shell around the router: one inbox, one task, in which events become orders.

Whatever concerns distribution is filed here: callers who ask and leave, agents' wishes, the fates
of agents' legs, timers. One after the other they are given to the router, kept in the log, and
what the router commands is carried out.
"""

import asyncio
from collections.abc import Sequence

import structlog

from acd.commands import Command
from acd.contact_states import PENDING
from acd.estimator import Estimator
from acd.events import (
    ContactQueued,
    ConversationAdopted,
    EngineRestarted,
    Event,
    LiveEvent,
    OfferRang,
)
from acd.model import AgentId, ReservationId
from acd.router import Router
from ivrengine.agents.acquaintances import Acquaintances
from ivrengine.agents.agent_line import leg_of
from ivrengine.agents.agent_lines import AgentLines
from ivrengine.agents.alarms import Alarms
from ivrengine.agents.carrying_out import CarryingOut
from ivrengine.agents.event_log import EventLog
from ivrengine.agents.hindsight import Hindsight
from ivrengine.agents.legs import Legs
from ivrengine.agents.observers import Observers
from ivrengine.agents.ports import BranchLines, LinesForAll
from ivrengine.agents.positions import Positions
from ivrengine.agents.reception import Floor, Reception
from ivrengine.agents.roster import Roster
from ivrengine.agents.settings import DispatchSettings
from ivrengine.clock import Clock
from ivrengine.errors import StorageError
from ivrengine.telephony import LegId, Switch

log = structlog.get_logger(__name__)

_Filed = tuple[LiveEvent, float, asyncio.Future[Sequence[Command]] | None]


class Dispatcher:
    """Feeds the router and has carried out what it orders.

    Before anything else :meth:`restore` takes up what an earlier process left; then :meth:`run` is
    kept running. Events may be filed at any time, also before.

    Args:
        roster: the agents and queues in force.
        switch: rings agents' telephones.
        legs: hands over the events of legs that are claimed.
        clock: the time of events and timers.
        event_log: keeps every event.
        settings: how patiently all this is done.
        observers: are told what happens.
        branch_lines: the lines over which agents of remote branches are reached.

    Attributes:
        roster: the agents and queues in force.
        reception: where calls ask for people.
        acquaintances: who spoke with whom last.
        faults: events that broke a promise of the router.
    """

    def __init__(
        self,
        roster: Roster,
        switch: Switch,
        legs: Legs,
        clock: Clock,
        *,
        event_log: EventLog,
        settings: DispatchSettings | None = None,
        observers: Observers | None = None,
        branch_lines: BranchLines | None = None,
    ) -> None:
        self._settings = settings = settings or DispatchSettings()
        self.roster = roster
        self.faults = 0
        self._clock = clock
        self._log = event_log
        self._observers = observers or Observers()
        self.acquaintances = Acquaintances()
        self._hindsight = Hindsight(self.acquaintances)
        self._router = Router(claim_timeout_s=settings.claim_timeout_s, estimator=self._hindsight)
        self._inbox: asyncio.Queue[_Filed] = asyncio.Queue()
        self._opening: list[Command] = []
        floor = Floor(
            router=self._router,
            roster=lambda: self.roster,
            estimator=self._hindsight,
            acquaintances=self.acquaintances,
            clock=clock,
        )
        self.reception = Reception(self.file, floor, announced=self._observers.announced)
        visitors = self.reception.visitors
        self._lines = AgentLines(
            switch,
            legs,
            self.file,
            hang_up_attempts=settings.hang_up_attempts,
            branch_lines=branch_lines or LinesForAll(),
        )
        self._alarms = Alarms(clock, self._router.awaits, self.file)
        self._positions = Positions(
            self._router, visitors.position, interval_s=settings.position_interval_s
        )
        self._carry_out = CarryingOut(
            self._router,
            self._lines,
            visitors,
            alarms=self._alarms,
            positions=self._positions,
            observers=self._observers,
        )

    @property
    def router(self) -> Router:
        """The router, to be read and never to be told anything."""
        return self._router

    @property
    def estimator(self) -> Estimator:
        """What estimates waits."""
        return self._hindsight

    # The life of the dispatcher.

    def restore(self) -> None:
        """Take up what the log holds, and the roster in force; callers then claim their places.

        A log that cannot be written holds nobody up; the first event tries again.

        Raises:
            StorageError: the log is there and cannot be read.
        """
        now = self._clock.now()
        past = self._log.past()
        self._observers.resumed(past[0][1] if past else None)
        for event in self._state_after(past):
            self._router.handle(event, now)
        self._open_with(self.roster.as_event(), now)
        if past:
            self._open_with(EngineRestarted(), now)
            log.info("agents_restored", events=len(past), waiting=len(self._router.visits()))
        self.begin_log()

    def _open_with(self, event: LiveEvent, now: float) -> None:
        commands = self._router.handle(event, now)
        self._opening += commands
        self._tell_observers(event, commands, now)

    def _tell_observers(self, event: Event, commands: Sequence[Command], now: float) -> None:
        self._hindsight.take(event, commands, now)
        self._observers.applied(event, commands, now)

    def _state_after(self, past: Sequence[tuple[Event, float]]) -> Sequence[Event]:
        """Return a snapshot of the state that ``past`` leads to, nothing when it leads nowhere."""
        replayed = Router(claim_timeout_s=self._settings.claim_timeout_s)
        try:
            for event, at in past:
                self._tell_observers(event, replayed.handle(event, at), at)
        except Exception:
            # A past that another version of the program wrote must not keep this one from serving.
            self.faults += 1
            log.exception("agents_past_unusable", events=len(past))
            self._hindsight.forget()
            return ()
        return replayed.snapshot()

    async def run(self) -> None:
        """Serve until cancelled; conversations are left to the softswitch then."""
        async with asyncio.TaskGroup() as scope:
            self._lines.live_in(scope)
            self._take_over()
            try:
                while True:
                    event, filed_at, reply = await self._inbox.get()
                    commands = self._apply(event, filed_at)
                    if reply is not None and not reply.done():
                        reply.set_result(commands)
            finally:
                self._alarms.stop_all()
                self._positions.stop()

    def _take_over(self) -> None:
        """Wait for the timers, listen to the legs and carry out the orders of a restored state."""
        for timer in self._router.timers():
            self._alarms.set(timer)
        opening, self._opening = self._opening, []
        now = self._clock.now()
        for command in opening:
            self._carry_out(command, now)
        for reservation, agent in self._conversations().items():
            self._lines.adopt(reservation, agent)

    def _conversations(self) -> dict[ReservationId, AgentId]:
        offers = self._router.offers()
        return {offer.id: offer.agent for offer in offers if offer.outcome != PENDING}

    def file(self, event: LiveEvent) -> None:
        """Put an event in the inbox; it takes effect in the order of filing."""
        self._inbox.put_nowait((event, self._clock.now(), None))

    async def tell(self, event: LiveEvent) -> Sequence[Command]:
        """File an event and return what the router said to it."""
        reply: asyncio.Future[Sequence[Command]] = asyncio.get_running_loop().create_future()
        self._inbox.put_nowait((event, self._clock.now(), reply))
        return await reply

    def begin_log(self) -> None:
        """Put a snapshot of this moment in the place of the log's past."""
        now = self._clock.now()
        try:
            self._log.begin(self._router.snapshot(), now)
        except StorageError as fault:
            # Calls go on without the log; the next event tries again.
            log.error("agents_log_not_begun", fault=str(fault))
        else:
            self._observers.log_begun(now)

    def end_conversation(self, agent: AgentId) -> bool:
        """Hang up an agent's leg as if the agent had; False for who is in no conversation."""
        own = (each for each, whose in self._conversations().items() if whose == agent)
        reservation = next(own, None)
        if reservation is not None:
            self._lines.hang_up(reservation)
        return reservation is not None

    def change_roster(self, roster: Roster) -> None:
        """Put another roster in force; nobody who talks or rings is disturbed by it."""
        self.roster = roster
        self.file(roster.as_event())

    # What reconciling asks for.

    def keeps(self, leg: LegId) -> bool:
        """Tell whether an agent's leg belongs to an offer or a conversation that goes on."""
        return any(leg_of(offer.id) == leg for offer in self._router.offers())

    def reconcile(self, live: frozenset[LegId]) -> None:
        """Learn which legs exist, after events may have been lost."""
        self._lines.compare(live, self._conversations())

    # From event to orders.

    def _apply(self, event: LiveEvent, filed_at: float) -> Sequence[Command]:
        now = self._clock.now()
        try:
            event = self._router.foresee(event)
            commands = self._router.handle(event, now)
        except Exception:
            # The boundary of distribution: an event that breaks a promise must not end all others.
            self.faults += 1
            log.exception("event_broke_the_router", kind=type(event).__name__)
            return ()
        self._tell_observers(event, commands, now)
        if not self._log.append(event, now):
            self.begin_log()
        for command in commands:
            self._carry_out(command, filed_at)
        self._follow_up(event, filed_at)
        return commands

    def _follow_up(self, event: LiveEvent, filed_at: float) -> None:
        match event:
            case ContactQueued():
                self._positions.tell_now(event.contact)
            case ConversationAdopted():
                self._lines.adopt(event.reservation, event.agent)
            case OfferRang():
                self._carry_out.rang(event.reservation, filed_at)
            case _:
                pass
