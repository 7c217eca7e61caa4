"""Which waits count as ready-to-ring: those of agents for whom somebody surely waited."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

import pytest

from ivrengine.errors import SwitchUnavailable
from ivrengine.load.agents.readiness import Readiness

pytestmark = [pytest.mark.unit, pytest.mark.looptime]

TOOK_S = 0.012


@dataclass
class Queue:
    """A target of which only the queue is there; `waits` callers wait in it."""

    waits: int
    away: bool = False
    orders: list[str] = field(default_factory=list)

    async def make_ready(self, agent: str) -> None:
        self.orders.append(f"{agent} ready")

    async def make_unready(self, agent: str) -> None:
        if self.away:
            raise SwitchUnavailable("away")
        self.orders.append(f"{agent} unready")

    async def waiting(self) -> int:
        return self.waits


@dataclass
class Telephones:
    """A crew whose telephones ring at once, if they `ring` at all."""

    ring: bool = True
    claimed: int = 0

    async def until_free(self, agent: str, *, within_s: float) -> bool:
        return True

    async def rings(self, agent: str, *, since_s: float, within_s: float) -> float | None:
        await asyncio.sleep(TOOK_S if self.ring else within_s)
        return since_s + TOOK_S if self.ring else None


async def minute_of(queue: Queue, telephones: Telephones) -> Readiness:
    readiness = Readiness(
        queue,  # type: ignore[arg-type]
        telephones,  # type: ignore[arg-type]
        origin=time.monotonic(),
        chance=Random(1),
    )
    with suppress(TimeoutError):
        async with asyncio.timeout(60):
            await readiness.sample(["8001"])
    return readiness


async def sampled(queue: Queue, telephones: Telephones) -> list[float | None]:
    return [ring.took_s for ring in (await minute_of(queue, telephones)).rings]


async def test_an_agent_who_comes_while_callers_wait_is_a_sample() -> None:
    queue = Queue(waits=5)
    samples = await sampled(queue, Telephones())
    assert len(samples) > 20
    assert samples == pytest.approx([TOOK_S] * len(samples))
    assert queue.orders[:2] == ["8001 unready", "8001 ready"]


async def test_a_telephone_that_keeps_still_is_a_sample_without_a_time() -> None:
    samples = await sampled(Queue(waits=5), Telephones(ring=False))
    assert samples
    assert set(samples) == {None}


@pytest.mark.parametrize("ring", [True, False])
@pytest.mark.parametrize(("waits", "claimed"), [(0, 0), (2, 0), (6, 4)])
async def test_where_nobody_surely_waits_nothing_is_sampled_and_that_is_counted(
    waits: int, claimed: int, ring: bool
) -> None:
    readiness = await minute_of(Queue(waits=waits), Telephones(ring=ring, claimed=claimed))
    assert readiness.rings == []
    assert readiness.passed_over > 3


async def test_a_system_that_is_away_is_asked_again() -> None:
    queue = Queue(waits=5, away=True)
    assert await sampled(queue, Telephones()) == []
    queue.away = False
    assert await sampled(queue, Telephones())
