"""Orders that the router gives, in the imperative, in the order in which they are to be done."""

from dataclasses import dataclass

from acd.model import (
    AgentId,
    ContactId,
    Disposition,
    OfferOutcome,
    OverflowCause,
    QueueName,
    ReservationId,
    TimerKey,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RingAgent:
    """Ring the agent's telephone and tell what comes of it by events of ``reservation``.

    The router ends the offer itself in time; ``ring_timeout_s`` is how long that can take at most.
    ``waited_s`` is for how long the contact waited so far, ``offers`` the number of offers of it
    with this one. ``callback`` tells that the customer is not on the line and will be dialled.
    """

    reservation: ReservationId
    contact: ContactId
    agent: AgentId
    queue: QueueName
    ring_timeout_s: float
    waited_s: float = 0.0
    callback: bool = False
    offers: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUpAgent:
    """End the agent's leg of ``reservation``, whatever it does now; gone is no error."""

    reservation: ReservationId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectContact:
    """Let caller and agent hear each other, and tell ``ContactJoined`` or ``JoinFailed``."""

    reservation: ReservationId
    contact: ContactId
    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallContact:
    """Dial the customer of a callback, whose agent is on the line, and join the two.

    Tell ``ContactJoined``, or ``CallbackFailed`` when the customer did not come to the telephone
    within ``answer_timeout_s``.
    """

    reservation: ReservationId
    contact: ContactId
    agent: AgentId
    number: str
    answer_timeout_s: float
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TellMoved:
    """Tell the call where it waits: another queue, or a later step of its queue.

    ``cause`` is the overflow that moved it, ``by`` the supervisor who did; with neither, the wait
    alone led to another step.
    """

    contact: ContactId
    queue: QueueName
    step: int
    cause: OverflowCause | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOfferEnded:
    """Tell the call that this agent will not come; it waits on in its place."""

    contact: ContactId
    reservation: ReservationId
    agent: AgentId
    outcome: OfferOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class EndVisit:
    """Tell the call, if it did not leave by itself, that its visit is over: once for each visit.

    ``reservation`` and ``agent`` are None when no agent was joined. ``waited_s`` ends at the
    joining, from which ``talked_s`` counts; ``held_s`` is the part of it spent on hold.
    ``callback`` tells that the customer was, or was to be, called back. ``cause`` is the overflow
    that ended the visit, if one did.
    """

    contact: ContactId
    queue: QueueName
    disposition: Disposition
    reservation: ReservationId | None
    agent: AgentId | None
    waited_s: float
    talked_s: float
    held_s: float = 0.0
    enqueued_at: float = 0.0
    callback: bool = False
    cause: OverflowCause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTimer:
    """Answer with ``TimerExpired`` of the same key and generation at ``at``.

    A timer that is started again, or no longer matters, may expire all the same: it is then late.
    """

    key: TimerKey
    generation: int
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMove:
    """Note that a machine moved, for logs and statistics."""

    machine: str
    subject: str
    before: str
    trigger: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLate:
    """Count an event that changed nothing because things had moved on."""

    machine: str
    subject: str
    state: str
    trigger: str


Command = (
    RingAgent
    | HangUpAgent
    | ConnectContact
    | CallContact
    | TellMoved
    | TellOfferEnded
    | EndVisit
    | StartTimer
    | NoteMove
    | CountLate
)
