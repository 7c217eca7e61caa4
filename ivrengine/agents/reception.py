"""Where calls ask for people: the ``WaitingRoom`` that the agents' side offers to calls."""

from collections.abc import Callable

from acd.events import (
    CallbackFailed,
    ContactJoined,
    ContactLeft,
    ContactQueued,
    ConversationAdopted,
    JoinFailed,
    LiveEvent,
)
from acd.model import AgentId, ContactId, LeaveCause, QueueName, ReservationId, personal_queue
from ivrengine.agents.home import home_first
from ivrengine.agents.ports import (
    CallbackDue,
    CallbackSink,
    PersonWanted,
    TalkResumed,
    VisitSink,
    WithdrawCause,
)
from ivrengine.agents.roster import Roster
from ivrengine.agents.visitors import Visitors

_LEAVE_CAUSES = {
    WithdrawCause.CALLER_GONE: LeaveCause.CALLER_GONE,
    WithdrawCause.KEY: LeaveCause.KEY,
    WithdrawCause.TIMED_OUT: LeaveCause.TIMED_OUT,
}


class Reception:
    """Takes in what calls ask and report, and files it as events for the router.

    Args:
        file: puts an event in the dispatcher's inbox.
        roster: gives the queues in force.

    Attributes:
        visitors: who is told what becomes of a contact.
    """

    def __init__(self, file: Callable[[LiveEvent], None], roster: Callable[[], Roster]) -> None:
        self.visitors = Visitors(self._refuse_callback)
        self._file = file
        self._roster = roster

    def ask(self, wanted: PersonWanted, sink: VisitSink) -> None:
        """Begin to look for a person; the sink hears all that follows."""
        self.visitors.enter(wanted.contact, sink, caller=wanted.caller)
        queue = (
            QueueName(wanted.queue)
            if wanted.agent is None
            else personal_queue(AgentId(wanted.agent))
        )
        settings = self._roster().queues.get(wanted.queue)
        home = settings.home_first if settings else None
        self._file(
            ContactQueued(
                contact=wanted.contact,
                queue=queue,
                enqueued_at=wanted.since,
                prefers_needs=home_first(home, branch=wanted.branch, dialect=wanted.dialect),
                prefers_for_s=home.for_s if home else 0.0,
                band=wanted.band,
                number=wanted.caller.digits,
            )
        )

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

    # Callbacks.

    def when_callback_due(self, sink: CallbackSink) -> None:
        """Hand every callback whose turn has come to ``sink``."""
        self.visitors.callbacks = sink

    def attend(self, contact: ContactId, sink: VisitSink) -> None:
        """Tell ``sink`` from here on what becomes of a contact that is known already."""
        self.visitors.enter(contact, sink)

    def forsake(self, contact: ContactId) -> None:
        """Tell nobody any more what becomes of a contact, which stays as it is."""
        self.visitors.leave(contact)

    def callback_failed(self, reservation: ReservationId, cause: str) -> None:
        """Take in that the customer of a callback did not come to the telephone."""
        self._file(CallbackFailed(reservation=reservation, cause=cause))

    def _refuse_callback(self, due: CallbackDue) -> None:
        """Answer for a program in which nobody dials customers: the callback keeps its place."""
        self.callback_failed(due.reservation, "cannot-be-dialled")
