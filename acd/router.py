"""The router: takes one event and the time, and returns what is to be done.

The way of a contact: it is let in or sent elsewhere (``intake``, ``overflow``), and waits while
time relaxes what it asks for (``waiting``), supervisors move it (``moves``) or it becomes a
callback (``callbacks``). It is matched with an agent (``matching``, ``pairing``), who is reserved
and rung, and the offer ends in exactly one outcome (``offers``, ``desks``). An answer connects the
two; anything else puts the contact back where it stood and lets the agent rest.

After every event those who wait are brought up to date (``settling``), and then whatever can be
offered is: between events no contact waits for which there is a free agent who will do. The router
awaits nothing, asks no clock and draws no lots: the same events give the same commands.
"""

from typing import assert_never

from acd.agent_states import PresenceTrigger
from acd.assembly import Entrances, Floor, WaitingRoom
from acd.choices import Choice, choice
from acd.commands import Command, StartTimer
from acd.contact_states import ContactState
from acd.estimator import Estimator
from acd.events import (
    AgentForced,
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
from acd.explanations import Explanation, explanation, next_change
from acd.model import (
    AgentId,
    ContactId,
    Disposition,
    Queue,
    QueueName,
    ReservationId,
    TimerKey,
    TimerKind,
)
from acd.state import Desk, Reservation, Visit

_ENDS_OFFERS = frozenset({PresenceTrigger.GO_NOT_READY, PresenceTrigger.LOG_OUT})


class Router:
    """Decides who serves whom; its whole state is the fold over the events it was given.

    Args:
        claim_timeout_s: how long a contact is kept after a restart for its call to claim it.
        estimator: estimates waits, for :meth:`foresee` and :meth:`explain`.
        occupancy_window_s: how far back work counts where the least occupied agent is picked.
    """

    def __init__(
        self,
        *,
        claim_timeout_s: float = 15.0,
        estimator: Estimator | None = None,
        occupancy_window_s: float = 1800.0,
    ) -> None:
        self._claim_timeout_s = claim_timeout_s
        floor = Floor(occupancy_window_s=occupancy_window_s)
        room = WaitingRoom(floor)
        entrances = Entrances(floor, room, estimator)
        self._queues, self._outbox, self._timers = floor.queues, floor.outbox, floor.timers
        self._matching, self._visits = floor.matching, floor.visits
        self._desks, self._offers = floor.desks, floor.offers
        self._callbacks, self._moves, self._overflow = room.callbacks, room.moves, room.overflow
        self._settling = room.settling
        self._rosters, self._intake = entrances.rosters, entrances.intake
        self._adoptions, self._pairing = entrances.adoptions, entrances.pairing
        self._foresight = entrances.foresight

    def foresee(self, event: LiveEvent) -> LiveEvent:
        """Return ``event`` with what the estimator has to say to it, to be handled and journaled.

        Whoever keeps a journal calls this before :meth:`handle`; without it, rules of overflow on
        expected waits do not apply.
        """
        return self._foresight.foresee(event) if isinstance(event, ContactQueued) else event

    def handle(self, event: Event, now: float) -> list[Command]:
        """Take in ``event`` at ``now`` and return the commands that follow, in order.

        Raises:
            ImpossibleMove: the event meets what the tables rule out: a fault of the program.
        """
        if isinstance(event, SnapshotEvent):
            self._restore(event)
            return self._outbox.drain()
        self._take_in(event, now)
        self._settling.settle(now)
        self._pairing.offer_what_can_be(now)
        self._desks.sweep()
        return self._outbox.drain()

    def _take_in(self, event: LiveEvent, now: float) -> None:
        match event:
            case ContactQueued():
                self._intake.take(event, now)
            case ContactLeft():
                self._contact_left(event, now)
            case ContactMoved():
                self._moves.order(event, now)
            case CallbackRequested():
                self._callbacks.request(event, now)
            case CallbackCanceled():
                self._callbacks.cancel(event, now)
            case CallbackFailed():
                if not self._callbacks.fail(event.reservation, now):
                    self._outbox.late("offer", event.reservation, "over", "CallbackFailed")
            case JoinFailed() if self._callbacks.fail(event.reservation, now):
                pass
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
                self._rosters.change(event, now)
            case EngineRestarted():
                self._restart(now)
            case ConversationAdopted():
                self._adoptions.adopt(event, now)
            case AgentForced():
                if event.presence in _ENDS_OFFERS:
                    self._offers.release(event.agent, now)
                self._desks.apply(event, now)
            case _:
                self._desks.apply(event, now)
                if isinstance(event, PhoneVanished):
                    self._offers.vanish(event.agent, now)

    def _contact_left(self, event: ContactLeft, now: float) -> None:
        visit = self._visits.get(event.contact)
        if visit is None:
            self._outbox.late("contact", event.contact, ContactState.LEFT, "ContactLeft")
        else:
            self._offers.leave(visit, event.cause, now)

    def _timer_expired(self, key: TimerKey, now: float) -> None:
        match key.kind:
            case TimerKind.JOIN if self._callbacks.fail(ReservationId(key.subject), now):
                pass
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
                if not self._callbacks.unclaimed(lost, now):
                    self._offers.turn_away(lost, Disposition.LOST, now)
            case TimerKind.STEP | TimerKind.PROMOTE | TimerKind.PREFERENCE | TimerKind.OVERFLOW:
                self._settling.pass_time(ContactId(key.subject), now)
            case TimerKind.HOURS:
                self._overflow.watch_hours(QueueName(key.subject), now)
            case TimerKind.CALLBACK_RETRY:
                self._callbacks.retry(ContactId(key.subject))
            case _:
                assert_never(key.kind)

    def _restart(self, now: float) -> None:
        self._offers.withdraw_all(now)
        self._visits.disown_all(claim_by=now + self._claim_timeout_s)
        self._desks.forget_phones(now)

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
                self._desks.turns = event.turns
            case _:
                assert_never(event)

    # What others may see.

    def snapshot(self) -> list[Event]:
        """Return events that rebuild this state in a new router, without its past."""
        roster = self._rosters.in_force
        past: list[Event] = [] if roster is None else [roster]
        past.append(
            CountersRestored(
                arrivals=self._visits.arrivals,
                generations=self._timers.generations,
                turns=self._desks.turns,
            )
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

    def offer(self, reservation: ReservationId) -> Reservation | None:
        """Return an open offer or a conversation, None once it is over."""
        return self._offers.get(reservation)

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

    def callback(self, queue: QueueName, number: str) -> Visit | None:
        """Return the callback of ``queue`` that is still to be made to ``number``."""
        return self._visits.callback(queue, number)

    def choice(self, contact: ContactId, agent: AgentId, now: float) -> Choice | None:
        """Return why ``agent`` is offered ``contact``, when that was decided at ``now``."""
        visit, desk = self._visits.get(contact), self._desks.get(agent)
        if visit is None or desk is None:
            return None
        queue = self._queues.get(visit.queue, Queue(name=visit.queue))
        return choice(visit, queue, desk, now)

    def explain(self, contact: ContactId) -> Explanation | None:
        """Return why a contact waits, or who serves it; None for one that is not there."""
        visit = self._visits.get(contact)
        if visit is None:
            return None
        queue = self._queues.get(visit.queue, Queue(name=visit.queue))
        position = self._matching.position(contact)
        return explanation(
            visit,
            queue,
            self._desks,
            position=position,
            expected_wait_s=None
            if position is None
            else self._foresight.expected_wait_s(queue.name, position - 1),
            next_change=next_change(contact, self._timers),
        )
