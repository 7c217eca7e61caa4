"""A floor in virtual time: callers come at random, and the real router decides who serves them."""

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from random import Random

import simpy

from acd.commands import ConnectContact, EndVisit, RingAgent, StartTimer
from acd.estimates import EstimateRules, Estimates
from acd.events import (
    AgentHungUp,
    AgentLoggedIn,
    ContactJoined,
    ContactLeft,
    ContactQueued,
    Event,
    OfferAnswered,
    RosterChanged,
    TimerExpired,
)
from acd.following import Following
from acd.kpis.kpis import Kpis
from acd.kpis.queue_report import QueueReport
from acd.kpis.rules import KpiRules
from acd.model import Agent, AgentId, ContactId, LeaveCause, Queue, QueueName, ReservationId
from acd.router import Router

GENERAL = QueueName("general")
Steps = Generator[simpy.Event, object, None]


@dataclass(slots=True, kw_only=True)
class Call:
    """One call, as it went; ``expected_s`` is what was estimated when it entered.

    ``usual_s`` is what others would have told the caller: a running mean of the waits until then.
    """

    entered_at: float
    usual_s: float
    expected_s: float | None = None
    joined_at: float | None = None
    ended_at: float | None = None


@dataclass
class SimulatedFloor:
    """Agents who answer at once, wrap nothing up, and talk for exponential times.

    The time a call takes is drawn when it comes, so that the same seed gives the same callers
    whatever the router does with them. Figures and estimates are there if ``counted``.
    """

    agents: int
    arrivals_per_s: float
    handling_s: float
    patience_s: float | None = None
    counted: bool = True
    seed: int = 1
    calls: dict[ContactId, Call] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.env = simpy.Environment()
        self.random = Random(self.seed)
        self.router = Router()
        self.kpis = Kpis(KpiRules(interval_s=3600))
        self.estimates = Estimates(EstimateRules(memory_s=7200, supposed_calls=5))
        listeners = (self.estimates, *self.kpis.listeners) if self.counted else ()
        self.following = Following(listeners)
        self._usual_s = 0.0
        self._handling: dict[ContactId, float] = {}
        self._inbox: deque[Event] = deque()
        self._timers: list[StartTimer] = []
        self._open()

    def _open(self) -> None:
        numbers = [AgentId(f"{8000 + number}") for number in range(self.agents)]
        served = frozenset({GENERAL})
        self.tell(
            RosterChanged(
                agents=tuple(Agent(id=number, queues=served) for number in numbers),
                queues=(Queue(name=GENERAL, wrap_up_s=0),),
                personal=Queue(name=QueueName("personal")),
            )
        )
        for number in numbers:
            self.tell(AgentLoggedIn(agent=number, ready=True))

    def tell(self, event: Event) -> None:
        """Tell the router an event, and everything that follows from it at this moment."""
        self._inbox.append(event)
        while self._inbox:
            told = self._inbox.popleft()
            commands = self.router.handle(told, self.env.now)
            self.following.take(told, commands, self.env.now)
            for command in commands:
                self._carry_out(command)
        # Most timers are stopped within the moment in which they are started.
        timers, self._timers = self._timers, []
        for timer in timers:
            if self.router.awaits(timer):
                self.env.process(self._expire(timer))

    def _carry_out(self, command: object) -> None:
        match command:
            case RingAgent():
                self._inbox.append(OfferAnswered(reservation=command.reservation))
            case ConnectContact():
                self._inbox.append(ContactJoined(reservation=command.reservation))
                call = self.calls[command.contact]
                call.joined_at = self.env.now
                # A quarter of the latest wait and three of the mean before, as app_queue has it.
                self._usual_s += (call.joined_at - call.entered_at - self._usual_s) / 4
                self.env.process(self._talk(command.reservation, command.contact))
            case EndVisit():
                self.calls[command.contact].ended_at = self.env.now
            case StartTimer():
                self._timers.append(command)
            case _:
                pass

    def _talk(self, reservation: ReservationId, contact: ContactId) -> Steps:
        yield self.env.timeout(self._handling.pop(contact))
        self.tell(AgentHungUp(reservation=reservation))

    def _expire(self, timer: StartTimer) -> Steps:
        yield self.env.timeout(timer.at - self.env.now)
        if self.router.awaits(timer):
            self.tell(TimerExpired(key=timer.key, generation=timer.generation))

    def run(self, calls: int, rate: Callable[[float], float] = lambda now: 1.0) -> None:
        """Let so many callers come, at ``rate`` times the usual rate, and all of them go."""
        self.env.process(self._arrive(calls, rate))
        self.env.run()
        self.kpis.watch((GENERAL,), self.env.now)

    def _arrive(self, calls: int, rate: Callable[[float], float]) -> Steps:
        for number in range(calls):
            pause_s = self.random.expovariate(self.arrivals_per_s * rate(self.env.now))
            yield self.env.timeout(pause_s)
            self._call(ContactId(f"c{number}"))

    def _call(self, contact: ContactId) -> None:
        self._handling[contact] = self.random.expovariate(1 / self.handling_s)
        call = self.calls[contact] = Call(entered_at=self.env.now, usual_s=self._usual_s)
        self.tell(ContactQueued(contact=contact, queue=GENERAL, enqueued_at=self.env.now))
        if self.patience_s is not None:
            patience_s = self.random.expovariate(1 / self.patience_s)
            if call.joined_at is None:
                self.env.process(self._lose_patience(contact, patience_s))
        position = self.router.position(contact)
        if position is not None:
            call.expected_s = self.estimates.expected_wait_s(GENERAL, position - 1)
            if call.expected_s is not None:
                self.kpis.announced(contact, call.expected_s, self.env.now)

    def _lose_patience(self, contact: ContactId, patience_s: float) -> Steps:
        yield self.env.timeout(patience_s)
        if self.calls[contact].joined_at is None:
            self._handling.pop(contact)
            self.tell(ContactLeft(contact=contact, cause=LeaveCause.CALLER_GONE))

    def report(self) -> QueueReport:
        """Return the figures of everything."""
        return self.kpis.queue_report(GENERAL, 0, self.env.now + 1)

    def waits_s(self, skip: int = 0) -> list[float]:
        """Return how long callers waited until served or gone, in the order of their coming."""
        ends = (
            (call, call.ended_at if call.joined_at is None else call.joined_at)
            for call in list(self.calls.values())[skip:]
        )
        return [end - call.entered_at for call, end in ends if end is not None]

    def answered(self, skip: int = 0) -> list[tuple[Call, float]]:
        """Return the calls that were answered, and how long each waited."""
        return [
            (call, call.joined_at - call.entered_at)
            for call in list(self.calls.values())[skip:]
            if call.joined_at is not None
        ]
