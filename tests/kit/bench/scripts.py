"""Callers' parts, written down: each goes its whole way when nobody disturbs it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from ivrengine.simulator.party import NotHeard, Party
from tests.kit.bench.bench import Bench, a_bench

ORDER_S = 0.02
"""How long every order takes, so that a call can be disturbed in the middle of one."""

LONGEST_S = 3600.0
"""Longer than any script takes."""

Script = Callable[[Bench, Party], Awaitable[None]]


async def served(bench: Bench, caller: Party) -> None:
    """A quote, a person, a rating."""
    agent = await bench.ready("8001")
    await caller.hears("welcome.choose_language")
    await caller.presses("2")
    await caller.hears("menu.main")
    await caller.presses("11600519")
    await caller.hears("quotes.last")
    await caller.presses("01")
    await caller.hears_music()
    await agent.rings()
    await asyncio.sleep(0.3)
    talk = agent.answers()
    await caller.meets("8001")
    await talk.presses("5")
    await asyncio.sleep(5)
    agent.hangs_up()
    await caller.hears("rating.ask")
    await caller.presses("5")
    await caller.hears("rating.after")
    await caller.presses("*")
    await caller.hears("menu.main")


async def waiting(bench: Bench, caller: Party) -> None:
    """A wait with its news, an agent who rejects, one who does not answer, and a change of mind."""
    first = await bench.ready("8001")
    await caller.presses("201")
    await first.rings()
    await asyncio.sleep(0.2)
    first.rejects()
    await caller.hears("queue.position_lead")
    second = await bench.ready("8002")
    await second.rings()
    await caller.hears("queue.position_lead")
    await caller.presses("*")
    await caller.hears("menu.main")


async def leaving_a_message(bench: Bench, caller: Party) -> None:
    """A message, heard again and kept."""
    await caller.presses("243")
    await caller.hears("mailbox.record")
    await asyncio.sleep(15)
    await caller.speaks(5)
    await caller.presses("#")
    await caller.hears("mailbox.review")
    await caller.presses("2")
    await caller.hears("recording:")
    await caller.hears("mailbox.review")
    await caller.presses("1")
    await caller.hears("mailbox.ticket")
    await caller.is_let_go()


async def asking_for_an_agent(bench: Bench, caller: Party) -> None:
    """An agent by number who hangs up while being announced, and again when just joined."""
    agent = await bench.ready("8005")
    await caller.presses("258005#")
    await agent.rings()
    agent.answers()
    await caller.hears("queue.agent_lead")
    agent.hangs_up()
    await caller.hears_music()
    await agent.rings()
    agent.answers()
    await caller.meets("8005")
    agent.hangs_up()
    await caller.hears_music()
    await asyncio.sleep(2)


async def saying_nothing(bench: Bench, caller: Party) -> None:
    """Nobody at the telephone."""
    await caller.is_let_go(within_s=600)


SCRIPTS: tuple[Script, ...] = (
    served,
    waiting,
    leaving_a_message,
    asking_for_an_agent,
    saying_nothing,
)


@dataclass(slots=True)
class Played:
    """A script that is being performed on a bench of its own."""

    bench: Bench
    caller: Party
    began_at: float
    acting: asyncio.Task[None]
    steps_before: int

    async def until(self, after_s: float) -> None:
        """Let the script go on to an instant, counted from its beginning."""
        now = self.bench.world.clock.now()
        await asyncio.sleep(max(0.0, self.began_at + after_s - now))

    async def until_step(self, number: int, act: Callable[[], None]) -> None:
        """Let the script go on to a step of the engine, from 1, and ``act`` in the midst of it."""
        reached = asyncio.Event()

        def at_step(step: int) -> None:
            if step == self.steps_before + number:
                act()
                reached.set()

        self.bench.engine.pulse.at_step = at_step
        async with asyncio.timeout(LONGEST_S):
            await reached.wait()

    async def is_broken_off(self) -> None:
        """Let the people do nothing more of their own."""
        self.acting.cancel()
        with suppress(asyncio.CancelledError, NotHeard):
            await self.acting


@asynccontextmanager
async def performed(script: Script, *, order_s: float = ORDER_S) -> AsyncIterator[Played]:
    """Begin a script on a fresh bench; every order takes ``order_s``."""
    async with a_bench() as bench:
        bench.world.exchange.order_delay_s = order_s
        began_at = bench.world.clock.now()
        caller = bench.call_in()
        acting = asyncio.ensure_future(script(bench, caller))
        played = Played(
            bench, caller, began_at, acting, steps_before=len(bench.engine.pulse.moments)
        )
        try:
            yield played
        finally:
            await played.is_broken_off()


async def steps_of(script: Script) -> int:
    """How many orders, ends of orders and facts an undisturbed performance has."""
    async with performed(script, order_s=0.0) as played:
        await played.acting
        return len(played.bench.engine.pulse.moments) - played.steps_before


async def instants_of(script: Script) -> list[float]:
    """Every moment of an undisturbed performance at which something happened, and those between.

    They are counted from its beginning.
    """
    async with performed(script) as played:
        await played.acting
        moments = {round(at - played.began_at, 6) for at in played.bench.engine.pulse.moments}
    return sorted({at + shift for at in moments for shift in (0.0, ORDER_S / 2)})
