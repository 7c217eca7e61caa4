"""Whoever hangs up, and the engine dies, at every step of a callback: it is made in the end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from ivrengine.calls.facts import CallAdmitted, CallEnded, PersonJoined, PersonLeft
from ivrengine.simulator.phone import Manner, SimulatedPhone
from tests.kit.bench.bench import CALLER, Bench, a_bench
from tests.kit.bench.callbacks import customer, gets_ready, is_promised, pending, staffed

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

TALK_S = 4.0
AWAY_S = 2.0
MADE_WITHIN_S = 400.0
"""Longer than all attempts with the pauses between them."""


@dataclass(slots=True)
class Scene:
    """A callback under way, whose people act by themselves."""

    bench: Bench
    agent: SimulatedPhone
    customer: SimulatedPhone
    steps_before: int
    talking: "asyncio.Future[None]"

    async def at_step(self, number: int, act: Callable[[], None]) -> None:
        """Let ``act`` happen in the midst of a step of the engine, counted from the promise."""
        reached = asyncio.Event()

        def look(step: int) -> None:
            if step == self.steps_before + number:
                act()
                reached.set()

        self.bench.engine.pulse.at_step = look
        await gets_ready(self.bench)
        async with asyncio.timeout(MADE_WITHIN_S):
            await reached.wait()

    async def is_quiet(self) -> list[str]:
        """Let nobody do anything more, and tell what is left."""
        await asyncio.sleep(TALK_S)
        self.talking.cancel()
        await asyncio.sleep(0)
        return [*await self.bench.is_quiet(), *self.bench.errors(), *books(self.bench)]

    async def is_made(self) -> bool:
        """Wait until the two have talked."""
        for _ in range(int(MADE_WITHIN_S)):
            if self.bench.facts(PersonLeft) and not pending(self.bench):
                return True
            await asyncio.sleep(1)
        return False


@asynccontextmanager
async def called_back() -> AsyncIterator[Scene]:
    """Somebody is promised a callback; nobody is ready yet to make it."""
    async with a_bench() as bench:
        agent = await staffed(bench)
        agent.manner, agent.acts_after_s = Manner.ANSWERS, 0.5
        await is_promised(bench)
        telephone = customer(bench, acts_after_s=1.0)
        talking = asyncio.ensure_future(talks(telephone))
        scene = Scene(bench, agent, telephone, len(bench.engine.pulse.moments), talking)
        try:
            yield scene
        finally:
            talking.cancel()


async def talks(telephone: SimulatedPhone) -> None:
    """The customer talks for a while with whoever is joined, and hangs up; again and again."""
    while True:
        party = telephone.call
        if party is not None and party.partners:
            await asyncio.sleep(TALK_S)
            if party.partners:
                party.hangs_up()
        await asyncio.sleep(0.5)


async def steps_of_a_callback() -> int:
    async with called_back() as scene:
        await gets_ready(scene.bench)
        assert await scene.is_made()
        return len(scene.bench.engine.pulse.moments) - scene.steps_before


def books(bench: Bench) -> list[str]:
    begun, ended = len(bench.facts(CallAdmitted)), len(bench.facts(CallEnded))
    wrong = [] if begun == ended else [f"{begun} calls began and {ended} ended"]
    joined, left = len(bench.facts(PersonJoined)), len(bench.facts(PersonLeft))
    return wrong if joined == left else [*wrong, f"{joined} were joined and {left} left"]


async def test_undisturbed_it_is_made_once() -> None:
    async with called_back() as scene:
        await gets_ready(scene.bench)
        assert await scene.is_made()
        assert len(scene.customer.calls) == 1
        assert await scene.is_quiet() == []


@pytest.mark.parametrize("who", ["agent", "customer"])
async def test_a_hang_up_in_the_midst_of_any_step_costs_nothing_but_time(who: str) -> None:
    wrong = {}
    for step in range(1, await steps_of_a_callback() + 1):
        async with called_back() as scene:
            phone = scene.agent if who == "agent" else scene.customer
            await scene.at_step(step, phone.hangs_up)
            faults = [] if await scene.is_made() else ["the callback was not made"]
            faults += await scene.is_quiet()
            if faults:
                wrong[step] = faults
    assert wrong == {}


async def test_an_engine_that_dies_in_the_midst_of_any_step_makes_it_afterwards() -> None:
    wrong = {}
    for step in range(1, await steps_of_a_callback() + 1):
        async with called_back() as scene:
            bench = scene.bench
            await scene.at_step(step, bench.kill)
            await asyncio.sleep(AWAY_S)
            bench.start()
            faults = [] if await scene.is_made() else ["the callback was not made"]
            faults += await scene.is_quiet()
            if faults:
                wrong[step] = faults
    assert wrong == {}


async def test_a_promise_outlives_the_engine() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        await is_promised(bench)
        (before,) = pending(bench)
        await bench.restart()
        await asyncio.sleep(1)
        (after,) = pending(bench)
        assert (after.contact, after.place, after.number) == (before.contact, before.place, CALLER)
        telephone = customer(bench)
        bench.phones["8001"].manner = Manner.ANSWERS
        await gets_ready(bench)
        called = await telephone.rings()
        await called.hears("en/callback/here_we_are")
        await called.meets("8001")
