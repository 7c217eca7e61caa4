"""What the router knows of each agent, contact and offer: frozen records, replaced on each change.

Being values, they stand as they are in a snapshot.
"""

from dataclasses import dataclass

from acd.agent_states import Device, Presence, PresenceTrigger, Work
from acd.contact_states import PENDING, ContactState
from acd.model import AgentId, ContactId, Place, QueueName, ReservationId, Skill
from acd.requirements import ANYBODY, Requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A presence that an engaged agent asked for, to be applied when the engagement ends.

    ``by`` is the supervisor who asked for it in the agent's place, else empty.
    """

    trigger: PresenceTrigger
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One agent. ``idle_since`` orders idle agents; ``misses`` counts offers missed in a row.

    ``cooling`` tells that the agent rests after an offer that came to nothing. ``retired`` agents
    are no longer configured and go as soon as they are free.

    ``reason`` and ``forced_by`` belong to the presence; the latter names the supervisor who put the
    agent there. ``calls`` are the conversations since the last login, ``turn`` the number of the
    last offer among all offers. ``load_s`` is how long the agent was busy up to ``load_at``, what
    lies back counting the less the longer ago.
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
    skills: tuple[Skill, ...] = ()
    site: str = ""
    forced_by: str = ""
    calls: int = 0
    turn: int = 0
    load_s: float = 0.0
    load_at: float = 0.0

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
class Entry:
    """How a contact came into its line, from which time goes on to work on it.

    ``band`` is the contact's own before ageing, None for the queue's; ageing counts from
    ``aged_from``. ``came_at`` is when it came into the line of this queue, after those it has
    already ``been`` in and was sent on from.
    """

    band: int | None = None
    aged_from: float = 0.0
    came_at: float = 0.0
    been: tuple[QueueName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One contact. ``excluded`` are the agents not to be offered it, each until a time.

    ``claimed`` is False after a restart until the call has told that it is still there.

    ``reservation`` is the offer that was accepted, or the one that is open; ``rivals`` are further
    open offers where all free agents are rung at once. ``step`` counts the steps of the queue that
    the wait has passed, and ``prefers_until`` is None when no preference holds any longer.
    ``held_since`` is None while the contact is not on hold. ``callback`` marks a visit without a
    caller on the line, ``attempts`` how often its customer was dialled, and ``parked`` that it is
    kept from being offered until the next attempt. ``entry`` tells how it came into its line.
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
    needs: Requirement = ANYBODY
    step: int = 0
    prefers: tuple[AgentId, ...] = ()
    prefers_needs: Requirement = ANYBODY
    prefers_until: float | None = None
    number: str = ""
    language: str = ""
    callback: bool = False
    attempts: int = 0
    parked: bool = False
    held_since: float | None = None
    held_s: float = 0.0
    rivals: tuple[ReservationId, ...] = ()
    entry: Entry = Entry()

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
