"""Callbacks: a caller hangs up and a visit without a caller waits on in exactly the same place.

It is offered like any other; the agent is reserved and answers first, and then the customer is
dialled. Who does not come to the telephone is called again after a while, a few times in all, from
the place in line that was kept. Having no leg, a waiting callback outlives a restart by itself.
"""

from collections.abc import Mapping
from dataclasses import replace

from acd.contact_states import ContactState
from acd.events import CallbackCanceled, CallbackRequested
from acd.model import (
    CallbackRules,
    ContactId,
    Disposition,
    Queue,
    QueueName,
    ReservationId,
    TimerKind,
)
from acd.offers import Offers
from acd.outbox import Outbox
from acd.state import Visit
from acd.timers import Timers
from acd.visits import IN_LINE, Visits
from acd.waiting import Waiting


class Callbacks:
    """Registers callbacks and keeps them until they are made, given up or not wanted any more."""

    def __init__(
        self,
        queues: Mapping[QueueName, Queue],
        *,
        visits: Visits,
        offers: Offers,
        waiting: Waiting,
        timers: Timers,
        outbox: Outbox,
    ) -> None:
        self._queues = queues
        self._visits = visits
        self._offers = offers
        self._waiting = waiting
        self._timers = timers
        self._outbox = outbox

    def request(self, event: CallbackRequested, now: float) -> None:
        """Let a callback take the place of a waiting caller; one that cannot be is counted."""
        visit = self._visits.get(event.contact)
        obstacle = self._obstacle(visit, event)
        if visit is None or obstacle:
            self._outbox.late("contact", event.contact, obstacle, "CallbackRequested")
            return
        self._offers.turn_away(visit, Disposition.CALLBACK_REGISTERED, now)
        existing = self._visits.callback(visit.queue, event.number)
        if existing is None:
            self._visits.store(_callback_for(visit, event, now))
        elif visit.place < existing.place:
            better = replace(
                existing,
                place=visit.place,
                enqueued_at=min(visit.enqueued_at, existing.enqueued_at),
                entry=replace(visit.entry, came_at=existing.entry.came_at),
            )
            self._visits.store(better)
            self._waiting.bring_up_to_date(existing.contact, now)

    def _obstacle(self, visit: Visit | None, event: CallbackRequested) -> str:
        if visit is None:
            return ContactState.LEFT
        if visit.callback or visit.state not in IN_LINE:
            return "callback" if visit.callback else visit.state
        queue = self._queues.get(visit.queue)
        if queue is None or queue.callback is None:
            return "no callbacks"
        return "" if self._visits.get(event.callback) is None else "known"

    def cancel(self, event: CallbackCanceled, now: float) -> None:
        """Forget a callback that is not wanted any more; none being there is counted."""
        visit = self._visits.callback(event.queue, event.number)
        if visit is None:
            self._outbox.late("callback", event.queue, "none", "CallbackCanceled")
        else:
            self._offers.turn_away(visit, Disposition.CALLBACK_CANCELED, now)

    def fail(self, reservation: ReservationId, now: float) -> bool:
        """Take in that a customer did not come to the telephone: free the agent, try again later.

        False, and nothing done, when ``reservation`` does not dial a customer now.
        """
        visit = self._dialling(reservation)
        if visit is None:
            return False
        rules = self._rules(visit)
        attempts = visit.attempts + 1
        self._visits.store(replace(visit, attempts=attempts, parked=True))
        visit = self._offers.part(self._visits.require(visit.contact), now)
        if attempts >= rules.attempts:
            self._offers.turn_away(visit, Disposition.CALLBACK_FAILED, now)
        else:
            self._visits.claim(visit)
            self._timers.start(TimerKind.CALLBACK_RETRY, visit.contact, now + rules.retry_after_s)
            self._waiting.bring_up_to_date(visit.contact, now)
        return True

    def _dialling(self, reservation: ReservationId) -> Visit | None:
        offer = self._offers.get(reservation)
        visit = None if offer is None else self._visits.get(offer.contact)
        if visit is None or not visit.callback or visit.state is not ContactState.CONNECTING:
            return None
        return visit if visit.reservation == reservation else None

    def retry(self, contact: ContactId) -> None:
        """Let a callback be offered again."""
        self._visits.store(replace(self._visits.require(contact), parked=False))

    def unclaimed(self, visit: Visit, now: float) -> bool:
        """Keep a callback whose customer was being dialled at a restart; False for any other."""
        if not visit.callback or visit.joined_at is not None:
            return False
        self._offers.ask_again(visit, now)
        return True

    def _rules(self, visit: Visit) -> CallbackRules:
        queue = self._queues.get(visit.queue)
        return CallbackRules() if queue is None or queue.callback is None else queue.callback


def _callback_for(visit: Visit, event: CallbackRequested, now: float) -> Visit:
    """Return the callback that waits on in the place of ``visit``."""
    return Visit(
        contact=event.callback,
        queue=visit.queue,
        place=visit.place,
        enqueued_at=visit.enqueued_at,
        needs=visit.needs,
        step=visit.step,
        prefers=visit.prefers,
        prefers_needs=visit.prefers_needs,
        prefers_until=visit.prefers_until,
        number=event.number,
        language=event.language,
        callback=True,
        entry=replace(visit.entry, came_at=now),
    )
