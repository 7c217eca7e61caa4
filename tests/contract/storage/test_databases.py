import asyncio
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import SecretStr
from sqlalchemy import Connection, Double, select, text

from ivrengine.errors import ConfigError, StorageError
from ivrengine.services.ratings.model import Rating
from ivrengine.storage.database import (
    CALLS_FILE,
    LEDGER_FILE,
    Database,
    DatabaseAway,
    RecordRefused,
    open_calls,
    open_ledger,
)
from ivrengine.storage.migrate import TableGroup, migrate
from ivrengine.storage.opening import Storage, open_storage
from ivrengine.storage.settings import StorageSettings
from ivrengine.storage.sqlite import apply_pragmas
from ivrengine.storage.tables import calls
from ivrengine.values import AgentNumber, CallId
from tests.kit.databases import Place
from tests.kit.postgres import PostgresServer

pytestmark = pytest.mark.contract

MIGRATED_WITHIN_S = 60.0

RATING = Rating(call=CallId("c"), agent=AgentNumber("8001"), score=5, rated_at=1.0)


@pytest.mark.parametrize("group", list(TableGroup))
async def test_the_migrations_end_in_the_tables_that_the_program_uses(
    place: Place, group: TableGroup
) -> None:
    database = open_calls(place.settings, place.folder)
    await migrate(database, group, deadline_s=MIGRATED_WITHIN_S)

    def differences(connection: Connection) -> list[object]:
        known = {*group.metadata.tables, group.version_table}
        context = MigrationContext.configure(
            connection,
            opts={"version_table": group.version_table, "include_name": _only(known)},
        )
        return list(compare_metadata(context, group.metadata))

    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []
    await database.close()


def _only(known: set[str]):  # type: ignore[no-untyped-def]
    return lambda name, kind, _: kind != "table" or name in known


async def test_two_programs_that_start_at_once_migrate_in_turn(place: Place) -> None:
    async with asyncio.TaskGroup() as group:
        starts = [group.create_task(open_storage(place.settings, place.folder)) for _ in range(3)]
    for start in starts:
        storage = start.result()
        assert all(each.is_up_to_date for each in storage.databases.values())
        await storage.close()


async def test_both_groups_may_be_migrated_at_once(place: Place) -> None:
    for number in range(10):
        folder = place.folder / str(number)
        calls, ledger = open_calls(place.settings, folder), open_ledger(place.settings, folder)
        async with asyncio.TaskGroup() as both:
            for database, group in ((calls, TableGroup.CALLS), (ledger, TableGroup.LEDGER)):
                both.create_task(migrate(database, group, deadline_s=MIGRATED_WITHIN_S))
        assert calls.is_up_to_date
        assert ledger.is_up_to_date
        await calls.close()
        await ledger.close()


async def test_calls_of_before_directions_were_kept_are_told_apart(place: Place) -> None:
    database = open_calls(place.settings, place.folder)
    await migrate(database, TableGroup.CALLS, deadline_s=MIGRATED_WITHIN_S)
    before = {"came": "ordinary", "went": "outgoing"}
    async with database.writing() as connection:
        await connection.execute(text("ALTER TABLE calls DROP COLUMN outgoing"))
        await connection.execute(text("UPDATE alembic_version_calls SET version_num = '0002'"))
        old = [each for each in calls.columns if each.name != "outgoing"]
        row = {each.name: 0.0 if isinstance(each.type, Double) else "" for each in old}
        rows = [{**row, "call_id": call, "caller_class": kind} for call, kind in before.items()]
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        await connection.execute(text(f"INSERT INTO calls ({names}) VALUES ({values})"), rows)
    await migrate(database, TableGroup.CALLS, deadline_s=MIGRATED_WITHIN_S)
    async with database.reading() as connection:
        found = await connection.execute(select(calls.c.call_id, calls.c.outgoing))
        assert {row.call_id: row.outgoing for row in found} == {"came": False, "went": True}
    await database.close()


async def test_a_database_of_a_newer_program_is_left_alone(place: Place) -> None:
    first = open_calls(place.settings, place.folder)
    await migrate(first, TableGroup.CALLS, deadline_s=MIGRATED_WITHIN_S)
    async with first.writing() as connection:
        await connection.execute(text("UPDATE alembic_version_calls SET version_num = '9999'"))
    with pytest.raises(StorageError, match="up to date") as caught:
        await migrate(first, TableGroup.CALLS, deadline_s=MIGRATED_WITHIN_S)
    assert "newer version" in caught.value.remedy
    await first.close()


async def test_a_migration_that_fails_leaves_nothing_behind(place: Place) -> None:
    database = open_calls(place.settings, place.folder)
    async with database.upgrading(deadline_s=MIGRATED_WITHIN_S) as connection:
        await connection.execute(text("CREATE TABLE calls (mine INTEGER)"))
    with pytest.raises(StorageError):
        await migrate(database, TableGroup.CALLS, deadline_s=MIGRATED_WITHIN_S)
    async with database.upgrading(deadline_s=MIGRATED_WITHIN_S) as connection:
        await connection.execute(text("DROP TABLE calls"))
    await migrate(database, TableGroup.CALLS, deadline_s=MIGRATED_WITHIN_S)
    await database.close()


