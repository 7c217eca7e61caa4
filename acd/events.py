"""Facts that the router is told, in the past tense; its state is the fold over them.

Every fact may come late, twice or out of order: it names the reservation or the timer generation it
is about, so one that no longer matters is known to be late. The last group is a snapshot: facts
that rebuild a router at once instead of from its whole past.
"""

from dataclasses import dataclass

from acd.agent_states import PresenceTrigger
from acd.estimator import ExpectedWait
from acd.model import (
    Agent,
    AgentId,
    ContactId,
    LeaveCause,
    OfferOutcome,
    Queue,
    QueueName,
    ReservationId,
    TimerKey,
)
from acd.requirements import ANYBODY, Requirement
from acd.state import Desk, Reservation, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLoggedIn:
    """An agent came; ready at once when ``ready``, else not ready yet."""

    agent: AgentId
    ready: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentGotReady:
    """An agent wants contacts."""

    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentGotNotReady:
    """An agent wants none for a while."""

    agent: AgentId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLoggedOut:
    """An agent goes."""

    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpEnded:
    """An agent ended the after-call work early."""

    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpExtended:
    """An agent, or a supervisor, adds ``extra_s`` to the after-call work."""

    agent: AgentId
    extra_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentForced:
    """A supervisor, ``by`` name, puts an agent into a presence.

    An open offer is withdrawn for it and wrap-up ends at once; a conversation is let finish first.
    """

    agent: AgentId
    presence: PresenceTrigger
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideCallBegan:
    """An agent began a call of the agent's own."""

    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideCallEnded:
    """The call of the agent's own is over; after-call work of ``wrap_up_s`` follows, 0 for none."""

    agent: AgentId
    wrap_up_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneAppeared:
    """The agent's telephone can be reached."""

    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneVanished:
    """The agent's telephone cannot be reached."""

    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneSeized:
    """The agent's telephone is in a call that is not ours to distribute."""

    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneFreed:
    """The agent's telephone is in no such call any more."""

    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactQueued:
    """A caller asks for anybody of ``queue``.

    ``enqueued_at`` is when the wait began; ``head_start_s`` counts as waited beforehand. Told again
    after a restart, it claims the place that the contact had.

    ``needs`` is asked of every agent, whatever the step. For the first ``prefers_for_s`` only the
    agents ``prefers`` and whoever meets ``prefers_needs`` are offered the contact; with nobody
    named and nothing needed there is no preference, and when no such agent is logged in it is
    passed over at once. ``band`` overrides the queue's. ``number`` is the caller's, for a callback.
    ``expected_waits`` is what was expected when the caller asked; see ``Router.foresee``.
    """

    contact: ContactId
    queue: QueueName
    enqueued_at: float
    head_start_s: float = 0.0
    needs: Requirement = ANYBODY
    prefers: tuple[AgentId, ...] = ()
    prefers_needs: Requirement = ANYBODY
    prefers_for_s: float = 0.0
    band: int | None = None
    number: str = ""
    expected_waits: tuple[ExpectedWait, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLeft:
    """A caller stopped waiting, or ended the conversation."""

    contact: ContactId
    cause: LeaveCause


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMoved:
    """A supervisor, ``by`` name, moves a waiting contact; what is None stays as it is.

    ``queue`` or ``agent`` (the line of this agent alone) is where it waits on, ``band`` and
    ``head_start_s`` change its place there.
    """

    contact: ContactId
    by: str
    queue: QueueName | None = None
    agent: AgentId | None = None
    band: int | None = None
    head_start_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackRequested:
    """A waiting caller hangs up to be called back at ``number``.

    The visit of ``contact`` ends and ``callback`` takes exactly its place. A queue keeps one
    callback a number: a second is merged into it, and the better place stays. ``language`` is what
    the customer speaks, kept for whoever calls.
    """

    contact: ContactId
    callback: ContactId
    number: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackFailed:
    """The customer did not come to the telephone, for ``cause``; the agent waits in vain."""

    reservation: ReservationId
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackCanceled:
    """The callback to ``number`` is not wanted any more."""

    number: str
    queue: QueueName


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRang:
    """The agent's telephone rings."""

    reservation: ReservationId


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAnswered:
    """The agent picked up."""

    reservation: ReservationId


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRefused:
    """The agent's telephone ended the offer; its leg is gone."""

    reservation: ReservationId
    outcome: OfferOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentHungUp:
    """The agent's leg ended after the answer."""

    reservation: ReservationId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactJoined:
    """Caller and agent hear each other."""

    reservation: ReservationId


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinFailed:
    """Caller and agent could not be joined; the caller is still there."""

    reservation: ReservationId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactHeld:
    """The agent put the caller on hold."""

    reservation: ReservationId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRetrieved:
    """The agent took the caller off hold."""

    reservation: ReservationId


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerExpired:
    """A timer ran out."""

    key: TimerKey
    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterChanged:
    """The agents and queues as configured, whole; ``personal`` are the rules of calls by number."""

    agents: tuple[Agent, ...]
    queues: tuple[Queue, ...]
    personal: Queue


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineRestarted:
    """Whoever carries out commands died and is back: open offers are void, calls must claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationAdopted:
    """A conversation went on meanwhile; unknown contacts and agents in it become known."""

    contact: ContactId
    reservation: ReservationId
    agent: AgentId
    since: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRestored:
    """Snapshot: an agent's state."""

    desk: Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRestored:
    """Snapshot: a contact's state."""

    visit: Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationRestored:
    """Snapshot: an offer, or the conversation that came of it."""

    reservation: Reservation


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerRestored:
    """Snapshot: a running timer."""

    key: TimerKey
    generation: int
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CountersRestored:
    """Snapshot: the numbers of the last arrival, the last timer's generation, the last offer."""

    arrivals: int
    generations: int
    turns: int = 0


AgentEvent = (
    AgentLoggedIn
    | AgentGotReady
    | AgentGotNotReady
    | AgentLoggedOut
    | WrapUpEnded
    | WrapUpExtended
    | AgentForced
    | OutsideCallBegan
    | OutsideCallEnded
    | PhoneAppeared
    | PhoneVanished
    | PhoneSeized
    | PhoneFreed
)
OfferEvent = (
    OfferRang
    | OfferAnswered
    | OfferRefused
    | AgentHungUp
    | ContactJoined
    | JoinFailed
    | ContactHeld
    | ContactRetrieved
)
SnapshotEvent = (
    DeskRestored | VisitRestored | ReservationRestored | TimerRestored | CountersRestored
)
LiveEvent = (
    AgentEvent
    | ContactQueued
    | ContactLeft
    | ContactMoved
    | CallbackRequested
    | CallbackFailed
    | CallbackCanceled
    | OfferEvent
    | TimerExpired
    | RosterChanged
    | EngineRestarted
    | ConversationAdopted
)
Event = LiveEvent | SnapshotEvent
