"""The router: takes one event and the time, and returns what is to be done.

The way of a contact: it is queued, and matched with the agent who is idle for longest; the agent is
reserved and rung, and the offer ends in exactly one outcome. An answer connects the two; anything
else puts the contact back where it stood and lets the agent rest. After every event the router
offers whatever can be offered, so between events no open contact and free agent of one queue stand
side by side. It awaits nothing, asks no clock and draws no lots: the same events give the same
commands.
"""

import heapq
from dataclasses import replace
from typing import assert_never

from acd.commands import Command, EndVisit, StartTimer
from acd.contact_states import ContactState
from acd.desks import Desks
from acd.events import (
    AgentHungUp,
    CallbackCanceled,
    CallbackFailed,
    CallbackRequested,
    ContactHeld,
    ContactJoined,
    ContactLeft,
    ContactMoved,
    ContactQueued,
    ContactRetrieved,
    ConversationAdopted,
    CountersRestored,
    DeskRestored,
    EngineRestarted,
    Event,
    JoinFailed,
    LiveEvent,
    OfferAnswered,
    OfferRang,
    OfferRefused,
    PhoneVanished,
    ReservationRestored,
    RosterChanged,
    SnapshotEvent,
    TimerExpired,
    TimerRestored,
    VisitRestored,
)
from acd.matching import InLine, Matching
from acd.model import (
    AgentId,
    ContactId,
    Disposition,
    Queue,
    QueueName,
    ReservationId,
    TimerKey,
    TimerKind,
    personal_queue,
)
from acd.offers import Offers
from acd.outbox import Outbox
from acd.state import Desk, Reservation, Visit
from acd.timers import Timers
from acd.visits import Visits

_NOBODY = AgentId("")


