"""What orders, callbacks and time may do to those who wait, held against each event by itself."""

from dataclasses import dataclass

from acd.agent_states import ENGAGED, Device, Presence, Work
from acd.commands import Command, CountLate, EndVisit
from acd.contact_states import ContactState
from acd.estimates import Estimates
from acd.events import (
    CallbackFailed,
    ContactMoved,
    Event,
    JoinFailed,
    OfferAnswered,
    OfferRang,
    OfferRefused,
    PhoneVanished,
    TimerExpired,
)
from acd.explanations import WhyNot
from acd.model import (
    AgentId,
    ContactId,
    Disposition,
    Queue,
    ReservationId,
    TimerKind,
    personal_queue,
)
from acd.state import Desk, Visit
from tests.unit.acd.floor import Floor

_FURTHEST = 4
_LEG_NEWS = (OfferRefused, OfferRang, OfferAnswered, JoinFailed, PhoneVanished, CallbackFailed)
_ENDS_OF_WAITS = {
    Disposition.HANDLED,
    Disposition.NOBODY,
    Disposition.CLOSED,
    Disposition.FULL,
    Disposition.OVERFLOWED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What the floor was like before an event."""

    visits: dict[ContactId, Visit]
    position: int | None
    able: frozenset[AgentId]


class Promises:
    """Looks at a floor before and after an event."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def look(self, event: Event) -> Before:
        """See how things stand before ``event``."""
        position, able = None, frozenset[AgentId]()
        match event:
            case ContactMoved(contact=contact):
                position = self._floor.router.position(contact)
            case TimerExpired(key=key) if key.kind is TimerKind.STEP:
                able = self._able(ContactId(key.subject))
            case _:
                pass
        return Before(visits=self._visits(), position=position, able=able)

    def check(self, event: Event, before: Before, said: list[Command]) -> None:
        """Hold what became of them against what was promised."""
        ended = {c.contact: c.disposition for c in said if isinstance(c, EndVisit)}
        if isinstance(event, _LEG_NEWS):
            gone = {Disposition.CALLBACK_FAILED} if isinstance(event, CallbackFailed) else set()
            assert set(ended.values()) <= _ENDS_OF_WAITS | gone, "a telephone ends nobody's wait"
        match event:
            case ContactMoved():
                self._moved_as_ordered(event, before, said)
            case CallbackFailed():
                self._called_again_later(event, before, ended)
            case TimerExpired(key=key) if key.kind is TimerKind.STEP:
                self._more_will_do(ContactId(key.subject), before)
            case _:
                pass
        self._only_failed_attempts_count(event, before)

    def _moved_as_ordered(self, event: ContactMoved, before: Before, said: list[Command]) -> None:
        """An order is carried out whole or not at all, and a better place is never a worse one."""
        was, after = before.visits.get(event.contact), self._visits()
        if any(isinstance(command, CountLate) for command in said):
            assert after == before.visits
            return
        assert was is not None
        visit = after.get(event.contact)
        if visit is None:
            return
        assert event.band is None or visit.entry.band == event.band
        if event.head_start_s is not None:
            assert visit.place.score == visit.enqueued_at - event.head_start_s
        ordered_to = personal_queue(event.agent) if event.agent else event.queue
        assert ordered_to in (None, visit.queue) or visit.entry.been
        position = self._floor.router.position(event.contact)
        if visit.queue == was.queue and before.position is not None and position is not None:
            others_stay = after.keys() == before.visits.keys()
            if visit.place <= was.place and others_stay:
                assert position <= before.position
            if visit.place >= was.place and others_stay:
                assert position >= before.position

    def _called_again_later(
        self, event: CallbackFailed, before: Before, ended: dict[ContactId, Disposition]
    ) -> None:
        """Who did not come to the telephone keeps the place and rests, until tried often enough."""
        dialled = (
            visit
            for visit in before.visits.values()
            if visit.reservation == event.reservation and visit.callback
        )
        was = next(dialled, None)
        if was is None or was.state is not ContactState.CONNECTING:
            assert self._visits() == before.visits
            return
        rules = self._queue_of(was).callback
        attempts = 3 if rules is None else rules.attempts
        if was.attempts + 1 >= attempts:
            assert ended[was.contact] is Disposition.CALLBACK_FAILED
            return
        visit = self._visits()[was.contact]
        assert (visit.state, visit.parked) == (ContactState.QUEUED, True)
        assert (visit.place, visit.enqueued_at) == (was.place, was.enqueued_at)

    def _only_failed_attempts_count(self, event: Event, before: Before) -> None:
        for contact, visit in self._visits().items():
            was = before.visits.get(contact)
            if was is not None and visit.attempts != was.attempts:
                assert was.reservation == _dialled_in_vain(event)
                assert visit.attempts == was.attempts + 1

    def _more_will_do(self, contact: ContactId, before: Before) -> None:
        """Whoever would do at a step does at the next, unless steps replace each other."""
        was, visit = before.visits.get(contact), self._visits().get(contact)
        if was is None or visit is None or visit.queue != was.queue or visit.step == was.step:
            return
        if not self._queue_of(visit).steps_replace:
            assert before.able <= self._able(contact)

    def _able(self, contact: ContactId) -> frozenset[AgentId]:
        explanation = self._floor.router.explain(contact)
        verdicts = explanation.agents if explanation else ()
        return frozenset(each.agent for each in verdicts if each.reason is not WhyNot.UNSKILLED)

    def _queue_of(self, visit: Visit) -> Queue:
        queue = self._floor.router.queue(visit.queue)
        assert queue is not None
        return queue

    def _visits(self) -> dict[ContactId, Visit]:
        return {visit.contact: visit for visit in self._floor.router.visits()}


def _dialled_in_vain(event: Event) -> ReservationId | None:
    """Return the offer whose customer was told not to have come, or was never told of."""
    match event:
        case CallbackFailed(reservation=reservation):
            return reservation
        case TimerExpired(key=key) if key.kind is TimerKind.JOIN:
            return ReservationId(key.subject)
        case _:
            return None


def waits_are_honest(floor: Floor, estimates: Estimates) -> None:
    """A wait is expected where and only where somebody serves, and is never less further back.

    Who speaks with a caller serves, whatever the telephone or the agent will do afterwards.
    """
    desks = floor.router.desks()
    for queue in {queue for desk in desks for queue in desk.queues}:
        expected = [estimates.expected_wait_s(queue, ahead) for ahead in range(_FURTHEST)]
        if not any(queue in desk.queues and _serves(desk) for desk in desks):
            assert expected == [None] * _FURTHEST
            continue
        waits_s = [wait_s for wait_s in expected if wait_s is not None]
        assert len(waits_s) == _FURTHEST
        assert waits_s[0] >= 0
        assert waits_s == sorted(waits_s)


def _serves(desk: Desk) -> bool:
    if desk.presence is not Presence.AVAILABLE or desk.work is Work.NOT_RESPONDING:
        return False
    return desk.device is not Device.UNREACHABLE or desk.work in (*ENGAGED, Work.ACW, Work.EXTERNAL)
