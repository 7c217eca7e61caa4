"""A floor of agents to test on: a router, a clock that is moved by hand, and timers that fire."""

from collections.abc import Mapping
from typing import Any, TypeVar

from acd.commands import Command, EndVisit, RingAgent
from acd.events import (
    AgentLoggedIn,
    ContactJoined,
    ContactLeft,
    ContactQueued,
    Event,
    OfferAnswered,
    OfferRang,
    RosterChanged,
    TimerExpired,
)
from acd.model import (
    Agent,
    AgentId,
    ContactId,
    Disposition,
    LeaveCause,
    Queue,
    QueueName,
    ReservationId,
    Skill,
)
from acd.requirements import SkillName
from acd.router import Router
from acd.state import Desk, Visit

C = TypeVar("C")
GENERAL = QueueName("general")
TRADING = QueueName("trading")


def roster(
    agents: dict[str, tuple[str, ...]],
    queues: tuple[Queue, ...] = (Queue(name=GENERAL),),
    skills: Mapping[str, Mapping[str, int]] | None = None,
) -> RosterChanged:
    known = skills or {}
    return RosterChanged(
        agents=tuple(
            Agent(
                id=AgentId(number),
                queues=frozenset(map(QueueName, served)),
                skills=tuple(
                    Skill(SkillName(skill), level) for skill, level in known.get(number, {}).items()
                ),
            )
            for number, served in agents.items()
        ),
        queues=queues,
        personal=Queue(name=QueueName("personal")),
    )


class Floor:
    """Drives a router as a shell would, and keeps what it ordered."""

    def __init__(self, given: RosterChanged) -> None:
        self.router = Router()
        self.now = 1000.0
        self.past: list[tuple[Event, float]] = []
        self.commands: list[Command] = []
        self.tell(given)

    def tell(self, event: Event) -> list[Command]:
        self.past.append((event, self.now))
        said = self.router.handle(event, self.now)
        self.commands += said
        return said

    def wait(self, seconds: float) -> list[Command]:
        """Let time pass; timers fire in the order in which they are due."""
        until, said = self.now + seconds, list[Command]()
        while due := [timer for timer in self.router.timers() if timer.at <= until]:
            timer = min(due, key=lambda timer: (timer.at, timer.generation))
            self.now = max(self.now, timer.at)
            said += self.tell(TimerExpired(key=timer.key, generation=timer.generation))
        self.now = until
        return said

    def ready(self, *agents: str) -> list[Command]:
        said: list[Command] = []
        for agent in agents:
            said += self.tell(AgentLoggedIn(agent=AgentId(agent), ready=True))
            self.now += 1
        return said

    def calls(self, contact: str, queue: str = GENERAL, **asks: Any) -> list[Command]:
        """Let a caller ask for anybody of ``queue``; ``asks`` are further fields of the event."""
        return self.tell(
            ContactQueued(
                contact=ContactId(contact),
                queue=QueueName(queue),
                enqueued_at=self.now,
                **asks,
            )
        )

    def rings(self) -> tuple[str, str]:
        """Return who was rung last, and for whom."""
        ring = self.last(RingAgent)
        return ring.agent, ring.contact

    def reservation(self) -> ReservationId:
        return self.last(RingAgent).reservation

    def last(self, kind: type[C]) -> C:
        return self.all(kind)[-1]

    def all(self, kind: type[C]) -> list[C]:
        return [command for command in self.commands if isinstance(command, kind)]

    def dispositions(self) -> dict[str, Disposition]:
        """Return how each visit ended that has ended."""
        return {command.contact: command.disposition for command in self.all(EndVisit)}

    def talk(self, contact: str = "", queue: str = GENERAL) -> ReservationId:
        """Bring the contact that rings last, or a new one, into a conversation."""
        if contact:
            self.calls(contact, queue)
        reservation = self.reservation()
        self.tell(OfferRang(reservation=reservation))
        self.tell(OfferAnswered(reservation=reservation))
        self.tell(ContactJoined(reservation=reservation))
        return reservation

    def leaves(self, contact: str, cause: LeaveCause = LeaveCause.CALLER_GONE) -> list[Command]:
        return self.tell(ContactLeft(contact=ContactId(contact), cause=cause))

    def desk(self, agent: str) -> Desk:
        desk = self.router.desk(AgentId(agent))
        assert desk is not None
        return desk

    def visit(self, contact: str) -> Visit:
        visit = self.router.visit(ContactId(contact))
        assert visit is not None
        return visit

    def position(self, contact: str) -> int | None:
        return self.router.position(ContactId(contact))
