"""The machine's clock is set back while the engine is down, and nothing waits for it to catch up.

Instead of the clock of the machine, the times in the engine's log are moved; to the engine that
starts, it is the same.
"""

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.functional.conftest import NewAgent
from tests.functional.routing.conftest import Asks
from tests.functional.routing.floors import parts, picks_up
from tests.kit.desks import comes_to_stand
from tests.kit.instance import Instance

pytestmark = [pytest.mark.functional, pytest.mark.timeout(120)]

HOUR_S = 3600.0
_TIME = re.compile(rb"\b1[789]\d{8}(\.\d+)?\b")


def is_moved(log: Path, by_s: float) -> None:
    """Every time that the engine has written down becomes another."""
    text = log.read_bytes()
    assert _TIME.search(text)
    log.write_bytes(_TIME.sub(lambda found: repr(float(found[0]) + by_s).encode(), text))


async def is_set_back(instance: Instance, by_s: float) -> None:
    """The engine dies, and the next one finds a clock that was set back meanwhile."""
    with instance.nobody_restarts():
        await instance.kill_engine()
        is_moved(instance.state_dir / "journal" / "agents.jsonl", by_s)
    await instance.until_ready()


@asynccontextmanager
async def set_back_for_a_while(instance: Instance) -> AsyncIterator[None]:
    """Other tests of this system find it as it was."""
    try:
        await is_set_back(instance, HOUR_S)
        yield
    finally:
        await is_set_back(instance, -HOUR_S)


async def test_after_call_work_ends_and_callers_wait_no_longer_for_it(
    instance: Instance, ready_agent: NewAgent, asks: Asks
) -> None:
    attendant = await ready_agent(8001)
    first = await asks("13900000181", "noted")
    await picks_up(attendant, first)
    await parts(first, attendant)
    await comes_to_stand(instance, 8001, "wrap_up")
    async with set_back_for_a_while(instance):
        began = time.monotonic()
        following = await asks("13900000182", "noted")
        await picks_up(attendant, following)
        assert time.monotonic() - began < 10.0
        await parts(following, attendant)
