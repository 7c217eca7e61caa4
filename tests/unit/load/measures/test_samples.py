"""The series of a load: each reading has what there was, and what was away is away in it."""

import asyncio
import os
from collections.abc import Mapping

import pytest

from ivrengine.load.callers import Tally
from ivrengine.load.measures.moment import CallerCounts
from ivrengine.load.measures.samples import Samples
from tests.kit.load_target import StillTarget

pytestmark = pytest.mark.unit

SELDOM_S = 3600.0
NOBODY_LISTENS = "http://127.0.0.1:9/metrics"


async def test_the_first_reading_is_there_at_once() -> None:
    target = StillTarget(in_use={"main": 3})
    tallies = {"quote": Tally(placed=9, up=3, completed=4, refused={503: 1, 486: 1})}
    census = {"we": [os.getpid()]}
    async with Samples.taken(target, lambda: census, lambda: tallies, every_s=SELDOM_S) as samples:
        moment = samples.latest
    assert 0 <= moment.at_s < 1
    assert moment.lines == {"main": 3}
    assert moment.engine is None
    assert moment.callers == {
        "quote": CallerCounts(placed=9, up=3, completed=4, refused=2, failed=0)
    }
    assert moment.up == 3
    assert moment.processes["we"].pss_bytes is not None
    assert samples.unanswered == 0


async def test_an_engine_that_is_away_is_away_in_the_series_and_counted() -> None:
    target = StillTarget(away=True, metrics_url=NOBODY_LISTENS)
    async with Samples.taken(target, dict, dict, every_s=SELDOM_S) as samples:
        target.away = False
        await samples.take(0.0)
    first, second = samples.moments
    assert (first.lines, first.engine, second.lines, second.engine) == (None, None, {}, None)
    assert samples.unanswered == 3


async def test_shared_memory_is_read_seldom() -> None:
    census = {"we": [os.getpid()]}
    async with Samples.taken(StillTarget(), lambda: census, dict, every_s=SELDOM_S) as samples:
        await samples.take(0.0)
    first, second = (moment.processes["we"] for moment in samples.moments)
    assert first.pss_bytes is not None
    assert second.pss_bytes is None
    assert second.cpu_cores is not None


async def test_readings_go_on_by_themselves_until_the_end() -> None:
    asked = asyncio.Semaphore(0)

    class Asked(StillTarget):
        async def lines_in_use(self) -> Mapping[str, int]:
            asked.release()
            return {}

    async with Samples.taken(Asked(), dict, dict, every_s=0.001) as samples, asyncio.timeout(10):
        for _ in range(4):
            await asked.acquire()
    ended_with = len(samples.moments)
    assert ended_with >= 3
    times = [moment.at_s for moment in samples.moments]
    assert times == sorted(times)
    assert all(moment.late_s >= 0 for moment in samples.moments)
