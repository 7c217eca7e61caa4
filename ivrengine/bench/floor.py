"""A busy floor for the router: a stream of events that depends on nothing but its seed.

The population is closed: whoever was served or gave up is followed by a new caller, so that the
number of those who wait stays what it was. Telephones, callers and timers answer to the router's
commands in virtual time; only the router's own time is measured.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from time import thread_time_ns
from typing import Protocol

from acd.commands import Command, ConnectContact, EndVisit, RingAgent, StartTimer
from acd.events import (
    AgentGotNotReady,
    AgentGotReady,
    AgentHungUp,
    AgentLoggedIn,
    ContactJoined,
    ContactLeft,
    ContactQueued,
    LiveEvent,
    OfferAnswered,
    OfferRang,
    OfferRefused,
    RosterChanged,
    TimerExpired,
)
from acd.model import (
    Agent,
    AgentId,
    ContactId,
    LeaveCause,
    OfferOutcome,
    Queue,
    QueueName,
    ReservationId,
    Skill,
    Step,
)
from acd.requirements import ANYBODY, Requirement, SkillName, parse_requirement
from acd.router import Router

TALK_S, PATIENCE_S, BREAK_EVERY_S, BREAK_S = 180.0, 3000.0, 3600.0, 300.0
WAIT_S = 1100.0
"""About how long callers wait on the floor of the usual size; those of the first have done so."""
LANGUAGES = ("lang.zh", "lang.en", "lang.ja")
NEEDS = tuple(map(parse_requirement, ("anybody",) * 6 + ("lang.en", "lang.ja", "lang.en >= 3")))


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorSize:
    """How much there is of everything; ``profiles`` are the different sets of queues and skills."""

    agents: int = 10_000
    queues: int = 200
    waiting: int = 50_000
    profiles: int = 400
    queues_of_each: int = 5
    skilled: bool = True


def _roster(size: FloorSize, random: Random) -> RosterChanged:
    names = [QueueName(f"q{n}") for n in range(size.queues)]
    steps = (
        Step(after_s=0, needs=parse_requirement("product >= 3")),
        Step(after_s=60, needs=parse_requirement("product >= 2")),
        Step(after_s=180, needs=ANYBODY),
    )
    queues = tuple(Queue(name=name, steps=steps if size.skilled else ()) for name in names)
    profiles = [
        (
            frozenset(random.sample(names, size.queues_of_each)),
            (
                Skill(SkillName("product"), random.randint(1, 5)),
                *(Skill(SkillName(language), random.randint(0, 4)) for language in LANGUAGES),
            ),
        )
        for _ in range(size.profiles)
    ]
    agents = []
    for n in range(size.agents):
        served, skills = profiles[n % len(profiles)]
        agents.append(Agent(id=AgentId(f"a{n}"), queues=served, skills=skills))
    return RosterChanged(agents=tuple(agents), queues=queues, personal=Queue(name=QueueName("p")))


class Follower(Protocol):
    """Whoever follows the router, at the price of some time for each event."""

    def take(self, event: LiveEvent, commands: Sequence[Command], now: float) -> None:
        """Take in one event and what the router answered to it."""


class BusyFloor:
    """Tells a router what happens on a floor of ``size``, one event at each step.

    What ``follower`` takes counts like the router's own time. ``took_ns`` has one entry an event.
    """

    def __init__(self, size: FloorSize, *, follower: Follower | None = None, seed: int = 1) -> None:
        self.router = Router()
        self.took_ns: list[int] = []
        self.offers = self.served = 0
        self._follower = follower
        self._size = size
        self._random = Random(seed)
        self._now = 1_000_000.0
        self._numbers = count(1)
        self._order = count()
        self._future: list[tuple[float, int, Callable[[], LiveEvent | None]]] = []
        self._queues = [QueueName(f"q{n}") for n in range(size.queues)]
        self._tell(_roster(size, self._random))
        self._fill()

    def _fill(self) -> None:
        for n in range(self._size.agents):
            self._tell(AgentLoggedIn(agent=AgentId(f"a{n}"), ready=True))
            self._now += 0.001
            self._rests_sometimes(AgentId(f"a{n}"))
        for _ in range(self._size.waiting + self._size.agents):
            self._now += 0.001
            self._follow(self._new_caller(waited_s=WAIT_S * self._random.random()))

    # What will happen.

    def _at(self, delay_s: float, happens: Callable[[], LiveEvent | None]) -> None:
        heapq.heappush(self._future, (self._now + delay_s, next(self._order), happens))

    def _event_at(self, delay_s: float, event: LiveEvent) -> None:
        self._at(delay_s, lambda: event)

    def _new_caller(self, waited_s: float = 0.0) -> LiveEvent:
        contact = ContactId(f"c{next(self._numbers)}")
        needs: Requirement = self._random.choice(NEEDS) if self._size.skilled else ANYBODY
        gives_up_s = self._random.expovariate(1 / PATIENCE_S)

        def gives_up() -> LiveEvent | None:
            visit = self.router.visit(contact)
            if visit is None or visit.joined_at is not None:
                return None
            return ContactLeft(contact=contact, cause=LeaveCause.CALLER_GONE)

        self._at(gives_up_s, gives_up)
        return ContactQueued(
            contact=contact,
            queue=self._random.choice(self._queues),
            enqueued_at=self._now - waited_s,
            needs=needs,
        )

    def _rests_sometimes(self, agent: AgentId) -> None:
        rests_in_s = self._random.expovariate(1 / BREAK_EVERY_S)
        self._event_at(rests_in_s, AgentGotNotReady(agent=agent, reason="rest"))

        def returns() -> LiveEvent:
            self._rests_sometimes(agent)
            return AgentGotReady(agent=agent)

        self._at(rests_in_s + BREAK_S, returns)

    def _follow(self, event: LiveEvent) -> None:
        """Tell an event, and let the floor answer to what the router says to it."""
        for command in self._tell(event):
            match command:
                case RingAgent():
                    self.offers += 1
                    self._ring(command.reservation)
                case ConnectContact():
                    self._event_at(0.2, ContactJoined(reservation=command.reservation))
                    self._talk(command.contact, command.reservation)
                case EndVisit():
                    self.served += command.agent is not None
                    self._at(self._random.random(), self._new_caller)
                case StartTimer():
                    self._alarm(command)
                case _:
                    continue

    def _ring(self, reservation: ReservationId) -> None:
        self._event_at(0.3, OfferRang(reservation=reservation))
        chance = self._random.random()
        if chance < 0.92:
            self._event_at(2 + 6 * self._random.random(), OfferAnswered(reservation=reservation))
        elif chance < 0.96:
            refused = OfferRefused(reservation=reservation, outcome=OfferOutcome.REJECTED)
            self._event_at(4, refused)

    def _talk(self, contact: ContactId, reservation: ReservationId) -> None:
        lasts_s = 0.2 + self._random.expovariate(1 / TALK_S)
        if self._random.random() < 0.5:
            self._event_at(lasts_s, AgentHungUp(reservation=reservation))
        else:
            self._event_at(lasts_s, ContactLeft(contact=contact, cause=LeaveCause.CALLER_GONE))

    def _alarm(self, timer: StartTimer) -> None:
        def expires() -> LiveEvent | None:
            if not self.router.awaits(timer):
                return None
            return TimerExpired(key=timer.key, generation=timer.generation)

        self._at(timer.at - self._now, expires)

    # What happens.

    def _tell(self, event: LiveEvent) -> list[Command]:
        began = thread_time_ns()
        said = self.router.handle(event, self._now)
        if self._follower is not None:
            self._follower.take(event, said, self._now)
        self.took_ns.append(thread_time_ns() - began)
        return said

    def events(self, number: int) -> Iterator[LiveEvent]:
        """Let ``number`` events happen."""
        while number > 0:
            at, _, happens = heapq.heappop(self._future)
            self._now = max(self._now, at)
            event = happens()
            if event is not None:
                self._follow(event)
                number -= 1
                yield event
