"""Where calls ask for people: the ``WaitingRoom`` that the agents' side offers to calls."""

from collections.abc import Callable
from dataclasses import dataclass

from acd.estimator import Estimator
from acd.events import (
    CallbackCanceled,
    CallbackFailed,
    CallbackRequested,
    ContactHeld,
    ContactJoined,
    ContactLeft,
    ContactRetrieved,
    ConversationAdopted,
    JoinFailed,
    LiveEvent,
    TimerExpired,
)
from acd.model import AgentId, ContactId, LeaveCause, QueueName, ReservationId, TimerKey, TimerKind
from acd.router import Router
from ivrengine.agents.acquaintances import Acquaintances
from ivrengine.agents.opening_hours import is_closed
from ivrengine.agents.ports import (
    CallbackDue,
    CallbackSink,
    PendingCallback,
    PersonWanted,
    Placement,
    TalkResumed,
    VisitSink,
    WithdrawCause,
)
from ivrengine.agents.roster import Roster
from ivrengine.agents.visitors import Visitors
from ivrengine.agents.waiting_plans import plan_of
from ivrengine.agents.wishes import queued
from ivrengine.clock import Clock
from ivrengine.flow.waiting import WaitingPlan
from ivrengine.values import Language, PhoneNumber

_LEAVE_CAUSES = {
    WithdrawCause.CALLER_GONE: LeaveCause.CALLER_GONE,
    WithdrawCause.KEY: LeaveCause.KEY,
    WithdrawCause.TIMED_OUT: LeaveCause.TIMED_OUT,
    WithdrawCause.TRANSFERRED: LeaveCause.TRANSFERRED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """How distribution stands, to be read: who waits where, who serves, by which rules."""

    router: Router
    roster: Callable[[], Roster]
    estimator: Estimator
    acquaintances: Acquaintances
    clock: Clock


class Reception:
    """Takes in what calls ask and report, and files it as events for the router.

    Args:
        file: puts an event in the dispatcher's inbox.
        floor: shows how distribution stands.
        announced: is told of every wait that a caller was promised, in seconds.

    Attributes:
        visitors: who is told what becomes of a contact.
    """

    def __init__(
        self,
        file: Callable[[LiveEvent], None],
        floor: Floor,
        *,
        announced: Callable[[ContactId, float, float], None],
    ) -> None:
        self.visitors = Visitors(self._refuse_callback)
        self._file = file
        self._floor = floor
        self._announced = announced

    def ask(self, wanted: PersonWanted, sink: VisitSink) -> None:
        """Begin to look for a person; the sink hears all that follows."""
        self.visitors.enter(wanted.contact, sink, caller=wanted.caller)
        queue = self._floor.roster().queues.get(wanted.queue)
        now = self._floor.clock.now()
        self._file(queued(wanted, queue, self._floor.acquaintances, now=now))

    def withdraw(self, contact: ContactId, cause: WithdrawCause) -> None:
        """Stop looking, or end the conversation from the caller's side; unknown is no error."""
        self.visitors.leave(contact)
        self._file(ContactLeft(contact=contact, cause=_LEAVE_CAUSES[cause]))

    def joined(self, reservation: ReservationId) -> None:
        """Take in that caller and agent hear each other."""
        self._file(ContactJoined(reservation=reservation))

    def join_failed(self, reservation: ReservationId) -> None:
        """Take in that they could not be joined; the caller waits on in place."""
        self._file(JoinFailed(reservation=reservation))

    def held(self, reservation: ReservationId) -> None:
        """Take in that whoever talks with the agent hears music instead."""
        self._file(ContactHeld(reservation=reservation))

    def retrieved(self, reservation: ReservationId) -> None:
        """Take in that they hear each other again."""
        self._file(ContactRetrieved(reservation=reservation))

    def adopt(self, talk: TalkResumed, sink: VisitSink) -> None:
        """Take over a conversation that went on while the engine was away."""
        self.visitors.enter(talk.contact, sink)
        self._file(
            ConversationAdopted(
                contact=talk.contact,
                reservation=talk.reservation,
                agent=AgentId(talk.agent),
                since=talk.since,
            )
        )

    # What waiting callers are told.

    def placement(self, contact: ContactId) -> Placement | None:
        """Tell where a contact waits, None for one that does not wait."""
        router = self._floor.router
        visit, position = router.visit(contact), router.position(contact)
        if visit is None or position is None:
            return None
        queue = router.queue(visit.queue)
        callback = queue.callback if queue is not None else None
        return Placement(
            queue=visit.queue,
            position=position,
            expected_wait_s=self._floor.estimator.expected_wait_s(visit.queue, position - 1),
            callback_after_s=None if callback is None else callback.offered_after_s,
            plan=self.plan(visit.queue),
        )

    def plan(self, queue: str) -> WaitingPlan:
        """Tell what a queue lets waiting callers hear; an unknown one lets the flow say it all."""
        settings = self._floor.roster().queues.get(queue)
        return WaitingPlan() if settings is None else plan_of(settings.waiting)

    def is_closed(self, queue: str) -> bool:
        """Tell whether a queue takes nobody for the hour, neither itself nor in another's stead."""
        now = self._floor.clock.now()
        return is_closed(QueueName(queue), self._floor.router.queue, now=now)

    def keeps_place_s(self, queue: str) -> float:
        """Tell for how long a place in a queue is kept for a caller who went to the menus."""
        roster = self._floor.roster()
        return roster.queues.get(queue, roster.by_number).keeps_place_s

    def announced(self, contact: ContactId, expected_wait_s: float) -> None:
        """Take in that a caller was promised to be served within ``expected_wait_s`` from now."""
        self._announced(contact, expected_wait_s, self._floor.clock.now())

    # Callbacks.

    def call_back(
        self, contact: ContactId, callback: ContactId, number: PhoneNumber, language: Language
    ) -> None:
        """Let ``callback`` wait in the place of a caller who is to be called at ``number``."""
        self._file(
            CallbackRequested(
                contact=contact, callback=callback, number=number.digits, language=language
            )
        )

    def pending_callback(self, queue: str, number: PhoneNumber) -> PendingCallback | None:
        """Tell of the callback of ``queue`` that is still to be made to ``number``."""
        visit = self._floor.router.callback(QueueName(queue), number.digits)
        if visit is None:
            return None
        return PendingCallback(contact=visit.contact, since=visit.enqueued_at)

    def cancel_callback(self, queue: str, number: PhoneNumber) -> None:
        """Make no callback to ``number``; none being there is counted as late."""
        self._file(CallbackCanceled(queue=QueueName(queue), number=number.digits))

    def when_callback_due(self, sink: CallbackSink) -> None:
        """Hand every callback whose turn has come to ``sink``."""
        self.visitors.callbacks = sink

    def attend(self, contact: ContactId, sink: VisitSink) -> None:
        """Tell ``sink`` from here on what becomes of a contact that is known already."""
        self.visitors.enter(contact, sink)

    def forsake(self, contact: ContactId) -> None:
        """Tell nobody any more what becomes of a contact, which stays as it is."""
        self.visitors.leave(contact)

    def not_claimed(self, contact: ContactId) -> None:
        """Take in that nobody will claim a contact after the restart: its time for that is over."""
        key = TimerKey(kind=TimerKind.CLAIM, subject=contact)
        for timer in self._floor.router.timers():
            if timer.key == key:
                self._file(TimerExpired(key=key, generation=timer.generation))

    def callback_failed(self, reservation: ReservationId, cause: str) -> None:
        """Take in that the customer of a callback did not come to the telephone."""
        self._file(CallbackFailed(reservation=reservation, cause=cause))

    def _refuse_callback(self, due: CallbackDue) -> None:
        """Answer for a program in which nobody dials customers: the callback keeps its place."""
        self.callback_failed(due.reservation, "cannot-be-dialled")
