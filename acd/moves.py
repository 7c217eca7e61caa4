"""Moves of a waiting contact: to another line, or to another place in its own.

A move keeps what the contact has: since when it waits, its score and its number of arrival, and no
move by overflow puts it into a worse band. Only a supervisor may do that.
"""

from collections.abc import Mapping
from dataclasses import replace

from acd.commands import TellMoved
from acd.contact_states import ContactState
from acd.events import ContactMoved
from acd.model import OverflowCause, Queue, QueueName, personal_queue
from acd.offers import Offers
from acd.outbox import Outbox
from acd.requirements import ANYBODY
from acd.staffing import Staffing
from acd.state import Visit
from acd.visits import IN_LINE, Visits
from acd.waiting import Waiting, base_band


class Moves:
    """Moves contacts that are in line."""

    def __init__(
        self,
        queues: Mapping[QueueName, Queue],
        *,
        visits: Visits,
        offers: Offers,
        waiting: Waiting,
        staffing: Staffing,
        outbox: Outbox,
    ) -> None:
        self._queues = queues
        self._visits = visits
        self._offers = offers
        self._waiting = waiting
        self._staffing = staffing
        self._outbox = outbox

    def send_on(
        self,
        visit: Visit,
        target: Queue,
        now: float,
        *,
        cause: OverflowCause,
        been: tuple[QueueName, ...],
    ) -> None:
        """Let a contact wait on in the line of ``target``, because of ``cause``."""
        self._to_queue(self._offers.withdraw(visit, now), target, now, been=been)
        self._tell(visit, cause=cause)

    def order(self, event: ContactMoved, now: float) -> None:
        """Do what a supervisor orders; an order that cannot be carried out is counted."""
        visit = self._visits.get(event.contact)
        obstacle = self._obstacle(visit, event, now)
        if visit is None or obstacle:
            self._outbox.late("contact", event.contact, obstacle, "ContactMoved")
            return
        target = self._target(event)
        if target is not None and target != visit.queue:
            visit = self._redirect(visit, self._queues[target], event, now)
        self._place_anew(visit, event, now)
        self._tell(visit, by=event.by)

    def _obstacle(self, visit: Visit | None, event: ContactMoved, now: float) -> str:
        if visit is None:
            return ContactState.LEFT
        if visit.state not in IN_LINE:
            return visit.state
        target = self._target(event)
        if target is None or target == visit.queue:
            return "" if self._places_anew(visit, event) else "as ordered"
        queue = self._queues.get(target)
        if queue is None:
            return "unknown queue"
        if not queue.waits_unstaffed and not self._staffing.is_staffed(target):
            return "unstaffed queue"
        if queue.closes_on_waiting and queue.hours is not None and not queue.hours.is_open(now):
            return "closed queue"
        if visit.callback and self._visits.callback(target, visit.number) is not None:
            return "callback exists"
        return ""

    def _target(self, event: ContactMoved) -> QueueName | None:
        return event.queue if event.agent is None else personal_queue(event.agent)

    def _redirect(self, visit: Visit, target: Queue, event: ContactMoved, now: float) -> Visit:
        visit = self._offers.withdraw(visit, now)
        if event.agent is not None:
            # Who is named by a supervisor is asked whatever the contact needs or the agent said.
            excluded = tuple(entry for entry in visit.excluded if entry[0] != event.agent)
            visit = replace(visit, needs=ANYBODY, excluded=excluded)
        return self._to_queue(visit, target, now, been=())

    def _to_queue(
        self, visit: Visit, target: Queue, now: float, *, been: tuple[QueueName, ...]
    ) -> Visit:
        own = self._queues.get(visit.queue, target)
        band = min(base_band(own, visit), target.band)
        visit = replace(
            visit,
            queue=target.name,
            step=0,
            entry=replace(visit.entry, band=band, came_at=now, been=been),
        )
        self._visits.stop_waiting(visit.contact)
        self._visits.store(visit)
        self._waiting.bring_up_to_date(visit.contact, now)
        return self._visits.require(visit.contact)

    def _places_anew(self, visit: Visit, event: ContactMoved) -> bool:
        score = self._score(visit, event)
        return score != visit.place.score or event.band not in (None, visit.entry.band)

    def _place_anew(self, visit: Visit, event: ContactMoved, now: float) -> None:
        if not self._places_anew(visit, event):
            return
        entry, place = visit.entry, visit.place._replace(score=self._score(visit, event))
        if event.band not in (None, entry.band):
            # The order holds from here on, whatever age had earned before.
            entry = replace(entry, band=event.band, aged_from=now)
            place = place._replace(band=event.band)
        self._visits.store(replace(visit, entry=entry, place=place))
        self._waiting.bring_up_to_date(visit.contact, now)

    def _score(self, visit: Visit, event: ContactMoved) -> float:
        if event.head_start_s is None:
            return visit.place.score
        return visit.enqueued_at - event.head_start_s

    def _tell(self, moved: Visit, *, cause: OverflowCause | None = None, by: str = "") -> None:
        visit = self._visits.require(moved.contact)
        self._outbox.emit(
            TellMoved(contact=visit.contact, queue=visit.queue, step=visit.step, cause=cause, by=by)
        )
