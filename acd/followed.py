"""The floor as those who count it see it: agents by what they do, contacts, open offers.

The records are kept true by :class:`acd.following.Following` and only to be read by its listeners.
"""

from dataclasses import dataclass
from enum import StrEnum

from acd.agent_states import Device, Presence, Work
from acd.commands import EndVisit
from acd.model import AgentId, ContactId, OfferOutcome, QueueName, ReservationId


class Activity(StrEnum):
    """What an agent's time is spent on: at every moment exactly one of these."""

    AWAY = "away"
    """Logged out, and not in a conversation that outlived the logging out."""
    IDLE = "idle"
    RINGING = "ringing"
    TALKING = "talking"
    HOLDING = "holding"
    WRAPPING_UP = "wrapping-up"
    AUX = "aux"
    NOT_RESPONDING = "not-responding"
    UNREACHABLE = "unreachable"
    OUTSIDE = "outside"
    """In a call that was not distributed."""


BUSY = frozenset({Activity.RINGING, Activity.TALKING, Activity.HOLDING, Activity.WRAPPING_UP})
"""Activities that belong to a contact."""

_AT_WORK = {
    Work.RESERVED: Activity.RINGING,
    Work.RINGING: Activity.RINGING,
    Work.TALKING: Activity.TALKING,
    Work.HOLD: Activity.HOLDING,
}


@dataclass(slots=True, kw_only=True)
class FollowedAgent:
    """An agent as last seen. ``serving`` stays until the contact's after-call work is done.

    ``idle_since`` is when the agent last became free to be offered a contact.
    """

    agent: AgentId
    queues: frozenset[QueueName] = frozenset()
    presence: Presence = Presence.LOGGED_OUT
    reason: str = ""
    next_reason: str = ""
    work: Work = Work.IDLE
    device: Device = Device.REACHABLE
    activity: Activity = Activity.AWAY
    since: float = 0.0
    idle_since: float = 0.0
    serving: ContactId | None = None
    serving_queue: QueueName | None = None

    def now_does(self) -> Activity:
        """Return the one activity that presence, work and device amount to."""
        if self.work in _AT_WORK:
            return _AT_WORK[self.work]
        if self.presence is Presence.LOGGED_OUT:
            return Activity.AWAY
        if self.work is Work.ACW:
            return Activity.WRAPPING_UP
        if self.work is Work.EXTERNAL:
            return Activity.OUTSIDE
        if self.presence is Presence.AUX:
            return Activity.AUX
        if self.work is Work.NOT_RESPONDING:
            return Activity.NOT_RESPONDING
        if self.device is Device.UNREACHABLE:
            return Activity.UNREACHABLE
        return Activity.OUTSIDE if self.device is Device.BUSY_ELSEWHERE else Activity.IDLE


@dataclass(slots=True, kw_only=True)
class FollowedContact:
    """A visit as last seen. ``entered_at`` is when it came to this queue, wherever it was before.

    ``changed_at`` is when it last became due to somebody else: it entered, or time let more agents
    in. ``offers`` are those made while in this queue.
    """

    contact: ContactId
    queue: QueueName
    enqueued_at: float
    entered_at: float
    changed_at: float
    number: str = ""
    callback: bool = False
    offers: int = 0
    joined_at: float | None = None


@dataclass(slots=True, kw_only=True)
class FollowedOffer:
    """An offer that is open."""

    agent: AgentId
    contact: ContactId
    offered_at: float


class Listener:
    """Whoever counts what happens; what it does not define, it does not care for.

    Records are the follower's own and only to be read.
    """

    def entered(self, contact: FollowedContact, now: float) -> None:
        """A caller stands in a queue."""

    def refused(self, contact: FollowedContact, end: EndVisit, now: float) -> None:
        """A caller was turned away before standing in the queue at all."""

    def moved(self, contact: FollowedContact, left: QueueName, now: float) -> None:
        """A waiting caller was sent from the queue ``left`` to another."""

    def offered(self, contact: FollowedContact, agent: FollowedAgent, now: float) -> None:
        """An agent's telephone is to ring; ``contact.offers`` counts this one."""

    def offer_ended(self, offer: FollowedOffer, outcome: OfferOutcome, now: float) -> None:
        """An offer came to its one outcome."""

    def joined(self, contact: FollowedContact, now: float) -> None:
        """Caller and agent hear each other."""

    def parted(self, contact: FollowedContact, now: float) -> None:
        """A conversation turned out to be lost, and the caller waits again in the old place."""

    def ended(self, contact: FollowedContact, end: EndVisit, now: float) -> None:
        """A visit is over."""

    def changed(self, agent: FollowedAgent, before: Activity, now: float) -> None:
        """An agent does something else, or AUX for another reason; ``since`` is still the old."""

    def wished(self, agent: FollowedAgent, now: float) -> None:
        """An agent's presence is another, and perhaps nothing else for the time being."""

    def staffed(self, agent: FollowedAgent, queues: frozenset[QueueName]) -> None:
        """An agent serves other queues than ``queues``, which were served before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorState:
    """Everything a :class:`Following` knows, to be kept while the program is away."""

    agents: tuple[FollowedAgent, ...] = ()
    contacts: tuple[FollowedContact, ...] = ()
    offers: tuple[tuple[ReservationId, FollowedOffer], ...] = ()
