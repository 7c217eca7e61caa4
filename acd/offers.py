"""Offers and what comes of them: ringing, the one outcome, joining, conversation and its end.

An open offer stands between exactly one contact and one agent, and both records name it. Reports of
an offer that is over are late; a late answer is hung up and never joined.

Where a queue rings all, the contact's open offers are rivals: the first answer wins, and whoever
answers after it is hung up. The others ring on until caller and winner hear each other, so that the
caller is with one of them at once should the joining fail.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from acd.agent_states import WorkTrigger
from acd.commands import CallContact, ConnectContact, HangUpAgent, RingAgent, TellOfferEnded
from acd.contact_states import OFFER, PENDING, ContactState, ContactTrigger
from acd.desks import MISSED, Desks
from acd.events import (
    AgentHungUp,
    ContactHeld,
    ContactJoined,
    ContactRetrieved,
    JoinFailed,
    OfferAnswered,
    OfferEvent,
    OfferRang,
    OfferRefused,
)
from acd.model import (
    AgentId,
    CallbackRules,
    Disposition,
    LeaveCause,
    OfferOutcome,
    OverflowCause,
    Queue,
    QueueName,
    ReservationId,
    TimerKind,
)
from acd.outbox import Outbox
from acd.state import Reservation, Visit
from acd.timers import Timers
from acd.visits import Visits

_DISPOSITIONS = {
    LeaveCause.CALLER_GONE: Disposition.ABANDONED,
    LeaveCause.KEY: Disposition.LEFT_BY_KEY,
    LeaveCause.TIMED_OUT: Disposition.TIMED_OUT,
    LeaveCause.TRANSFERRED: Disposition.TRANSFERRED,
    LeaveCause.SUPERVISOR: Disposition.TRANSFERRED,
}
_JOINED = frozenset({ContactState.CONNECTED, ContactState.ON_HOLD})


class Offers:
    """Every offer that is open, and every conversation, by its reservation."""

    def __init__(
        self,
        queues: Mapping[QueueName, Queue],
        *,
        visits: Visits,
        desks: Desks,
        timers: Timers,
        outbox: Outbox,
    ) -> None:
        self._queues = queues
        self._visits = visits
        self._desks = desks
        self._timers = timers
        self._outbox = outbox
        self._open: dict[ReservationId, Reservation] = {}

    def __iter__(self) -> Iterator[Reservation]:
        return iter(tuple(self._open.values()))

    def get(self, reservation: ReservationId) -> Reservation | None:
        """Return an offer that is open, or the conversation that came of it."""
        return self._open.get(reservation)

    def make(self, visit: Visit, agents: Sequence[AgentId], now: float) -> None:
        """Reserve ``agents``, one or more, for the contact and have their telephones rung."""
        made = [self._reserve(visit, agent, number, now) for number, agent in enumerate(agents, 1)]
        self._visits.offer(visit, made)
        rules = self._queue(visit).offer
        for number, (id_, agent) in enumerate(zip(made, agents, strict=True), 1):
            self._timers.start(TimerKind.REACH, id_, now + rules.reach_timeout_s)
            self._outbox.emit(
                RingAgent(
                    reservation=id_,
                    contact=visit.contact,
                    agent=agent,
                    queue=visit.queue,
                    ring_timeout_s=rules.reach_timeout_s + rules.ring_timeout_s,
                    waited_s=max(0.0, now - visit.enqueued_at),
                    callback=visit.callback,
                    offers=visit.offers + number,
                )
            )

    def _reserve(self, visit: Visit, agent: AgentId, number: int, now: float) -> ReservationId:
        id_ = ReservationId(f"{visit.contact}-offer{visit.offers + number}")
        self._open[id_] = Reservation(id=id_, contact=visit.contact, agent=agent, offered_at=now)
        self._desks.reserve(agent, id_, now)
        return id_

    def apply(self, event: OfferEvent, now: float) -> None:
        """Take in a report of an offer or its conversation; one that is over makes it late."""
        offer = self._open.get(event.reservation)
        if offer is None:
            self._outbox.late("offer", event.reservation, "over", type(event).__name__)
            if isinstance(event, OfferAnswered):
                self._outbox.emit(HangUpAgent(reservation=event.reservation))
            return
        visit = self._visit(offer)
        match event:
            case OfferRang():
                self._rang(offer, visit, now)
            case OfferAnswered():
                self._answered(offer, visit, now)
            case OfferRefused() | AgentHungUp():
                outcome = event.outcome if isinstance(event, OfferRefused) else OfferOutcome.FAILED
                self._leg_ended(offer, outcome, now)
            case ContactJoined():
                self._joined(offer, visit, now)
            case JoinFailed():
                self._join_failed(offer, visit, now)
            case ContactHeld():
                self._hold(visit, ContactTrigger.HOLD, WorkTrigger.HOLD, now)
            case ContactRetrieved():
                self._hold(visit, ContactTrigger.RESUME, WorkTrigger.RESUME, now)
            case _:
                assert_never(event)

    def _rang(self, offer: Reservation, visit: Visit, now: float) -> None:
        if offer.outcome != PENDING:
            self._outbox.late("offer", offer.id, offer.outcome, "OfferRang")
            return
        if not self._desks.engage(offer.agent, WorkTrigger.RING, now):
            return
        self._timers.stop(TimerKind.REACH, offer.id)
        self._timers.start(TimerKind.RING, offer.id, now + self._queue(visit).offer.ring_timeout_s)

    def _answered(self, offer: Reservation, visit: Visit, now: float) -> None:
        if offer.outcome != PENDING:
            self._outbox.late("offer", offer.id, offer.outcome, "OfferAnswered")
            return
        if visit.state is not ContactState.OFFERED:
            self._fail(offer, OfferOutcome.WITHDRAWN, now=now, hang_up=True)
            return
        self._settle(offer, OfferOutcome.ACCEPTED)
        self._open[offer.id] = replace(offer, outcome=OfferOutcome.ACCEPTED.value)
        self._desks.engage(offer.agent, WorkTrigger.ANSWER, now)
        self._visits.win(visit, offer.id)
        self._join(offer, visit, now)

    def _join(self, offer: Reservation, visit: Visit, now: float) -> None:
        """Have caller and agent joined; who is called back has to be dialled before that."""
        queue = self._queue(visit)
        wait_s = queue.offer.join_timeout_s
        order: ConnectContact | CallContact = ConnectContact(
            reservation=offer.id, contact=offer.contact, agent=offer.agent
        )
        if visit.callback:
            # The customer may take long to answer, and meanwhile nobody else need be rung.
            won = self._visits.require(visit.contact)
            self._withdraw_rivals(won, OfferOutcome.WITHDRAWN, now)
            answer_timeout_s = (queue.callback or CallbackRules()).answer_timeout_s
            wait_s += answer_timeout_s
            order = CallContact(
                reservation=offer.id,
                contact=offer.contact,
                agent=offer.agent,
                number=visit.number,
                answer_timeout_s=answer_timeout_s,
                language=visit.language,
            )
        self._timers.start(TimerKind.JOIN, offer.id, now + wait_s)
        self._outbox.emit(order)

    def _joined(self, offer: Reservation, visit: Visit, now: float) -> None:
        moved = self._visits.move(visit, ContactTrigger.JOIN, reservation=offer.id, joined_at=now)
        if moved is None:
            return
        self._timers.stop(TimerKind.JOIN, offer.id)
        self._desks.count_call(offer.agent)
        self._withdraw_rivals(moved, OfferOutcome.WITHDRAWN, now)

    def _withdraw_rivals(self, visit: Visit, outcome: OfferOutcome, now: float) -> None:
        for rival in visit.rivals:
            self._fail(self._open[rival], outcome, now=now, hang_up=True)

    def _leg_ended(self, offer: Reservation, outcome: OfferOutcome, now: float) -> None:
        visit = self._visit(offer)
        if offer.outcome == PENDING:
            self._fail(offer, outcome, now=now, hang_up=False)
        elif visit.state in _JOINED:
            self._close(offer)
            self._desks.finish(offer.agent, self._queue(visit).wrap_up_s, now)
            self._visits.end(
                visit, ContactTrigger.AGENT_LEAVE, Disposition.HANDLED, talk=offer, now=now
            )
        else:
            self._unjoin(offer, ContactTrigger.AGENT_LEAVE, now)

    def _join_failed(self, offer: Reservation, visit: Visit, now: float) -> None:
        if visit.state is ContactState.CONNECTING:
            self._outbox.emit(HangUpAgent(reservation=offer.id))
            self._unjoin(offer, ContactTrigger.JOIN_FAIL, now)
        else:
            self._outbox.late("offer", offer.id, visit.state, "JoinFailed")

    def _hold(self, visit: Visit, trigger: ContactTrigger, work: WorkTrigger, now: float) -> None:
        offer = self._offer_of(visit)
        if self._visits.hold(visit, trigger, now):
            self._desks.engage(offer.agent, work, now)

    def _fail(
        self, offer: Reservation, outcome: OfferOutcome, *, now: float, hang_up: bool
    ) -> None:
        """End an open offer without an answer; the contact is where it was, or rings on."""
        self._settle(offer, outcome)
        self._close(offer)
        if hang_up:
            self._outbox.emit(HangUpAgent(reservation=offer.id))
        self._put_back(offer, ContactTrigger.OFFER_END, outcome, now)

    def _unjoin(self, offer: Reservation, trigger: ContactTrigger, now: float) -> None:
        """Undo an answer that led to no conversation; the contact is where it was, or rings on."""
        self._close(offer)
        self._put_back(offer, trigger, OfferOutcome.FAILED, now)

    def _put_back(
        self, offer: Reservation, trigger: ContactTrigger, outcome: OfferOutcome, now: float
    ) -> None:
        visit = self._visit(offer)
        rules = self._queue(visit).offer
        self._desks.let_go(offer.agent, outcome, rules=rules, now=now)
        self._visits.put_back(visit, trigger, offer.id)
        answered = offer.outcome != PENDING
        if (outcome in MISSED or answered) and rules.exclusion_s > 0:
            self._visits.exclude(self._visit(offer), offer.agent, now + rules.exclusion_s)
        self._outbox.emit(
            TellOfferEnded(
                contact=offer.contact, reservation=offer.id, agent=offer.agent, outcome=outcome
            )
        )

    def leave(self, visit: Visit, cause: LeaveCause, now: float) -> None:
        """Let a contact go that asks to; the agent, if there is one, is freed of it."""
        gone = cause is LeaveCause.CALLER_GONE
        outcome = OfferOutcome.CALLER_GONE if gone else OfferOutcome.WITHDRAWN
        self._depart(visit, ContactTrigger.LEAVE, _DISPOSITIONS[cause], outcome=outcome, now=now)

    def withdraw(self, visit: Visit, now: float) -> Visit:
        """Void what is open of a contact's offers; return it, waiting on where it is."""
        if visit.state is ContactState.OFFERED:
            self._withdraw_rivals(visit, OfferOutcome.WITHDRAWN, now)
            self._fail(self._offer_of(visit), OfferOutcome.WITHDRAWN, now=now, hang_up=True)
        return self._visits.require(visit.contact)

    def release(self, agent: AgentId, now: float) -> None:
        """Withdraw the open offer to ``agent``, if there is one; a conversation stays."""
        self._end_open(agent, OfferOutcome.WITHDRAWN, now)

    def turn_away(
        self,
        visit: Visit,
        disposition: Disposition,
        now: float,
        *,
        cause: OverflowCause | None = None,
    ) -> None:
        """End a visit from our side; ``cause`` is the overflow that does, if one does."""
        visit = self.withdraw(visit, now)
        self._depart(
            visit,
            ContactTrigger.TURN_AWAY,
            disposition,
            outcome=OfferOutcome.WITHDRAWN,
            now=now,
            cause=cause,
        )

    def _depart(
        self,
        visit: Visit,
        trigger: ContactTrigger,
        disposition: Disposition,
        *,
        outcome: OfferOutcome,
        now: float,
        cause: OverflowCause | None = None,
    ) -> None:
        talk = None
        if visit.reservation is not None:
            offer = self._free_agent(visit, outcome, now)
            if visit.state in _JOINED:
                talk = offer
                if trigger is ContactTrigger.LEAVE and disposition is not Disposition.TRANSFERRED:
                    disposition = Disposition.HANDLED
        self._visits.end(visit, trigger, disposition, talk=talk, now=now, cause=cause)

    def _free_agent(self, visit: Visit, outcome: OfferOutcome, now: float) -> Reservation:
        """Part the agent, or all that ring, from a contact that goes its own way."""
        self._withdraw_rivals(visit, outcome, now)
        offer = self._offer_of(visit)
        queue = self._queue(visit)
        self._outbox.emit(HangUpAgent(reservation=offer.id))
        if offer.outcome == PENDING:
            self._settle(offer, outcome)
        self._close(offer)
        if visit.state in _JOINED:
            self._desks.finish(offer.agent, queue.wrap_up_s, now)
        else:
            self._desks.let_go(offer.agent, outcome, rules=queue.offer, now=now)
        return offer

    def vanish(self, agent: AgentId, now: float) -> None:
        """End the offer to an agent whose telephone can no longer be reached.

        A conversation stays: it ends when its leg does, which a lapsed registration does not tell.
        """
        self._end_open(agent, OfferOutcome.UNREACHABLE, now)

    def _end_open(self, agent: AgentId, outcome: OfferOutcome, now: float) -> None:
        desk = self._desks.get(agent)
        offer = self._open.get(desk.reservation) if desk and desk.reservation else None
        if offer is not None and offer.outcome == PENDING:
            self._fail(offer, outcome, now=now, hang_up=True)

    def expire(self, kind: TimerKind, reservation: ReservationId, now: float) -> None:
        """Take the end of the time to reach, ring or join."""
        offer = self._open[reservation]
        if kind is TimerKind.JOIN:
            self._join_failed(offer, self._visit(offer), now)
        else:
            reached = kind is TimerKind.RING
            outcome = OfferOutcome.TIMEOUT if reached else OfferOutcome.UNREACHABLE
            self._fail(offer, outcome, now=now, hang_up=True)

    def withdraw_all(self, now: float) -> None:
        """Void every open offer; conversations stay."""
        for offer in self:
            if offer.outcome == PENDING:
                self._fail(offer, OfferOutcome.WITHDRAWN, now=now, hang_up=True)

    def ask_again(self, visit: Visit, now: float) -> None:
        """Let a contact wait on where it was: its call says, after a restart, that it waits."""
        if visit.reservation is not None:
            self._free_agent(visit, OfferOutcome.WITHDRAWN, now)
        claimed = self._visits.claim(self._visits.require(visit.contact))
        self._visits.move(claimed, ContactTrigger.ASK_AGAIN, reservation=None)

    def part(self, visit: Visit, now: float) -> Visit:
        """Undo an answer through no fault of the agent's; the contact is where it was."""
        self._free_agent(visit, OfferOutcome.WITHDRAWN, now)
        parted = self._visits.require(visit.contact)
        self._visits.move(parted, ContactTrigger.JOIN_FAIL, reservation=None)
        return self._visits.require(visit.contact)

    def void(self, offer: Reservation, now: float) -> None:
        """Withdraw an open offer."""
        self._fail(offer, OfferOutcome.WITHDRAWN, now=now, hang_up=True)

    def restore(self, offer: Reservation) -> None:
        """Take up an offer, or a conversation, that came to be elsewhere."""
        self._open[offer.id] = offer

    def _settle(self, offer: Reservation, outcome: OfferOutcome) -> None:
        """Give an open offer its one outcome."""
        self._outbox.move(OFFER, offer.id, offer.outcome, outcome)
        for kind in (TimerKind.REACH, TimerKind.RING):
            self._timers.stop(kind, offer.id)

    def _close(self, offer: Reservation) -> None:
        del self._open[offer.id]
        self._timers.stop(TimerKind.JOIN, offer.id)

    def _visit(self, offer: Reservation) -> Visit:
        return self._visits.require(offer.contact)

    def _offer_of(self, visit: Visit) -> Reservation:
        assert visit.reservation is not None, "only an engaged contact has an offer"
        return self._open[visit.reservation]

    def _queue(self, visit: Visit) -> Queue:
        # A queue may be taken out of the configuration while its last conversations go on.
        queue = self._queues.get(visit.queue)
        return Queue(name=visit.queue) if queue is None else queue
