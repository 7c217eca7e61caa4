"""Stores of tallies: every one keeps a batch once, whole, and gives it back as it was."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acd.followed import Activity
from acd.kpis.histograms import Histogram
from acd.kpis.kpis import Tallies
from acd.kpis.tallies import AgentTally, QueueTally, ResolutionTally, TrunkTally
from acd.model import Disposition, OfferOutcome
from acd.trunk_groups import LineClass
from ivrengine.agents.figures_ports import TallyBatch, TallyStore
from ivrengine.errors import StorageError
from ivrengine.storage.database import CALLS_FILE
from ivrengine.storage.memory import MemoryTallies
from tests.kit.databases import KINDS, empty_place, opened_at, postgres

__all__ = ["postgres"]

pytestmark = pytest.mark.contract


@pytest.fixture(params=["memory", *KINDS])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[TallyStore]:
    if request.param == "memory":
        yield MemoryTallies()
        return
    place = empty_place(request.param, tmp_path, request)
    opened = await opened_at(place)
    yield opened.tallies
    await opened.close()


def batch(name: str, begin_s: int = 900) -> TallyBatch:
    """Return a batch with every kind of count in it."""
    end_s = begin_s + 900
    queue = QueueTally(subject="投诉", begin_s=begin_s, end_s=end_s, entered=3, answered=1)
    queue.left[Disposition.ABANDONED] = 2
    queue.answered_within[10.0] = 1
    queue.answered_waits = Histogram()
    queue.answered_waits.add(3_000_000)
    queue.offers[OfferOutcome.TIMEOUT] = 1
    agent = AgentTally(subject="8001", begin_s=begin_s, end_s=end_s, handled=1)
    agent.time_us[Activity.TALKING] = 60_000_000
    agent.aux_us["meal"] = 5
    trunk = TrunkTally(subject="main", begin_s=begin_s, end_s=end_s, peak=7)
    trunk.busy_us[LineClass.TRADING] = 9
    resolution = ResolutionTally(subject="投诉", begin_s=begin_s, end_s=end_s, answered=1)
    return TallyBatch(
        id=name,
        tallies=Tallies(
            queues=(queue,), agents=(agent,), trunks=(trunk,), resolutions=(resolution,)
        ),
    )


async def test_a_batch_comes_back_as_it_was(store: TallyStore) -> None:
    await store.add(batch("1000.000"))
    assert await store.between(0, 10_000) == [batch("1000.000")]


async def test_a_batch_that_is_brought_twice_is_kept_once(store: TallyStore) -> None:
    await store.add(batch("1000.000"))
    await store.add(batch("1000.000"))
    assert await store.between(0, 10_000) == [batch("1000.000")]


async def test_two_batches_of_one_interval_are_both_kept(store: TallyStore) -> None:
    await store.add(batch("1000.000"))
    await store.add(batch("2000.000"))
    assert [each.id for each in await store.between(0, 10_000)] == ["1000.000", "2000.000"]


async def test_intervals_are_found_by_their_begin(store: TallyStore) -> None:
    await store.add(batch("1000.000", begin_s=900))
    await store.add(batch("2000.000", begin_s=1800))
    assert [each.id for each in await store.between(901, 1801)] == ["2000.000"]
    assert [each.id for each in await store.between(900, 1800)] == ["1000.000"]
    assert list(await store.between(2700, 1_000_000)) == []


async def test_an_empty_batch_is_nothing(store: TallyStore) -> None:
    await store.add(TallyBatch(id="1000.000", tallies=Tallies()))
    assert list(await store.between(0, 10_000)) == []


@pytest.mark.parametrize("kind", ["memory", *KINDS])
async def test_a_store_that_is_away_says_so_and_takes_the_batch_later(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    if kind == "memory":
        memory = MemoryTallies()
        memory.away = True
        with pytest.raises(StorageError):
            await memory.add(batch("1000.000"))
        with pytest.raises(StorageError):
            await memory.between(0, 10_000)
        return
    place = empty_place(kind, tmp_path, request)
    opened = await opened_at(place)
    with place.away(CALLS_FILE), pytest.raises(StorageError):
        await opened.tallies.add(batch("1000.000"))
    await opened.tallies.add(batch("1000.000"))
    assert len(await opened.tallies.between(0, 10_000)) == 1
    await opened.close()