async def test_a_transaction_that_fails_half_way_leaves_nothing(storage: Storage) -> None:
    ledger = storage.databases[TableGroup.LEDGER]
    row = "INSERT INTO ratings (call_id, agent, score, rated_at) VALUES ('c', '8001', 5, 1.0)"

    async def keep_twice() -> None:
        async with ledger.writing() as connection:
            await connection.execute(text(row))
            await connection.execute(text(row))

    with pytest.raises(RecordRefused):
        await keep_twice()
    assert list(await storage.ratings.since(0.0)) == []


async def test_a_slow_transaction_ends_at_its_deadline(storage: Storage) -> None:
    ledger = storage.databases[TableGroup.LEDGER]
    await storage.ratings.add(RATING)

    async def stall() -> None:
        async with ledger.writing(deadline_s=0.05) as connection:
            await connection.execute(text("DELETE FROM ratings"))
            await asyncio.Event().wait()

    with pytest.raises(StorageError, match=r"within 0\.05 s"):
        await stall()
    assert list(await storage.ratings.since(0.0)) == [RATING]


async def test_readers_do_not_wait_for_a_writer(storage: Storage) -> None:
    await storage.ratings.add(RATING)
    async with storage.databases[TableGroup.LEDGER].writing() as connection:
        await connection.execute(text("DELETE FROM ratings"))
        assert list(await storage.ratings.since(0.0)) == [RATING]


async def test_a_fault_tells_no_values(storage: Storage) -> None:
    with pytest.raises(StorageError) as caught:
        async with storage.databases[TableGroup.LEDGER].writing() as connection:
            await connection.execute(text("SELECT :secret FROM nowhere"), {"secret": "111222"})
    assert "111222" not in str(caught.value)
    assert "nowhere" in str(caught.value)


async def _pragma(database: Database, name: str) -> object:
    async with database.reading() as connection:
        return (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()


async def test_the_ledger_flushes_every_commit_and_the_record_of_calls_need_not(
    tmp_path: Path,
) -> None:
    storage = await open_storage(StorageSettings(), tmp_path)
    for group, synchronous in ((TableGroup.LEDGER, 2), (TableGroup.CALLS, 1)):
        database = storage.databases[group]
        assert await _pragma(database, "journal_mode") == "wal"
        assert await _pragma(database, "synchronous") == synchronous
        assert await _pragma(database, "foreign_keys") == 1
        assert await _pragma(database, "busy_timeout") == 2000
    await storage.close()


async def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    storage = await open_storage(StorageSettings(), tmp_path / "state")
    for name in (LEDGER_FILE, CALLS_FILE):
        mode = (tmp_path / "state" / name).stat().st_mode
        assert stat.S_IMODE(mode) == 0o600
    await storage.close()


def test_a_database_that_cannot_have_a_write_ahead_log_is_refused() -> None:
    """SQLite refuses by answering the mode that it stays in, as it does on a network disk."""
    with closing(sqlite3.connect(":memory:")) as connection:
        with pytest.raises(StorageError, match="refused journal_mode=wal: it is memory") as caught:
            apply_pragmas(connection, {"journal_mode": "wal", "busy_timeout": 100})
        assert "local disk" in caught.value.remedy


async def test_postgresql_waits_for_its_standbys_where_the_caller_was_promised_it(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    settings = StorageSettings(url=SecretStr(postgres.url("postgres")))
    for database, level in (
        (open_ledger(settings, tmp_path), "on"),
        (open_calls(settings, tmp_path), "local"),
    ):
        async with database.upgrading(deadline_s=MIGRATED_WITHIN_S) as connection:
            shown = await connection.execute(text("SHOW synchronous_commit"))
            assert shown.scalar_one() == level
        await database.close()


async def test_a_state_folder_that_cannot_be_made_is_told_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError) as caught:
        await open_storage(StorageSettings(), tmp_path / "file" / "state")
    assert caught.value.remedy


@pytest.mark.parametrize("url", ["mysql://root:geheim@db/ivr", "::geheim::", "geheim"])
async def test_an_address_that_is_none_is_refused_without_telling_it(
    tmp_path: Path, url: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        await open_storage(StorageSettings(url=SecretStr(url)), tmp_path)
    assert "geheim" not in str(caught.value)
    assert caught.value.remedy


async def test_a_database_that_refuses_us_is_told_at_the_start(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    settings = StorageSettings(url=SecretStr(postgres.url("never-made")))
    with pytest.raises(StorageError, match="never-made"):
        await open_storage(settings, tmp_path)


async def test_what_is_away_at_the_start_is_caught_up_with_when_it_is_there(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    postgres.create("late")
    settings = StorageSettings(
        url=SecretStr(postgres.url("late")), retry_first_s=0.05, retry_longest_s=0.1
    )
    with Place(settings, tmp_path, postgres).away(LEDGER_FILE):
        storage = await open_storage(settings, tmp_path)
        with pytest.raises(DatabaseAway):
            await storage.ratings.add(RATING)
        with pytest.raises(DatabaseAway):
            await storage.records.summaries(since=0.0, number="", limit=1)
    async with asyncio.timeout(30):
        await storage.catch_up()
    await storage.ratings.add(RATING)
    assert list(await storage.ratings.since(0.0)) == [RATING]
    assert list(await storage.records.summaries(since=0.0, number="", limit=1)) == []
    await storage.close()


async def test_a_server_that_stands_still_is_not_waited_for_at_the_end(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    postgres.create("still")
    settings = StorageSettings(url=SecretStr(postgres.url("still")))
    storage = await open_storage(settings, tmp_path)
    with postgres.standing_still():
        async with asyncio.timeout(10):
            await storage.close()
