"""The contacts: their machine, their place in line, whom they are not to be offered to."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from acd.commands import EndVisit
from acd.contact_states import CONTACT, ContactState, ContactTrigger
from acd.events import ContactQueued
from acd.machines import Late
from acd.matching import Matching
from acd.model import (
    AgentId,
    ContactId,
    Disposition,
    OverflowCause,
    Place,
    Queue,
    QueueName,
    ReservationId,
    TimerKind,
)
from acd.outbox import Outbox
from acd.records import changed
from acd.requirements import ANYBODY
from acd.state import Entry, Reservation, Visit
from acd.timers import Timers

IN_LINE = frozenset({ContactState.QUEUED, ContactState.OFFERED})
_WHILE_IN_LINE = (TimerKind.STEP, TimerKind.PROMOTE, TimerKind.PREFERENCE, TimerKind.OVERFLOW)
_WHILE_THERE = (
    *_WHILE_IN_LINE,
    TimerKind.EXCLUSION,
    TimerKind.CLAIM,
    TimerKind.CALLBACK_RETRY,
)


class Visits:
    """Every contact that entered and has not left.

    ``opened`` collects the contacts that became open since the router last emptied it.
    """

    def __init__(self, matching: Matching, timers: Timers, outbox: Outbox) -> None:
        self._visits: dict[ContactId, Visit] = {}
        self._preferring: defaultdict[QueueName, dict[ContactId, None]] = defaultdict(dict)
        self._callbacks: dict[tuple[QueueName, str], ContactId] = {}
        self._matching = matching
        self._timers = timers
        self._outbox = outbox
        self.arrivals = 0
        self.opened: list[ContactId] = []

    def __iter__(self) -> Iterator[Visit]:
        return iter(tuple(self._visits.values()))

    def __len__(self) -> int:
        return len(self._visits)

    def get(self, contact: ContactId) -> Visit | None:
        """Return what is known of ``contact``."""
        return self._visits.get(contact)

    def require(self, contact: ContactId) -> Visit:
        """Return a contact that is known to be there."""
        return self._visits[contact]

    def callback(self, queue: QueueName, number: str) -> Visit | None:
        """Return the callback of ``queue`` that is still to be made to ``number``."""
        contact = self._callbacks.get((queue, number))
        return None if contact is None else self._visits[contact]

    def preferring(self, queue: QueueName) -> tuple[ContactId, ...]:
        """Return who waits in ``queue`` for a preferred agent, in no particular order."""
        return tuple(self._preferring.get(queue, ()))

    def enter(
        self, asked: ContactQueued, queue: Queue, *, now: float, been: tuple[QueueName, ...] = ()
    ) -> None:
        """Let a contact into the line of ``queue``, at the place that its wait gives it.

        ``been`` are the queues that sent it on before it came into any line.
        """
        self.arrivals += 1
        entry = Entry(
            band=asked.band,
            aged_from=asked.enqueued_at,
            came_at=now,
            been=been,
        )
        score = asked.enqueued_at - asked.head_start_s - queue.head_start_s
        prefers = bool(asked.prefers) or asked.prefers_needs != ANYBODY
        self.store(
            Visit(
                contact=asked.contact,
                queue=queue.name,
                place=Place(
                    band=queue.band if asked.band is None else asked.band,
                    score=score,
                    seq=self.arrivals,
                ),
                enqueued_at=asked.enqueued_at,
                needs=asked.needs,
                prefers=asked.prefers,
                prefers_needs=asked.prefers_needs,
                prefers_until=now + asked.prefers_for_s
                if prefers and asked.prefers_for_s > 0
                else None,
                number=asked.number,
                entry=entry,
            )
        )

    def restore(self, visit: Visit) -> None:
        """Take up a contact from a snapshot."""
        self.store(visit)

    def move(
        self,
        visit: Visit,
        trigger: ContactTrigger,
        *,
        reservation: ReservationId | None,
        joined_at: float | None = None,
    ) -> Visit | None:
        """Move a contact's machine; None when it was late."""
        after = self._outbox.move(CONTACT, visit.contact, visit.state, trigger)
        if isinstance(after, Late):
            return None
        visit = changed(
            visit, state=after, reservation=reservation, joined_at=joined_at, held_since=None
        )
        self.store(visit)
        return visit

    def offer(self, visit: Visit, made: Sequence[ReservationId]) -> None:
        """Let a contact be offered to the agents of these reservations."""
        self._change(
            visit,
            ContactTrigger.OFFER,
            reservation=made[0],
            rivals=tuple(made[1:]),
            offers=visit.offers + len(made),
        )

    def win(self, visit: Visit, reservation: ReservationId) -> None:
        """Let the agent of ``reservation`` be the one who answered."""
        rivals = tuple(id_ for id_ in _offers_of(visit) if id_ != reservation)
        self._change(visit, ContactTrigger.ANSWER, reservation=reservation, rivals=rivals)

    def put_back(self, visit: Visit, trigger: ContactTrigger, reservation: ReservationId) -> None:
        """Take an offer that ended from a contact: it rings on elsewhere, or is where it was."""
        others = tuple(id_ for id_ in _offers_of(visit) if id_ != reservation)
        if not others:
            self._change(visit, trigger, reservation=None)
        elif visit.reservation == reservation and visit.state is ContactState.CONNECTING:
            self._change(visit, ContactTrigger.RING_ON, reservation=others[0], rivals=others[1:])
        else:
            self.store(changed(visit, reservation=others[0], rivals=others[1:]))

    def hold(self, visit: Visit, trigger: ContactTrigger, now: float) -> bool:
        """Put a contact on hold or take it off; False when it was late."""
        on_hold = trigger is ContactTrigger.HOLD
        return self._change(
            visit,
            trigger,
            held_since=now if on_hold else None,
            held_s=visit.held_s if on_hold else _held_s(visit, now),
        )

    def _change(self, visit: Visit, trigger: ContactTrigger, **changes: Any) -> bool:
        after = self._outbox.move(CONTACT, visit.contact, visit.state, trigger)
        if isinstance(after, Late):
            return False
        self.store(changed(visit, state=after, **changes))
        return True

    def end(
        self,
        visit: Visit,
        trigger: ContactTrigger,
        disposition: Disposition,
        *,
        talk: Reservation | None,
        now: float,
        cause: OverflowCause | None = None,
    ) -> None:
        """End a visit, once and for good; ``talk`` is the conversation when there was one."""
        self._outbox.move(CONTACT, visit.contact, visit.state, trigger)
        del self._visits[visit.contact]
        self._matching.remove(visit.contact)
        self._index(visit, None)
        self._timers.stop_each(_WHILE_THERE, visit.contact)
        joined_at = now if visit.joined_at is None else visit.joined_at
        self._outbox.emit(
            EndVisit(
                contact=visit.contact,
                queue=visit.queue,
                disposition=disposition,
                reservation=talk.id if talk else None,
                agent=talk.agent if talk else None,
                waited_s=max(0.0, joined_at - visit.enqueued_at),
                talked_s=now - joined_at,
                held_s=_held_s(visit, now),
                enqueued_at=visit.enqueued_at,
                callback=visit.callback,
                cause=cause,
            )
        )

    def exclude(self, visit: Visit, agent: AgentId, until: float) -> None:
        """Do not offer a contact to ``agent`` until then."""
        others = tuple(entry for entry in visit.excluded if entry[0] != agent)
        self._exclude(visit, (*others, (agent, until)))

    def end_exclusions(self, contact: ContactId, now: float) -> None:
        """Forget the exclusions of ``contact`` that are over."""
        visit = self._visits[contact]
        self._exclude(visit, tuple(entry for entry in visit.excluded if entry[1] > now))
        if self._matching.is_open(contact):
            self.opened.append(contact)

    def _exclude(self, visit: Visit, excluded: tuple[tuple[AgentId, float], ...]) -> None:
        self.store(replace(visit, excluded=excluded))
        if excluded:
            first_end = min(until for _, until in excluded)
            self._timers.start(TimerKind.EXCLUSION, visit.contact, first_end)

    def disown_all(self, claim_by: float) -> None:
        """Offer no contact until its call claims it; those not claimed by then are lost.

        A callback that waits has no call that could be gone.
        """
        for visit in self:
            if visit.callback and visit.state in IN_LINE:
                continue
            self.store(replace(visit, claimed=False))
            self._timers.start(TimerKind.CLAIM, visit.contact, claim_by)

    def claim(self, visit: Visit) -> Visit:
        """Take a contact's call to be there."""
        self._timers.stop(TimerKind.CLAIM, visit.contact)
        claimed = replace(visit, claimed=True)
        self.store(claimed)
        return claimed

    def in_queue(self, queue: QueueName) -> list[Visit]:
        """Return the contacts in the line of ``queue``, foremost first."""
        return [self._visits[contact] for contact in self._matching.line(queue)]

    def stop_waiting(self, contact: ContactId) -> None:
        """Forget what time would have done to a contact in the line where it stood."""
        self._timers.stop_each(_WHILE_IN_LINE, contact)

    def store(self, visit: Visit) -> None:
        """Keep a contact's record, and its place in the indexes true to it."""
        before = self._visits.get(visit.contact)
        self._visits[visit.contact] = visit
        self._index(before, visit)
        if visit.state not in IN_LINE:
            self._matching.remove(visit.contact)
            if before is not None and before.state in IN_LINE:
                self.stop_waiting(visit.contact)
            return
        is_open = visit.state is ContactState.QUEUED and visit.claimed and not visit.parked
        if self._matching.place(visit, is_open=is_open):
            self.opened.append(visit.contact)

    def _index(self, before: Visit | None, after: Visit | None) -> None:
        """Keep track of preferences and callbacks by queue."""
        if before is not None:
            if before.prefers_until is not None:
                self._preferring[before.queue].pop(before.contact, None)
            if before.callback and before.joined_at is None:
                self._callbacks.pop((before.queue, before.number), None)
        if after is not None:
            if after.prefers_until is not None and after.state in IN_LINE:
                self._preferring[after.queue][after.contact] = None
            if after.callback and after.joined_at is None:
                self._callbacks[after.queue, after.number] = after.contact


def _offers_of(visit: Visit) -> tuple[ReservationId, ...]:
    return () if visit.reservation is None else (visit.reservation, *visit.rivals)


def _held_s(visit: Visit, now: float) -> float:
    return visit.held_s + (0.0 if visit.held_since is None else now - visit.held_since)
