"""How a contact comes in: asked for the first time, or told again by a call that is still there."""

from dataclasses import replace

from acd.commands import EndVisit, TellMoved
from acd.events import ContactQueued
from acd.offers import Offers
from acd.outbox import Outbox
from acd.overflow import Overflow, Refused
from acd.state import Visit
from acd.visits import Visits


class Intake:
    """Lets contacts in, or refuses them at the door."""

    def __init__(
        self, *, visits: Visits, offers: Offers, overflow: Overflow, outbox: Outbox
    ) -> None:
        self._visits = visits
        self._offers = offers
        self._overflow = overflow
        self._outbox = outbox

    def take(self, event: ContactQueued, now: float) -> None:
        """Take in a contact that asks to be served, or claims the place that it had."""
        visit = self._visits.get(event.contact)
        if visit is None:
            self._let_in(event, now)
        elif visit.claimed:
            self._outbox.late("contact", event.contact, visit.state, "ContactQueued")
        else:
            self._claim(visit, now)

    def _claim(self, visit: Visit, now: float) -> None:
        if visit.callback:
            # The customer was called back already, and waits on the line like any other.
            visit = replace(visit, callback=False)
            self._visits.store(visit)
        self._offers.ask_again(visit, now)

    def _let_in(self, event: ContactQueued, now: float) -> None:
        found = self._overflow.door(event.queue, now, expected=event.expected_waits)
        if isinstance(found, Refused):
            self._refuse(event, found, now)
            return
        self._visits.enter(event, found.queue, now=now, been=found.been)
        if found.queue.name != event.queue:
            self._outbox.emit(
                TellMoved(contact=event.contact, queue=found.queue.name, step=0, cause=found.cause)
            )

    def _refuse(self, event: ContactQueued, refused: Refused, now: float) -> None:
        self._outbox.emit(
            EndVisit(
                contact=event.contact,
                queue=event.queue,
                disposition=refused.disposition,
                reservation=None,
                agent=None,
                waited_s=max(0.0, now - event.enqueued_at),
                talked_s=0.0,
                enqueued_at=event.enqueued_at,
                cause=refused.cause,
            )
        )
