"""Conversations that went on while nobody listened, and are taken up again.

What the softswitch has is believed over what is remembered: who is heard talking does talk, and an
offer made to that agent meanwhile is void.
"""

from acd.agent_states import ENGAGED
from acd.contact_states import PENDING, ContactState, ContactTrigger
from acd.desks import Desks
from acd.events import ContactQueued, ConversationAdopted
from acd.model import OfferOutcome, Queue, TimerKind, personal_queue
from acd.offers import Offers
from acd.outbox import Outbox
from acd.state import Reservation, Visit
from acd.timers import Timers
from acd.visits import Visits


class Adoptions:
    """Takes conversations up."""

    def __init__(
        self, visits: Visits, *, desks: Desks, offers: Offers, timers: Timers, outbox: Outbox
    ) -> None:
        self._visits = visits
        self._desks = desks
        self._offers = offers
        self._timers = timers
        self._outbox = outbox

    def adopt(self, event: ConversationAdopted, now: float) -> None:
        """Take up a conversation; one that was never lost is counted as late."""
        visit = self._visits.get(event.contact)
        if visit is not None and visit.claimed:
            self._outbox.late("contact", visit.contact, visit.state, "ConversationAdopted")
        elif visit is not None and visit.reservation == event.reservation:
            self._adopt_known(self._visits.claim(visit), event)
        else:
            self._adopt_unknown(visit, event, now)

    def _adopt_known(self, visit: Visit, event: ConversationAdopted) -> None:
        if visit.state is ContactState.CONNECTING:
            self._timers.stop(TimerKind.JOIN, event.reservation)
            self._desks.count_call(event.agent)
            self._join(event)

    def _adopt_unknown(self, visit: Visit | None, event: ConversationAdopted, now: float) -> None:
        if not self._part_from_others(event, now):
            self._outbox.late("contact", event.contact, "unknown", "ConversationAdopted")
            return
        self._offers.restore(
            Reservation(
                id=event.reservation,
                contact=event.contact,
                agent=event.agent,
                offered_at=event.since,
                outcome=OfferOutcome.ACCEPTED.value,
            )
        )
        self._desks.adopt(event.agent, event.reservation, now)
        if visit is None:
            queue = Queue(name=personal_queue(event.agent))
            asked = ContactQueued(contact=event.contact, queue=queue.name, enqueued_at=event.since)
            self._visits.enter(asked, queue, now=now)
        else:
            self._offers.ask_again(self._visits.require(visit.contact), now)
        self._join(event)

    def _part_from_others(self, event: ConversationAdopted, now: float) -> bool:
        """Void an offer to the agent; False when the agent talks with somebody else."""
        desk = self._desks.need(event.agent)
        if desk.work not in ENGAGED:
            return True
        other = self._offers.get(desk.reservation) if desk.reservation else None
        if other is None or other.outcome != PENDING:
            return False
        self._offers.void(other, now)
        return True

    def _join(self, event: ConversationAdopted) -> None:
        self._visits.move(
            self._visits.require(event.contact),
            ContactTrigger.ADOPT,
            reservation=event.reservation,
            joined_at=event.since,
        )
