"""Facts on their whole way, journal and all, through a dead database and a dead engine."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ivrengine.calls.facts import Timeline
from ivrengine.calls.journal_file import JournalFile
from ivrengine.calls.ports import CallRecords
from ivrengine.storage.database import CALLS_FILE
from ivrengine.storage.opening import open_storage
from ivrengine.storage.spool import Spool
from ivrengine.storage.write_behind import Recovered, WriteBehind
from ivrengine.values import CallId
from tests.kit.databases import Place
from tests.kit.facts import served_call

pytestmark = pytest.mark.contract

ROOT = Path(__file__).parents[3]

DIES = """
import asyncio, os, signal, sys
from pathlib import Path
from ivrengine.calls.journal_file import JournalFile
from ivrengine.calls.ports import CallRecords
from ivrengine.storage.opening import open_storage
from ivrengine.storage.settings import StorageSettings
from ivrengine.storage.spool import Spool
from ivrengine.storage.write_behind import WriteBehind
from tests.kit.facts import served_call

async def main(folder):
    settings = StorageSettings(url=sys.argv[2], linger_s=0.02)
    storage = await open_storage(settings, folder)
    journal = JournalFile(folder / "journal")
    behind = WriteBehind(
        storage.records, Spool(folder / "spool", limit_bytes=10**6), settings=settings
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(behind.run())
        for number in range(int(sys.argv[3])):
            whole = served_call(f"c-{number}")
            for fact in whole if number else whole[:8]:
                journal.append(fact)
                behind.note(fact)
            await asyncio.sleep(0.01)
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main(Path(sys.argv[1])))
"""

CALLS = 30


async def test_an_engine_killed_in_full_flight_loses_no_fact(place: Place) -> None:
    url = place.settings.url.get_secret_value()
    died = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", DIES, str(place.folder), url, str(CALLS)],
        cwd=ROOT,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL

    journal = JournalFile(place.folder / "journal")
    assert [timeline.call for timeline in journal.unfinished()] == ["c-0"]
    storage = await open_storage(place.settings, place.folder)
    recovered = Recovered(facts=journal.recovered(), release=journal.release_recovered)
    behind = _behind(place, storage.records, recovered)
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        writing = group.create_task(behind.run())
        await until(lambda: behind.all_safe)
        writing.cancel()

    for number in range(CALLS):
        whole = served_call(f"c-{number}")
        expected = whole if number else whole[:8]
        timeline = await storage.records.timeline(CallId(f"c-{number}"))
        assert timeline == Timeline(call=CallId(f"c-{number}"), facts=expected)
    assert list(journal.recovered()) == []
    assert [timeline.call for timeline in JournalFile(place.folder / "journal").unfinished()] == [
        "c-0"
    ]
    await storage.close()


async def test_facts_noted_while_the_database_is_dead_are_in_it_when_it_is_back(
    place: Place,
) -> None:
    storage = await open_storage(place.settings, place.folder)
    behind = _behind(place, storage.records)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        writing = group.create_task(behind.run())
        _note(behind, "before")
        await until(lambda: not behind.state.waiting)
        with place.away(CALLS_FILE):
            _note(behind, "meanwhile")
            await until(lambda: behind.state.spooled_bytes > 0)
        _note(behind, "after")
        await until(lambda: not behind.state.spooled_bytes and not behind.state.waiting)
        writing.cancel()
    for call in ("before", "meanwhile", "after"):
        timeline = await storage.records.timeline(CallId(call))
        assert timeline == Timeline(call=CallId(call), facts=served_call(call))
    assert behind.state.lost == 0
    await storage.close()


def _behind(place: Place, records: CallRecords, recovered: Recovered | None = None) -> WriteBehind:
    settings = place.settings.model_copy(update={"retry_longest_s": 0.5})
    spool = Spool(place.folder / "spool", limit_bytes=1_000_000)
    return WriteBehind(records, spool, settings=settings, recovered=recovered)


async def until(settled: Callable[[], bool]) -> None:
    """Waits for what other processes bring about; the test's own deadline ends it."""
    while not settled():  # noqa: ASYNC110
        await asyncio.sleep(0.02)


def _note(behind: WriteBehind, call: str) -> None:
    for fact in served_call(call):
        behind.note(fact)