class Router:
    """Decides who serves whom; its whole state is the fold over the events it was given.

    Args:
        claim_timeout_s: how long a contact is kept after a restart for its call to claim it.
    """

    def __init__(self, *, claim_timeout_s: float = 15.0) -> None:
        self._claim_timeout_s = claim_timeout_s
        self._roster: RosterChanged | None = None
        self._queues: dict[QueueName, Queue] = {}
        self._outbox = Outbox()
        self._timers = Timers(self._outbox)
        self._matching = Matching()
        self._visits = Visits(self._matching, self._timers, self._outbox)
        self._desks = Desks(self._matching, self._timers, self._outbox)
        self._offers = Offers(
            self._queues,
            visits=self._visits,
            desks=self._desks,
            timers=self._timers,
            outbox=self._outbox,
        )

    def handle(self, event: Event, now: float) -> list[Command]:
        """Take in ``event`` at ``now`` and return the commands that follow, in order.

        Raises:
            ImpossibleMove: the event meets what the tables rule out: a fault of the program.
        """
        if isinstance(event, SnapshotEvent):
            self._restore(event)
            return self._outbox.drain()
        self._take_in(event, now)
        self._turn_away_unstaffed(now)
        self._match(now)
        self._desks.sweep()
        return self._outbox.drain()

    def _take_in(self, event: LiveEvent, now: float) -> None:
        match event:
            case ContactQueued():
                self._contact_queued(event, now)
            case ContactLeft():
                self._contact_left(event, now)
            case ContactMoved() | CallbackRequested() | CallbackFailed() | CallbackCanceled():
                self._outbox.late("contact", "", "unsupported", type(event).__name__)
            case (
                OfferRang()
                | OfferAnswered()
                | OfferRefused()
                | AgentHungUp()
                | ContactJoined()
                | JoinFailed()
                | ContactHeld()
                | ContactRetrieved()
            ):
                self._offers.apply(event, now)
            case TimerExpired():
                if self._timers.expire(event.key, event.generation):
                    self._timer_expired(event.key, now)
            case RosterChanged():
                self._change_roster(event, now)
            case EngineRestarted():
                self._restart(now)
            case ConversationAdopted():
                self._offers.adopt(event, now)
            case _:
                self._desks.apply(event, now)
                if isinstance(event, PhoneVanished):
                    self._offers.vanish(event.agent, now)

    def _contact_queued(self, event: ContactQueued, now: float) -> None:
        visit = self._visits.get(event.contact)
        queue = self._queues.get(event.queue)
        if visit is not None and visit.claimed:
            self._outbox.late("contact", event.contact, visit.state, "ContactQueued")
        elif visit is not None:
            self._offers.ask_again(visit, now)
        elif queue is None:
            self._refuse(event, Disposition.UNKNOWN, now)
        elif not queue.waits_unstaffed and self._desks.staff(queue.name) == 0:
            self._refuse(event, Disposition.NOBODY, now)
        else:
            self._visits.enter(
                event.contact,
                queue,
                enqueued_at=event.enqueued_at,
                head_start_s=event.head_start_s,
            )

    def _refuse(self, event: ContactQueued, disposition: Disposition, now: float) -> None:
        self._outbox.emit(
            EndVisit(
                contact=event.contact,
                queue=event.queue,
                disposition=disposition,
                reservation=None,
                agent=None,
                waited_s=max(0.0, now - event.enqueued_at),
                talked_s=0.0,
            )
        )

    def _contact_left(self, event: ContactLeft, now: float) -> None:
        visit = self._visits.get(event.contact)
        if visit is None:
            self._outbox.late("contact", event.contact, ContactState.LEFT, "ContactLeft")
        else:
            self._offers.leave(visit, event.cause, now)

    def _timer_expired(self, key: TimerKey, now: float) -> None:
        match key.kind:
            case TimerKind.REACH | TimerKind.RING | TimerKind.JOIN:
                self._offers.expire(key.kind, ReservationId(key.subject), now)
            case TimerKind.WRAP_UP:
                self._desks.end_wrap_up(AgentId(key.subject), now)
            case TimerKind.COOL_OFF:
                self._desks.end_cool_off(AgentId(key.subject))
            case TimerKind.EXCLUSION:
                self._visits.end_exclusions(ContactId(key.subject), now)
            case TimerKind.CLAIM:
                lost = self._visits.require(ContactId(key.subject))
                self._offers.turn_away(lost, Disposition.LOST, now)
            case (
                TimerKind.STEP
                | TimerKind.PROMOTE
                | TimerKind.PREFERENCE
                | TimerKind.OVERFLOW
                | TimerKind.HOURS
                | TimerKind.CALLBACK_RETRY
            ):
                self._outbox.late("timer", key.subject, "unsupported", key.kind)
            case _:
                assert_never(key.kind)

    def _change_roster(self, roster: RosterChanged, now: float) -> None:
        self._roster = roster
        self._queues.clear()
        self._queues.update({queue.name: queue for queue in roster.queues})
        for agent in roster.agents:
            name = personal_queue(agent.id)
            self._queues[name] = replace(roster.personal, name=name)
        self._desks.configure(roster.agents, now)
        for queue in self._queues.values():
            self._visits.move_band(queue)
        for visit in self._visits:
            if visit.queue not in self._queues and self._matching.position(visit.contact):
                self._offers.turn_away(visit, Disposition.FAILED, now)
        self._desks.unstaffed.extend(self._queues)

    def _restart(self, now: float) -> None:
        self._offers.withdraw_all(now)
        self._visits.disown_all(claim_by=now + self._claim_timeout_s)
        self._desks.forget_phones(now)

    def _turn_away_unstaffed(self, now: float) -> None:
        """End the visits to queues that nobody serves any more, unless they are to wait."""
        unstaffed, self._desks.unstaffed = self._desks.unstaffed, []
        for name in unstaffed:
            queue = self._queues.get(name)
            if queue is None or queue.waits_unstaffed or self._desks.staff(name) > 0:
                continue
            for visit in self._visits.in_queue(name):
                self._offers.turn_away(visit, Disposition.NOBODY, now)

    def _match(self, now: float) -> None:
        """Offer every open contact for which there is a free agent, foremost first.

        Only contacts that were opened and agents who were freed by this event can make a pair. The
        heap holds each newly opened contact, and for each freed agent the contact that the agent
        would take; an entry that an earlier offer has overtaken is looked up anew.
        """
        opened, self._visits.opened = self._visits.opened, []
        freed, self._desks.freed = self._desks.freed, []
        heap: list[tuple[InLine, AgentId]] = []
        for contact in opened:
            if self._matching.is_open(contact):
                visit = self._visits.require(contact)
                heap.append(((visit.place, contact), _NOBODY))
        for agent in dict.fromkeys(freed):
            entry = self._next_for(agent)
            if entry is not None:
                heap.append((entry, agent))
        heapq.heapify(heap)
        while heap:
            entry, for_agent = heapq.heappop(heap)
            if self._matching.is_open(entry[1]):
                self._try_offer(entry[1], now)
            renewed = self._next_for(for_agent)
            if renewed is not None:
                heapq.heappush(heap, (renewed, for_agent))

    def _next_for(self, agent: AgentId) -> InLine | None:
        if not self._matching.is_free(agent):
            return None
        return self._matching.best_contact(
            agent, lambda contact: self._visits.require(contact).excludes(agent)
        )

    def _try_offer(self, contact: ContactId, now: float) -> None:
        visit = self._visits.require(contact)
        agent = self._matching.best_agent(contact, visit.excludes)
        if agent is not None:
            self._offers.make(visit, agent, now)

    def _restore(self, event: SnapshotEvent) -> None:
        match event:
            case DeskRestored():
                self._desks.restore(event.desk)
            case VisitRestored():
                self._visits.restore(event.visit)
            case ReservationRestored():
                self._offers.restore(event.reservation)
            case TimerRestored():
                self._timers.restore(event.key, event.generation, event.at)
            case CountersRestored():
                self._visits.arrivals = event.arrivals
                self._timers.generations = event.generations
            case _:
                assert_never(event)

    # What others may see.

    def snapshot(self) -> list[Event]:
        """Return events that rebuild this state in a new router, without its past."""
        past: list[Event] = [] if self._roster is None else [self._roster]
        past.append(
            CountersRestored(arrivals=self._visits.arrivals, generations=self._timers.generations)
        )
        past += [DeskRestored(desk=desk) for desk in self._desks]
        past += [VisitRestored(visit=visit) for visit in self._visits]
        past += [ReservationRestored(reservation=offer) for offer in self._offers]
        past += [
            TimerRestored(key=timer.key, generation=timer.generation, at=timer.at)
            for timer in self._timers.running()
        ]
        return past

    def timers(self) -> tuple[StartTimer, ...]:
        """Return every running timer, for whoever takes over waiting for them."""
        return self._timers.running()

    def awaits(self, timer: StartTimer) -> bool:
        """Tell whether the expiry of ``timer`` would still matter."""
        return self._timers.is_running(timer)

    def desk(self, agent: AgentId) -> Desk | None:
        """Return an agent's state, None for an unknown agent."""
        return self._desks.get(agent)

    def desks(self) -> tuple[Desk, ...]:
        """Return the state of every agent, in no particular order."""
        return tuple(self._desks)

    def visit(self, contact: ContactId) -> Visit | None:
        """Return a contact's state, None once it left."""
        return self._visits.get(contact)

    def visits(self) -> tuple[Visit, ...]:
        """Return the state of every contact, in the order of their arrival."""
        return tuple(self._visits)

    def offers(self) -> tuple[Reservation, ...]:
        """Return every open offer and conversation, in the order of the offers."""
        return tuple(self._offers)

    def queue(self, name: QueueName) -> Queue | None:
        """Return a queue's rules, None for an unknown queue."""
        return self._queues.get(name)

    def line(self, queue: QueueName) -> tuple[ContactId, ...]:
        """Return who waits in ``queue``, foremost first."""
        return self._matching.line(queue)

    def staff(self, queue: QueueName) -> int:
        """Return how many agents of ``queue`` are logged in."""
        return self._desks.staff(queue)

    def position(self, contact: ContactId) -> int | None:
        """Return where a contact stands in its line, from 1; None when it does not wait."""
        return self._matching.position(contact)
