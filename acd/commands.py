"""Orders that the router gives, in the imperative, in the order in which they are to be done."""

from dataclasses import dataclass

from acd.model import (
    AgentId,
    ContactId,
    Disposition,
    OfferOutcome,
    QueueName,
    ReservationId,
    TimerKey,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RingAgent:
    """Ring the agent's telephone and tell what comes of it by events of ``reservation``.

    The router ends the offer itself in time; ``ring_timeout_s`` is how long that can take at most.
    """

    reservation: ReservationId
    contact: ContactId
    agent: AgentId
    queue: QueueName
    ring_timeout_s: float


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
    joining, from which ``talked_s`` counts.
    """

    contact: ContactId
    queue: QueueName
    disposition: Disposition
    reservation: ReservationId | None
    agent: AgentId | None
    waited_s: float
    talked_s: float


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
    | TellOfferEnded
    | EndVisit
    | StartTimer
    | NoteMove
    | CountLate
)
