"""A world whose reports of what happened come late, out of order, twice, or not at all.

It rings telephones and joins people as it is ordered to. What it has to say of that goes through a
letter box, from which one of the oldest few letters is taken at a time.
"""

from collections import Counter
from random import Random
from typing import Protocol

from acd.agent_states import Presence, Work
from acd.commands import Command, ConnectContact, HangUpAgent, RingAgent
from acd.events import (
    AgentGotReady,
    AgentHungUp,
    ContactHeld,
    ContactJoined,
    ContactLeft,
    ContactQueued,
    ContactRetrieved,
    JoinFailed,
    LiveEvent,
    OfferAnswered,
    OfferRang,
    OfferRefused,
    PhoneAppeared,
    PhoneVanished,
    TimerExpired,
    WrapUpEnded,
)
from acd.model import AgentId, ContactId, LeaveCause, OfferOutcome, QueueName, ReservationId
from tests.unit.acd.floor import Floor

WINDOW = 5
"""How many letters may be overtaken by one that was posted after them."""

TWICE, LOST = 0.15, 0.2


class Observer(Protocol):
    """Tells events to a floor, and checks what became of them."""

    floor: Floor
    entered: set[ContactId]
    ended: Counter[ContactId]

    def tell(self, event: LiveEvent) -> list[Command]: ...

    def all_is_well(self) -> None: ...


class UnreliableWorld:
    """Carries out what a router orders and tells it of that, after a fashion."""

    def __init__(self, watch: Observer, chance: Random, *, loses: bool) -> None:
        self.watch = watch
        self._floor = watch.floor
        self._chance = chance
        self._lost = LOST if loses else 0.0
        self._posted: list[LiveEvent] = []
        self._here: list[ContactId] = []
        self._arrived = 0

    def a_caller_comes(self, queue: QueueName) -> None:
        """Let somebody ask for a queue; who that is and that it asks is known at once."""
        self._arrived += 1
        contact = ContactId(f"c{self._arrived}")
        self.watch.entered.add(contact)
        self._here.append(contact)
        self._tell(ContactQueued(contact=contact, queue=queue, enqueued_at=self._floor.now))

    def a_caller_goes(self) -> None:
        """Let somebody hang up; that is never lost, but others may be told before."""
        if self._here:
            contact = self._here.pop(self._chance.randrange(len(self._here)))
            self._posted.append(ContactLeft(contact=contact, cause=LeaveCause.CALLER_GONE))

    def the_agents_are_eager(self) -> None:
        """Let agents who stopped answering, or are at their after-call work, be ready again."""
        for desk in self._floor.router.desks():
            if desk.presence is not Presence.AVAILABLE:
                self._tell(AgentGotReady(agent=desk.agent))
            elif desk.work is Work.ACW:
                self._tell(WrapUpEnded(agent=desk.agent))

    def deliver(self) -> None:
        """Hand over one of the oldest letters, or lose it, or keep a copy to hand over again."""
        if not self._posted:
            return
        letter = self._posted.pop(self._chance.randrange(min(WINDOW, len(self._posted))))
        if not isinstance(letter, ContactLeft) and self._chance.random() < self._lost:
            return
        if self._chance.random() < TWICE:
            later = self._chance.randint(0, min(WINDOW, len(self._posted)))
            self._posted.insert(later, letter)
        self._tell(letter)

    def time_passes(self, seconds: float) -> None:
        """Let timers expire; the engine's own are never late or lost."""
        until = self._floor.now + seconds
        while due := [timer for timer in self._floor.router.timers() if timer.at <= until]:
            timer = min(due, key=lambda timer: (timer.at, timer.generation))
            self._floor.now = max(self._floor.now, timer.at)
            self._tell(TimerExpired(key=timer.key, generation=timer.generation))
        self._floor.now = until

    def becomes_reliable(self) -> None:
        """Lose nothing more, hand over all that is still in the box, and let deadlines pass."""
        self._lost = 0.0
        self._deliver_all()
        self.time_passes(100.0)

    def ends(self) -> None:
        """Let everybody hang up, and the engine see for itself which telephones are in use."""
        while self._here:
            self.a_caller_goes()
        self._deliver_all()
        for offer in self._floor.router.offers():
            self._tell(AgentHungUp(reservation=offer.id))
        for desk in self._floor.router.desks():
            self._tell(PhoneAppeared(agent=desk.agent))
        self.time_passes(1000.0)

    def _deliver_all(self) -> None:
        while self._posted:
            self.deliver()

    def _tell(self, event: LiveEvent) -> None:
        for command in self.watch.tell(event):
            self._carry_out(command)
        self.watch.all_is_well()

    def _carry_out(self, command: Command) -> None:
        match command:
            case RingAgent():
                assert command.contact not in self.watch.ended, "a dead call is rung for"
                self._posted += self._ringing(command.reservation, command.agent)
            case ConnectContact():
                assert command.contact not in self.watch.ended, "a dead call is joined"
                self._posted += self._talking(command.reservation)
            case HangUpAgent():
                self._posted.append(AgentHungUp(reservation=command.reservation))
            case _:
                pass

    def _ringing(self, reservation: ReservationId, agent: AgentId) -> list[LiveEvent]:
        """Return the whole truth about a telephone that is rung, in order."""
        rang = OfferRang(reservation=reservation)
        answered = OfferAnswered(reservation=reservation)
        refused = OfferRefused(reservation=reservation, outcome=OfferOutcome.REJECTED)
        out_of_reach = OfferRefused(reservation=reservation, outcome=OfferOutcome.UNREACHABLE)
        gone, back = PhoneVanished(agent=agent), PhoneAppeared(agent=agent)
        truths: tuple[list[LiveEvent], ...] = (
            *[[rang, answered]] * 5,
            [rang, answered, AgentHungUp(reservation=reservation)],
            [rang, refused],
            [out_of_reach],
            [rang],
            [rang, gone, back],
            [],
        )
        return self._chance.choice(truths)

    def _talking(self, reservation: ReservationId) -> list[LiveEvent]:
        """Return the whole truth about a caller and an agent who are to be joined."""
        joined = ContactJoined(reservation=reservation)
        hung_up = AgentHungUp(reservation=reservation)
        truths: tuple[list[LiveEvent], ...] = (
            [joined, hung_up],
            [joined],
            [joined, ContactHeld(reservation=reservation)],
            [
                joined,
                ContactHeld(reservation=reservation),
                ContactRetrieved(reservation=reservation),
                hung_up,
            ],
            [JoinFailed(reservation=reservation)],
            [JoinFailed(reservation=reservation), hung_up],
            [hung_up],
        )
        return self._chance.choice(truths)
