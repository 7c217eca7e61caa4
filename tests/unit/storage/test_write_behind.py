import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.calls.facts import AnyFact
from ivrengine.storage.database import RecordRefused
from ivrengine.storage.memory import MemoryCallRecords
from ivrengine.storage.settings import StorageSettings
from ivrengine.storage.spool import Spool
from ivrengine.storage.write_behind import Recovered, WriteBehind
from ivrengine.values import CallId
from tests.kit.facts import served_call

pytestmark = [pytest.mark.unit, pytest.mark.looptime]

SETTINGS = StorageSettings(batch_facts=4, waiting_facts=50)
SETTLED_S = 60.0


class WatchedRecords(MemoryCallRecords):
    """Remembers the batches, and can refuse or stumble over single facts."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[int] = []
        self.refused: AnyFact | None = None
        self.stumbles = False

    async def append(self, facts: Sequence[AnyFact]) -> None:
        if self.refused in facts:
            raise KeyError("unforeseen") if self.stumbles else RecordRefused("no")
        await super().append(facts)
        if facts:
            self.batches.append(len(facts))

    async def holds(self, *calls: str) -> bool:
        for call in calls:
            timeline = await self.timeline(CallId(call))
            if timeline is None or timeline.facts != served_call(call):
                return False
        return True


def _behind(
    records: WatchedRecords,
    folder: Path,
    recovered: Recovered | None = None,
    settings: StorageSettings = SETTINGS,
) -> WriteBehind:
    spool = Spool(folder / "spool", limit_bytes=1_000_000)
    return WriteBehind(records, spool, settings=settings, recovered=recovered)


@asynccontextmanager
async def _running(behind: WriteBehind) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(behind.run())
        yield
        task.cancel()


def _note(behind: WriteBehind, *calls: str) -> None:
    for call in calls:
        for fact in served_call(call):
            behind.note(fact)


async def test_facts_reach_the_database_in_batches(tmp_path: Path) -> None:
    records = WatchedRecords()
    behind = _behind(records, tmp_path)
    async with _running(behind):
        _note(behind, "a", "b")
        await asyncio.sleep(SETTLED_S)
        assert await records.holds("a", "b")
    assert max(records.batches) == SETTINGS.batch_facts
    assert (behind.state.lost, behind.state.spooled_bytes) == (0, 0)


async def test_a_lone_fact_waits_for_company_no_longer_than_the_linger(tmp_path: Path) -> None:
    records = WatchedRecords()
    behind = _behind(records, tmp_path)
    async with _running(behind):
        await asyncio.sleep(5)
        behind.note(served_call()[0])
        await asyncio.sleep(SETTINGS.linger_s + 0.01)
        assert records.batches == [1]


async def test_an_outage_loses_nothing_and_is_seen(tmp_path: Path) -> None:
    records = WatchedRecords()
    behind = _behind(records, tmp_path)
    async with _running(behind):
        _note(behind, "before")
        await asyncio.sleep(SETTLED_S)
        records.away = True
        _note(behind, "first")
        await asyncio.sleep(SETTLED_S)
        assert "away" in behind.state.fault
        assert behind.state.spooled_bytes > 0
        _note(behind, "second")
        await asyncio.sleep(SETTLED_S)
        records.away = False
        _note(behind, "third")
        await asyncio.sleep(SETTLED_S)
        assert await records.holds("before", "first", "second", "third")
        state = behind.state
    assert (state.waiting, state.spooled_bytes, state.lost, state.fault) == (0, 0, 0, "")


async def test_the_database_is_asked_less_and_less_often_while_it_is_away(tmp_path: Path) -> None:
    asked: list[float] = []

    class Away(WatchedRecords):
        async def append(self, facts: Sequence[AnyFact]) -> None:
            asked.append(asyncio.get_running_loop().time())
            await super().append(facts)

    records = Away()
    records.away = True
    behind = _behind(records, tmp_path)
    async with _running(behind):
        _note(behind, "a")
        await asyncio.sleep(100)
    pauses = [round(b - a, 3) for a, b in pairwise(asked)]
    assert pauses[:7] == [0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]


async def test_what_was_spooled_by_a_process_that_died_is_written_by_the_next(
    tmp_path: Path,
) -> None:
    Spool(tmp_path / "spool", limit_bytes=1_000_000).extend(served_call("left"))
    records = WatchedRecords()
    async with _running(_behind(records, tmp_path)):
        await asyncio.sleep(SETTLED_S)
        assert await records.holds("left")


@pytest.mark.parametrize("away", [False, True])
async def test_what_the_journal_recovered_is_let_go_of_only_when_it_is_safe(
    tmp_path: Path, away: bool
) -> None:
    records = WatchedRecords()
    records.away = away
    released: list[bool] = []
    recovered = Recovered(facts=served_call("old"), release=lambda: released.append(True))
    behind = _behind(records, tmp_path, recovered)
    assert not behind.all_safe
    async with _running(behind):
        await asyncio.sleep(SETTLED_S)
        assert released == [True]
        records.away = False
        await asyncio.sleep(SETTLED_S)
        assert await records.holds("old")


async def test_a_large_recovery_leaves_room_for_calls_that_go_on(tmp_path: Path) -> None:
    records = WatchedRecords()
    old = [fact for number in range(20) for fact in served_call(f"old-{number}")]
    behind = _behind(records, tmp_path, Recovered(facts=old))
    async with _running(behind):
        _note(behind, "new")
        await asyncio.sleep(SETTLED_S)
        assert await records.holds("new", *(f"old-{number}" for number in range(20)))
    assert behind.state.lost == 0


async def test_more_than_memory_may_hold_is_lost_and_counted(tmp_path: Path) -> None:
    behind = _behind(WatchedRecords(), tmp_path)
    for _ in range(6):
        _note(behind, "a")
    assert behind.state.waiting == SETTINGS.waiting_facts
    assert behind.state.lost == 6 * len(served_call()) - SETTINGS.waiting_facts


@pytest.mark.parametrize("stumbles", [False, True])
async def test_one_fact_that_is_never_taken_does_not_hold_up_the_others(
    tmp_path: Path, stumbles: bool
) -> None:
    records = WatchedRecords()
    records.refused, records.stumbles = served_call("bad")[4], stumbles
    behind = _behind(records, tmp_path)
    async with _running(behind):
        _note(behind, "good", "bad", "fine")
        await asyncio.sleep(SETTLED_S)
        assert await records.holds("good", "fine")
    assert behind.state.lost == 1
    timeline = await records.timeline(CallId("bad"))
    assert timeline is not None
    assert len(timeline.facts) == len(served_call()) - 1


async def test_stopping_writes_what_still_waits(tmp_path: Path) -> None:
    records = WatchedRecords()
    behind = _behind(records, tmp_path)
    async with _running(behind):
        await asyncio.sleep(1)
        _note(behind, "last", "words")
    assert await records.holds("last", "words")
    assert behind.all_safe


async def test_stopping_while_the_database_is_away_spools_what_still_waits(
    tmp_path: Path,
) -> None:
    records = WatchedRecords()
    records.away = True
    behind = _behind(records, tmp_path)
    async with _running(behind):
        await asyncio.sleep(1)
        _note(behind, "last")
    assert behind.all_safe
    spooled = Spool(tmp_path / "spool", limit_bytes=1_000_000).peek(100)
    assert spooled == served_call("last")


async def test_stopping_while_the_database_hangs_ends_in_time_and_spools(tmp_path: Path) -> None:
    class Hanging(WatchedRecords):
        async def append(self, facts: Sequence[AnyFact]) -> None:
            await asyncio.Event().wait()

    behind = _behind(Hanging(), tmp_path)
    before = asyncio.get_running_loop().time()
    async with _running(behind):
        _note(behind, "last")
        await asyncio.sleep(1)
    assert asyncio.get_running_loop().time() - before <= 1 + SETTINGS.deadline_s
    assert Spool(tmp_path / "spool", limit_bytes=1_000_000).peek(100) == served_call("last")


async def test_while_the_disk_is_full_as_well_what_waits_stays_in_memory(tmp_path: Path) -> None:
    records, disk = WatchedRecords(), tmp_path / "disk"
    records.away = True
    disk.write_text("full")
    released: list[bool] = []
    recovered = Recovered(facts=served_call("old"), release=lambda: released.append(True))
    behind = _behind(records, disk, recovered)
    async with _running(behind):
        _note(behind, "new")
        await asyncio.sleep(SETTLED_S)
        assert (behind.all_safe, behind.state.lost, released) == (False, 0, [])
        records.away = False
        await asyncio.sleep(SETTLED_S)
        assert await records.holds("old", "new")
    assert (behind.all_safe, released) == (True, [True])


async def test_what_cannot_be_spooled_at_the_end_is_left_to_the_journal(tmp_path: Path) -> None:
    records, disk = WatchedRecords(), tmp_path / "disk"
    records.away = True
    disk.write_text("full")
    behind = _behind(records, disk)
    async with _running(behind):
        await asyncio.sleep(1)
        _note(behind, "last")
    assert not behind.all_safe


_STEP = st.tuples(st.sampled_from(["note", "wait", "away", "back", "restart"]), st.integers(0, 9))


@given(steps=st.lists(_STEP, max_size=25))
async def test_whatever_happens_in_between_every_fact_arrives_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    folder, records = tmp_path_factory.mktemp("any"), WatchedRecords()
    roomy = SETTINGS.model_copy(update={"waiting_facts": 1000})
    noted: set[str] = set()
    pending = iter([*steps, ("back", 0), ("end", 0)])
    ended = False
    while not ended:
        behind = _behind(records, folder, settings=roomy)
        async with _running(behind):
            for step, number in pending:
                with contextlib.suppress(KeyError):
                    records.away = {"away": True, "back": False}[step]
                if step == "note":
                    _note(behind, f"c-{number}")
                    noted.add(f"c-{number}")
                elif step == "wait":
                    await asyncio.sleep(number)
                elif step in ("restart", "end"):
                    ended = step == "end"
                    await asyncio.sleep(SETTLED_S if ended else 0)
                    break
        assert behind.state.lost == 0
    assert await records.holds(*noted)
