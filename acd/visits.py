"""The contacts: their machine, their place in line, whom they are not to be offered to."""

from collections.abc import Iterator
from dataclasses import replace

from acd.commands import EndVisit
from acd.contact_states import CONTACT, ContactState, ContactTrigger
from acd.machines import Late
from acd.matching import Matching
from acd.model import (
    AgentId,
    ContactId,
    Disposition,
    Place,
    Queue,
    QueueName,
    ReservationId,
    TimerKind,
)
from acd.outbox import Outbox
from acd.state import Reservation, Visit
from acd.timers import Timers

IN_LINE = frozenset({ContactState.QUEUED, ContactState.OFFERED})


class Visits:
    """Every contact that entered and has not left.

    ``opened`` collects the contacts that became open since the router last emptied it.
    """

    def __init__(self, matching: Matching, timers: Timers, outbox: Outbox) -> None:
        self._visits: dict[ContactId, Visit] = {}
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

    def enter(
        self,
        contact: ContactId,
        queue: Queue,
        *,
        enqueued_at: float,
        head_start_s: float = 0.0,
    ) -> None:
        """Let a contact into the line of ``queue``, at the place that its wait gives it."""
        self.arrivals += 1
        place = Place(band=queue.band, score=enqueued_at - head_start_s, seq=self.arrivals)
        self.store(Visit(contact=contact, queue=queue.name, place=place, enqueued_at=enqueued_at))

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
        offers = visit.offers + (after is ContactState.OFFERED)
        visit = replace(
            visit, state=after, reservation=reservation, joined_at=joined_at, offers=offers
        )
        self.store(visit)
        return visit

    def end(
        self,
        visit: Visit,
        trigger: ContactTrigger,
        disposition: Disposition,
        *,
        talk: Reservation | None,
        now: float,
    ) -> None:
        """End a visit, once and for good; ``talk`` is the conversation when there was one."""
        self._outbox.move(CONTACT, visit.contact, visit.state, trigger)
        del self._visits[visit.contact]
        self._matching.remove(visit.contact)
        for kind in (TimerKind.EXCLUSION, TimerKind.CLAIM):
            self._timers.stop(kind, visit.contact)
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
        """Offer no contact until its call claims it; those not claimed by then are lost."""
        for visit in self:
            self.store(replace(visit, claimed=False))
            self._timers.start(TimerKind.CLAIM, visit.contact, claim_by)

    def claim(self, visit: Visit) -> Visit:
        """Take a contact's call to be there."""
        self._timers.stop(TimerKind.CLAIM, visit.contact)
        claimed = replace(visit, claimed=True)
        self.store(claimed)
        return claimed

    def move_band(self, queue: Queue) -> None:
        """Put all contacts of ``queue`` into its band, their order among each other unchanged."""
        for visit in self.in_queue(queue.name):
            if visit.place.band != queue.band:
                self._matching.remove(visit.contact)
                self.store(replace(visit, place=visit.place._replace(band=queue.band)))

    def in_queue(self, queue: QueueName) -> list[Visit]:
        """Return the contacts in the line of ``queue``, foremost first."""
        return [self._visits[contact] for contact in self._matching.line(queue)]

    def store(self, visit: Visit) -> None:
        """Keep a contact's record, and its place in the indexes true to it."""
        self._visits[visit.contact] = visit
        if visit.state not in IN_LINE:
            self._matching.remove(visit.contact)
            return
        is_open = visit.state is ContactState.QUEUED and visit.claimed
        if is_open and not self._matching.is_open(visit.contact):
            self.opened.append(visit.contact)
        self._matching.place(visit.contact, visit.queue, visit.place, is_open=is_open)
