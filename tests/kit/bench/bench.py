"""A bench for whole calls: an engine in memory that can be killed and started, and its callers.

    async with a_bench() as bench:
        await bench.ready("8001")
        caller = bench.call_in()
        await caller.hears("welcome.choose_language")
        await caller.presses("2")

To be used in virtual time.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

import structlog

from acd.events import AgentLoggedIn
from acd.model import AgentId
from ivrengine.calls.facts import AnyFact, RecordingKept
from ivrengine.calls.line_rules import LineRules
from ivrengine.calls.talk.settings import TalkSettings
from ivrengine.flow.model import FlowSet
from ivrengine.simulator.party import Party
from ivrengine.simulator.phone import Manner, SimulatedPhone
from ivrengine.values import CallId
from tests.kit.bench.books import faults_in
from tests.kit.bench.engine import Engine
from tests.kit.bench.world import World

CALLER = "13900000001"
NUMBER = "952588"
QUIET_WITHIN_S = 120.0
"""Longer than any wrap-up, cool-off, exclusion or deadline."""

FactT = TypeVar("FactT", bound=AnyFact)


class Bench:
    """A world with an engine in it."""

    def __init__(
        self, world: World, scope: asyncio.TaskGroup, logged: list[dict[str, object]]
    ) -> None:
        self.world = world
        self.logged = logged
        self.phones: dict[str, SimulatedPhone] = {}
        self.engine = Engine(world, "r1")
        self._scope = scope
        self._lives = 1
        self._running = scope.create_task(self.engine.run())

    # The people.

    def call_in(self, caller: str = CALLER, number: str = NUMBER, trunk: str = "main") -> Party:
        """Somebody calls."""
        return self.world.exchange.call_in(caller, number, trunk)

    def phone(
        self, number: str, manner: Manner = Manner.RINGS, *, acts_after_s: float = 2.0
    ) -> SimulatedPhone:
        """Somebody puts a telephone on an agent's desk."""
        phone = self.world.exchange.phone(number, manner, acts_after_s=acts_after_s)
        self.phones[number] = phone
        return phone

    async def ready(
        self, number: str, manner: Manner = Manner.RINGS, *, acts_after_s: float = 2.0
    ) -> SimulatedPhone:
        """An agent with a telephone logs in and is ready."""
        phone = self.phone(number, manner, acts_after_s=acts_after_s)
        await self.engine.dispatcher.tell(AgentLoggedIn(agent=AgentId(number), ready=True))
        return phone

    def work_of(self, number: str) -> str:
        """What distribution believes an agent does."""
        desk = self.engine.dispatcher.router.desk(AgentId(number))
        return "unknown" if desk is None else desk.work

    def lines_in_use(self, trunk: str) -> int:
        """How many lines of a group are in use."""
        return next(use.in_use for use in self.engine.admission.usage() if use.trunk == trunk)

    # The engine's lives.

    async def stop(self) -> None:
        """Stop the engine as SIGTERM does."""
        self._running.cancel()
        await asyncio.wait([self._running])
        self.engine.die()
        self.world.exchange.lose_connection()

    def kill(self) -> None:
        """Kill the engine in this instant: nothing that it is about to do takes effect."""
        self.engine.die()
        self._running.cancel()
        self.world.exchange.lose_connection()

    def start(self, flows: FlowSet | None = None) -> None:
        """Start another engine, perhaps with other flows, in place of a dead one."""
        self.world.flows = flows or self.world.flows
        self._lives += 1
        self.engine = Engine(self.world, f"r{self._lives}")
        self._running = self._scope.create_task(self.engine.run())

    async def restart(self, *, away_s: float = 2.0) -> None:
        """Kill the engine, and start another one after a while."""
        self.kill()
        await asyncio.sleep(away_s)
        self.start()

    # What can be found out.

    def facts(self, kind: type[FactT]) -> list[FactT]:
        """The facts of a kind, of all calls, in order."""
        return [fact for fact in self.world.facts if isinstance(fact, kind)]

    def fact(self, kind: type[FactT]) -> FactT:
        """The only fact of a kind."""
        (fact,) = self.facts(kind)
        return fact

    def recordings_kept(self) -> list[RecordingKept]:
        """What was recorded, conversations and messages."""
        return self.facts(RecordingKept)

    def story_of(self, call: CallId) -> list[str]:
        """The kinds of a call's facts, in order."""
        return [type(fact).__name__ for fact in self.world.facts if fact.call == call]

    def errors(self) -> list[str]:
        """What was logged as an error."""
        return [str(entry) for entry in self.logged if entry["log_level"] in ("error", "critical")]

    async def is_quiet(self) -> list[str]:
        """Wait until all must be over, and tell what is not: nothing, if all is well."""
        await asyncio.sleep(QUIET_WITHIN_S)
        return [*await self._left_at_switch(), *self._left_in_engine(), *self._left_in_loop()]

    async def _left_at_switch(self) -> list[str]:
        exchange = self.world.exchange
        left = [f"leg {leg.leg} is up" for leg in await exchange.live_legs()]
        return left + [f"bridge {each.bridge} is there" for each in await exchange.live_bridges()]

    def _left_in_engine(self) -> list[str]:
        engine, router = self.engine, self.engine.dispatcher.router
        left = [f"session of {leg}" for leg in engine.calls.sessions]
        usage = engine.admission.usage()
        left += [f"{use.in_use} lines of {use.trunk}" for use in usage if use.in_use]
        left += [f"visit {visit.contact}" for visit in router.visits()]
        left += [f"offer {offer.id}" for offer in router.offers()]
        left += [f"timer {timer.key}" for timer in router.timers()]
        left += [
            f"agent {desk.agent} is {desk.work}" for desk in router.desks() if desk.work != "idle"
        ]
        if len(engine.legs):
            left.append(f"{len(engine.legs)} claims of legs")
        left += faults_in(self.world.facts, finished=True)
        if engine.dispatcher.faults or engine.journal.failures:
            left.append("faults of the dispatcher or the journal")
        return left

    def _left_in_loop(self) -> list[str]:
        ours = ("call ", "agent-", "refuse ", "release ", "reconcile")
        tasks = (task.get_name() for task in asyncio.all_tasks())
        left = [f"task {name}" for name in tasks if name.startswith(ours)]
        scheduled = getattr(asyncio.get_running_loop(), "_scheduled", ())
        return left + [f"timer {handle}" for handle in scheduled if not handle.cancelled()]


@asynccontextmanager
async def a_bench(
    flows: FlowSet | None = None,
    lines: LineRules | None = None,
    talk: TalkSettings | None = None,
) -> AsyncIterator[Bench]:
    """A bench with a running engine; logs are collected and not printed."""
    with structlog.testing.capture_logs() as logged:
        async with asyncio.TaskGroup() as scope:
            bench = Bench(World(flows, lines, talk), scope, logged)
            await asyncio.sleep(0.001)
            try:
                yield bench
            finally:
                bench.kill()
