"""The measurement: blocks of samples at either side in turn, with the same callers and telephones.

Agents become ready one at a time, at moments that have nothing to do with any rhythm of the other
side; the callers who wait are always as many. A sample begins when the order is sent and ends when
the kernel has taken the INVITE in for the agent's telephone, however busy this process is by then.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Final

from ivrengine.bench.ready_to_ring.crowd import Crowd
from ivrengine.bench.ready_to_ring.figures import Spread
from ivrengine.bench.ready_to_ring.places import AGENTS, DIALLED, Places
from ivrengine.bench.ready_to_ring.running import running_app_queue, running_engine
from ivrengine.bench.ready_to_ring.sides import Side
from ivrengine.bootstrap.system import sole_use
from ivrengine.config import Settings
from ivrengine.errors import EngineError
from ivrengine.softphone.sip.call import Call
from ivrengine.softphone.sip.incoming import IncomingCall
from ivrengine.softphone.sip.phone import Phone, PhoneSettings
from ivrengine.softphone.sip.registration import RegistrationRefused
from ivrengine.softswitch.local.debian.progress import Report
from ivrengine.softswitch.settings import DEMO_PASSWORD_PREFIX

TARGET_MS: Final = 50.0
_LONGEST_PAUSE_S: Final = 1.0
"""As long as app_queue sleeps between two looks, so that its samples begin anywhere between."""

_TALK_S: Final = 0.2
_RINGS_WITHIN_S: Final = 10.0
_COUNTED_WITHIN_S: Final = 30.0
_COUNT_EVERY_S: Final = 0.25

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured: ``samples`` at each side, in ``blocks``, while ``waiting`` wait."""

    waiting: int = 400
    samples: int = 80
    blocks: int = 2
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyToRing:
    """Both sides; ``ratio`` is app_queue's median in the engine's."""

    plan: Plan
    engine: Spread
    app_queue: Spread
    ratio: float


async def measure(
    settings: Settings, places: Places, plan: Plan, *, tell: Tell, report: Report
) -> ReadyToRing:
    """Run both sides and measure; everything that was started is stopped again.

    Raises:
        EngineError: a side did not come up, or did not take the callers.
    """
    with sole_use(places.root):
        async with AsyncExitStack() as stack:
            tell("the engine starts")
            engine = await stack.enter_async_context(running_engine(places, settings))
            await engine.log_in()
            tell("app_queue starts")
            rival = await stack.enter_async_context(running_app_queue(places, settings, report))
            await rival.log_in()
            chance = random.Random(plan.seed)
            ours, theirs = _Floor("the engine", engine, chance), _Floor("app_queue", rival, chance)
            for floor in (ours, theirs):
                await floor.staff(stack)
            for number in range(plan.blocks):
                # Either side goes first in turn, so that neither has the quieter machine.
                for floor in (ours, theirs) if number % 2 == 0 else (theirs, ours):
                    await floor.run_block(plan, number, tell)
    engine_spread, rival_spread = ours.spread(), theirs.spread()
    return ReadyToRing(
        plan=plan,
        engine=engine_spread,
        app_queue=rival_spread,
        ratio=rival_spread.median_ms / engine_spread.median_ms,
    )


@dataclass(slots=True)
class _Floor:
    """One side with its telephones and what was measured there."""

    name: str
    side: Side
    chance: random.Random
    waits_s: list[float] = field(default_factory=list)
    missed: int = 0
    agents: list["_Attendant"] = field(default_factory=list)

    async def staff(self, stack: AsyncExitStack) -> None:
        for number in AGENTS:
            self.agents.append(await stack.enter_async_context(_attendant(number, self.side)))

    async def run_block(self, plan: Plan, block: int, tell: Tell) -> None:
        samples = len(range(block, plan.samples, plan.blocks))
        async with await Crowd.open(server=self.side.sip, dialled=DIALLED) as crowd:
            tell(f"{plan.waiting} callers call {self.name}")
            await crowd.gather(plan.waiting)
            await self._until_waiting(plan.waiting)
            for done, agent in zip(range(samples), cycle(self.agents), strict=False):
                tell(f"{self.name}, sample {done + 1} of {samples}")
                await self._sample(agent)
            await crowd.disperse()
            await self._until_waiting(0)

    async def _sample(self, agent: "_Attendant") -> None:
        await asyncio.sleep(self.chance.uniform(0, _LONGEST_PAUSE_S))
        wait_s = await agent.becomes_ready()
        if wait_s is None:
            self.missed += 1
        else:
            self.waits_s.append(wait_s)
        await agent.leaves()

    async def _until_waiting(self, wanted: int) -> None:
        try:
            async with asyncio.timeout(_COUNTED_WITHIN_S):
                # Counted from outside, so there is nobody who could wake us.
                while (waiting := await self.side.waiting()) != wanted:  # noqa: ASYNC110
                    await asyncio.sleep(_COUNT_EVERY_S)
        except TimeoutError:
            raise EngineError(f"{self.name} has {waiting} callers waiting, not {wanted}") from None

    def spread(self) -> Spread:
        if len(self.waits_s) < 2:
            raise EngineError(f"hardly any telephone of {self.name} rang: {self.missed} did not")
        return Spread.of(self.waits_s, missed=self.missed, target_ms=TARGET_MS)


class _Attendant:
    """An agent's telephone, and the moment at which a call comes in."""

    def __init__(self, number: str, phone: Phone, side: Side) -> None:
        self._number = number
        self._phone = phone
        self._side = side
        self._called_at: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        phone.on_new_call = self._note

    async def becomes_ready(self) -> float | None:
        """Give the order and take the call; the seconds until it came, None when none did."""
        self._called_at = asyncio.get_running_loop().create_future()
        ordered_at = time.monotonic()
        # The call often comes before the answer to the order; its moment is noted all the same.
        await self._side.make_ready(self._number)
        await asyncio.wait((self._called_at,), timeout=_RINGS_WITHIN_S)
        if not self._called_at.done():
            return None
        await self._phone.answer()
        return self._called_at.result() - ordered_at

    async def leaves(self) -> None:
        """Talk for a moment, take nobody after this one, and hang up."""
        await asyncio.sleep(_TALK_S)
        await self._side.make_unready(self._number)
        for call in self._phone.calls:
            await call.hang_up()

    def _note(self, call: Call) -> None:
        if isinstance(call, IncomingCall) and not self._called_at.done():
            self._called_at.set_result(call.came_at)


@asynccontextmanager
async def _attendant(number: str, side: Side) -> AsyncIterator[_Attendant]:
    settings = PhoneSettings(
        user=number, server=side.sip, password=f"{DEMO_PASSWORD_PREFIX}{number}"
    )
    async with await Phone.open(settings) as phone:
        try:
            await phone.register()
        except RegistrationRefused as fault:
            raise EngineError(f"the telephone of agent {number}: {fault}") from fault
        yield _Attendant(number, phone, side)
