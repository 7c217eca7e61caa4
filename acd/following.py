"""What happened on the floor, read from the router's events and commands for whoever counts it.

The router says what it does in many small words. A :class:`Following` reads them once and tells its
listeners, statistics and estimates, in the few words they care for: a contact entered, was offered,
joined, ended; an agent does something else. It sees nothing but events and commands, so it gives
the same account of a journal as of the live floor.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from acd.agent_states import DEVICE, PRESENCE, WORK, Device, Presence, PresenceTrigger, Work
from acd.commands import Command, CountLate, EndVisit, NoteMove, RingAgent, TellMoved
from acd.contact_states import CONTACT, OFFER, ContactState
from acd.events import (
    AgentForced,
    AgentGotNotReady,
    AgentGotReady,
    AgentLoggedOut,
    ContactQueued,
    ConversationAdopted,
    DeskRestored,
    Event,
    ReservationRestored,
    RosterChanged,
    TimerExpired,
    VisitRestored,
)
from acd.followed import (
    BUSY,
    Activity,
    FloorState,
    FollowedAgent,
    FollowedContact,
    FollowedOffer,
    Listener,
)
from acd.model import (
    AgentId,
    ContactId,
    Disposition,
    OfferOutcome,
    QueueName,
    ReservationId,
    TimerKey,
    TimerKind,
    personal_queue,
)
from acd.state import Desk, Visit

_LET_IN = frozenset({TimerKind.EXCLUSION, TimerKind.PREFERENCE, TimerKind.STEP})
"""Timers after which a contact can be offered to somebody to whom it could not be before."""


@dataclass(slots=True)
class Following:
    """Reads what the router takes in and says, and tells its listeners, in their order."""

    listeners: Sequence[Listener]
    agents: dict[AgentId, FollowedAgent] = field(default_factory=dict)
    contacts: dict[ContactId, FollowedContact] = field(default_factory=dict)
    offers: dict[ReservationId, FollowedOffer] = field(default_factory=dict)

    def take(self, event: Event, commands: Sequence[Command], now: float) -> None:
        """Take in one event and what the router answered to it."""
        came = self._take_event(event, commands, now)
        for command in commands:
            match command:
                case NoteMove():
                    if command.after == Work.RESERVED:
                        self._serve_next(AgentId(command.subject), commands)
                    self._note(command, now)
                case RingAgent():
                    self._rung(command, now)
                case EndVisit():
                    self._ended(command, came, now)
                case TellMoved():
                    self._moved(command, now)
                case _:
                    pass

    # Events: only what the commands do not tell.

    def _take_event(
        self, event: Event, commands: Sequence[Command], now: float
    ) -> ContactId | None:
        """Return the contact that stands at the door with this event, if one does."""
        match event:
            case ContactQueued():
                return self._queued(event, commands, now)
            case AgentGotNotReady() | AgentForced(presence=PresenceTrigger.GO_NOT_READY):
                self._heard_reason(event.agent, event.reason, now)
            case AgentForced(presence=PresenceTrigger.LOG_IN):
                self._came(event.agent, event.reason)
            case AgentGotReady() | AgentLoggedOut() | AgentForced():
                self._forget_reason(event.agent)
                self._rested(event.agent, now)
            case TimerExpired():
                self._let_in(event.key, now)
            case RosterChanged():
                self._configured(event)
            case ConversationAdopted() if not any(isinstance(c, CountLate) for c in commands):
                self._adopted(event, now)
            case DeskRestored():
                self._desk_restored(event.desk, now)
            case VisitRestored():
                self._visit_restored(event.visit, now)
            case ReservationRestored(reservation=offer):
                self._serve(offer.agent, offer.contact)
            case _:
                pass
        return None

    def _queued(
        self, event: ContactQueued, commands: Sequence[Command], now: float
    ) -> ContactId | None:
        if event.contact in self.contacts or any(isinstance(c, CountLate) for c in commands):
            return None
        contact = FollowedContact(
            contact=event.contact,
            queue=event.queue,
            enqueued_at=event.enqueued_at,
            entered_at=now,
            changed_at=now,
            number=event.number,
        )
        if any(isinstance(c, EndVisit) and c.contact == event.contact for c in commands):
            self.contacts[event.contact] = contact
            return event.contact
        self._enter(contact, now)
        return None

    def _enter(self, contact: FollowedContact, now: float) -> None:
        self.contacts[contact.contact] = contact
        for listener in self.listeners:
            listener.entered(contact, now)

    def _heard_reason(self, number: AgentId, reason: str, now: float) -> None:
        agent = self.agents.get(number)
        if agent is None or agent.presence is Presence.LOGGED_OUT:
            return
        agent.next_reason = reason
        if agent.activity is Activity.AUX and reason != agent.reason:
            agent.reason = reason
            for listener in self.listeners:
                listener.changed(agent, Activity.AUX, now)
            agent.since = now

    def _came(self, number: AgentId, reason: str) -> None:
        """Take in for what reason a supervisor logs an agent in, who is then not ready."""
        agent = self.agents.get(number)
        if agent is not None and agent.presence is Presence.LOGGED_OUT:
            agent.next_reason = reason

    def _forget_reason(self, number: AgentId) -> None:
        agent = self.agents.get(number)
        if agent is not None:
            agent.next_reason = ""

    def _let_in(self, timer: TimerKey, now: float) -> None:
        """Take in that time made somebody free for a contact who was not."""
        if timer.kind is TimerKind.COOL_OFF:
            self._rested(AgentId(timer.subject), now)
        elif timer.kind in _LET_IN and timer.subject in self.contacts:
            self.contacts[ContactId(timer.subject)].changed_at = now

    def _rested(self, number: AgentId, now: float) -> None:
        agent = self.agents.get(number)
        if agent is not None and agent.activity is Activity.IDLE:
            agent.idle_since = now

    def _configured(self, event: RosterChanged) -> None:
        for configured in event.agents:
            agent = self._agent(configured.id)
            if agent.queues != configured.queues:
                self._reassign(agent, configured.queues)
        kept = {configured.id for configured in event.agents}
        for agent in self.agents.values():
            if agent.agent not in kept and agent.queues:
                self._reassign(agent, frozenset())

    def _reassign(self, agent: FollowedAgent, queues: frozenset[QueueName]) -> None:
        before, agent.queues = agent.queues, queues
        for listener in self.listeners:
            listener.staffed(agent, before)

    def _adopted(self, event: ConversationAdopted, now: float) -> None:
        contact = self.contacts.get(event.contact)
        if contact is None:
            contact = self.contacts[event.contact] = FollowedContact(
                contact=event.contact,
                queue=personal_queue(event.agent),
                enqueued_at=event.since,
                entered_at=event.since,
                changed_at=event.since,
            )
        self._serve(event.agent, event.contact)
        if contact.joined_at is None:
            contact.joined_at = event.since
            for listener in self.listeners:
                listener.joined(contact, now)

    def _desk_restored(self, desk: Desk, now: float) -> None:
        if desk.agent in self.agents and self.agents[desk.agent].activity is not Activity.AWAY:
            return
        agent = self._agent(desk.agent)
        queues = desk.queues - {personal_queue(desk.agent)}
        agent.presence, agent.work, agent.device = desk.presence, desk.work, desk.device
        agent.reason = agent.next_reason = desk.reason
        if agent.queues != queues:
            self._reassign(agent, queues)
        self._settle(agent, now)

    def _visit_restored(self, visit: Visit, now: float) -> None:
        joined = visit.state in (ContactState.CONNECTED, ContactState.ON_HOLD)
        if visit.contact in self.contacts or (visit.callback and not joined):
            return
        contact = FollowedContact(
            contact=visit.contact,
            queue=visit.queue,
            enqueued_at=visit.enqueued_at,
            entered_at=visit.enqueued_at,
            changed_at=visit.enqueued_at,
            number=visit.number,
            callback=visit.callback,
            offers=visit.offers,
        )
        self._enter(contact, now)
        if joined:
            contact.joined_at = visit.joined_at
            for listener in self.listeners:
                listener.joined(contact, now)

    # Commands.

    def _note(self, note: NoteMove, now: float) -> None:
        if note.machine == WORK.name:
            agent = self._agent(AgentId(note.subject))
            agent.work = Work(note.after)
            self._settle(agent, now)
        elif note.machine == CONTACT.name:
            self._contact_moved(note, now)
        elif note.machine == OFFER.name:
            offer = self.offers.pop(ReservationId(note.subject), None)
            if offer is not None:
                outcome = OfferOutcome(note.after)
                for listener in self.listeners:
                    listener.offer_ended(offer, outcome, now)
        elif note.machine == PRESENCE.name:
            agent = self._agent(AgentId(note.subject))
            agent.presence = Presence(note.after)
            if agent.presence is Presence.LOGGED_OUT:
                agent.next_reason = ""
            agent.reason = agent.next_reason
            self._settle(agent, now)
            for listener in self.listeners:
                listener.wished(agent, now)
        elif note.machine == DEVICE.name:
            agent = self._agent(AgentId(note.subject))
            agent.device = Device(note.after)
            self._settle(agent, now)

    def _contact_moved(self, note: NoteMove, now: float) -> None:
        contact = self.contacts.get(ContactId(note.subject))
        if contact is None:
            return
        if note.after == ContactState.CONNECTED and contact.joined_at is None:
            contact.joined_at = now
            for listener in self.listeners:
                listener.joined(contact, now)
        elif note.after == ContactState.QUEUED and contact.joined_at is not None:
            contact.joined_at = None
            for listener in self.listeners:
                listener.parted(contact, now)

    def _settle(self, agent: FollowedAgent, now: float) -> None:
        """Tell what an agent does, if that is something else than before."""
        activity = agent.now_does()
        if activity is agent.activity:
            return
        before, agent.activity = agent.activity, activity
        if activity is Activity.AUX:
            # A reason given during after-call work takes effect with no move of presence.
            agent.reason = agent.next_reason
        for listener in self.listeners:
            listener.changed(agent, before, now)
        agent.since = now
        if activity is Activity.IDLE:
            agent.idle_since = now
        if activity not in BUSY:
            agent.serving = agent.serving_queue = None

    def _serve_next(self, number: AgentId, commands: Sequence[Command]) -> None:
        """Find, before its telephone rings, for whom an agent is kept."""
        for command in commands:
            if isinstance(command, RingAgent) and command.agent == number:
                agent = self._agent(number)
                agent.serving, agent.serving_queue = command.contact, command.queue
                return

    def _rung(self, ring: RingAgent, now: float) -> None:
        contact = self.contacts.get(ring.contact)
        if contact is None:
            # A callback has nobody on the line, and is first heard of when its turn comes.
            contact = FollowedContact(
                contact=ring.contact,
                queue=ring.queue,
                enqueued_at=now - ring.waited_s,
                entered_at=now - ring.waited_s,
                changed_at=now,
                callback=ring.callback,
            )
            self.contacts[ring.contact] = contact
        contact.offers += 1
        agent = self._agent(ring.agent)
        self.offers[ring.reservation] = FollowedOffer(
            agent=ring.agent, contact=ring.contact, offered_at=now
        )
        for listener in self.listeners:
            listener.offered(contact, agent, now)

    def _ended(self, end: EndVisit, at_the_door: ContactId | None, now: float) -> None:
        contact = self.contacts.pop(end.contact, None)
        if contact is None:
            if not end.callback:
                return
            contact = FollowedContact(
                contact=end.contact,
                queue=end.queue,
                enqueued_at=end.enqueued_at,
                entered_at=end.enqueued_at,
                changed_at=end.enqueued_at,
                callback=True,
            )
        if end.contact == at_the_door and end.disposition is not Disposition.HANDLED:
            for listener in self.listeners:
                listener.refused(contact, end, now)
        else:
            for listener in self.listeners:
                listener.ended(contact, end, now)

    def _moved(self, told: TellMoved, now: float) -> None:
        contact = self.contacts.get(told.contact)
        if contact is None:
            return
        contact.changed_at = now
        if contact.queue != told.queue:
            left, contact.queue, contact.entered_at = contact.queue, told.queue, now
            for listener in self.listeners:
                listener.moved(contact, left, now)
            contact.offers = 0

    def _serve(self, number: AgentId, contact: ContactId) -> None:
        agent, known = self._agent(number), self.contacts.get(contact)
        agent.serving = contact
        agent.serving_queue = known.queue if known is not None else None

    def _agent(self, number: AgentId) -> FollowedAgent:
        agent = self.agents.get(number)
        if agent is None:
            agent = self.agents[number] = FollowedAgent(agent=number)
        return agent

    # Keeping it.

    def snapshot(self) -> FloorState:
        """Return all that is known, for :meth:`restore`; listeners keep their own."""
        return FloorState(
            agents=tuple(replace(agent) for agent in self.agents.values()),
            contacts=tuple(replace(contact) for contact in self.contacts.values()),
            offers=tuple((id_, replace(offer)) for id_, offer in self.offers.items()),
        )

    def restore(self, state: FloorState) -> None:
        """Know again what a snapshot knew, and nothing else; listeners are told nothing."""
        self.agents = {agent.agent: replace(agent) for agent in state.agents}
        self.contacts = {contact.contact: replace(contact) for contact in state.contacts}
        self.offers = {id_: replace(offer) for id_, offer in state.offers}
