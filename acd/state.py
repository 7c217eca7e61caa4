"""What the router knows of each agent, contact and offer: frozen records, replaced on each change.

Being values, they stand as they are in a snapshot.
"""

from dataclasses import dataclass

from acd.agent_states import Device, Presence, PresenceTrigger, Work
from acd.contact_states import PENDING, ContactState
from acd.model import AgentId, ContactId, Place, QueueName, ReservationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A presence that an engaged agent asked for, to be applied when the engagement ends."""

    trigger: PresenceTrigger
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One agent. ``idle_since`` orders idle agents; ``misses`` counts offers missed in a row.

    ``cooling`` tells that the agent rests after an offer that came to nothing. ``retired`` agents
    are no longer configured and go as soon as they are free.
    """

    agent: AgentId
    queues: frozenset[QueueName]
    presence: Presence = Presence.LOGGED_OUT
    reason: str = ""
    presence_since: float = 0.0
    pending: Wish | None = None
    work: Work = Work.IDLE
    work_since: float = 0.0
    device: Device = Device.REACHABLE
    idle_since: float = 0.0
    cooling: bool = False
    misses: int = 0
    reservation: ReservationId | None = None
    retired: bool = False

    @property
    def logged_in(self) -> bool:
        """Tell whether the agent is there, ready or not."""
        return self.presence is not Presence.LOGGED_OUT

    @property
    def offerable(self) -> bool:
        """Tell whether an offer may be made: all three machines allow it, and no wish forbids."""
        return (
            self.presence is Presence.AVAILABLE
            and self.work is Work.IDLE
            and self.device is Device.REACHABLE
            and self.pending is None
            and not self.cooling
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One contact. ``excluded`` are the agents not to be offered it, each until a time.

    ``claimed`` is False after a restart until the call has told that it is still there.
    """

    contact: ContactId
    queue: QueueName
    place: Place
    enqueued_at: float
    state: ContactState = ContactState.QUEUED
    offers: int = 0
    reservation: ReservationId | None = None
    joined_at: float | None = None
    excluded: tuple[tuple[AgentId, float], ...] = ()
    claimed: bool = True

    def excludes(self, agent: AgentId) -> bool:
        """Tell whether ``agent`` is to be left alone with this contact for now."""
        return any(excluded == agent for excluded, _ in self.excluded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """One offer: ``outcome`` is pending until its one terminal cause."""

    id: ReservationId
    contact: ContactId
    agent: AgentId
    offered_at: float
    outcome: str = PENDING
