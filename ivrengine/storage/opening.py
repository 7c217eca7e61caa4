"""Everything that is stored, opened at once: the one call that a start needs.

A database that is away does not keep callers out, not even at the start: what it is asked fails
until it is back and its tables are up to date, and facts of calls wait in the spool.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from ivrengine.errors import StorageError
from ivrengine.storage.database import Database, DatabaseAway, open_calls, open_ledger
from ivrengine.storage.migrate import TableGroup, migrate
from ivrengine.storage.ratings import SqlRatings
from ivrengine.storage.records import SqlCallRecords
from ivrengine.storage.settings import StorageSettings
from ivrengine.storage.tallies import SqlTallies
from ivrengine.storage.tickets import SqlTickets
from ivrengine.storage.wrong_pins import SqlWrongPins

log = structlog.get_logger(__name__)

_AT_START_S = 10.0
"""Longest time that a start waits for a migration; a longer one is begun anew behind the calls."""

_MIGRATION_S = 600.0
"""A migration may have to rewrite years of records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """The stores, behind the ports of those who use them."""

    settings: StorageSettings
    records: SqlCallRecords
    tickets: SqlTickets
    ratings: SqlRatings
    wrong_pins: SqlWrongPins
    tallies: SqlTallies
    databases: Mapping[TableGroup, Database]

    async def catch_up(self) -> None:
        """Bring up to date what was away at the start; returns when nothing is left to do."""
        async with asyncio.TaskGroup() as tasks:
            for group, database in self.databases.items():
                if not database.is_up_to_date:
                    tasks.create_task(self._catch_up(database, group), name=f"migrate-{group}")

    async def _catch_up(self, database: Database, group: TableGroup) -> None:
        pause_s = self.settings.retry_first_s
        while True:
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, self.settings.retry_longest_s)
            try:
                await migrate(database, group, deadline_s=_MIGRATION_S)
            except DatabaseAway as fault:
                log.debug("database_still_away", tables=group, reason=str(fault))
            except StorageError as fault:
                # Calls go on without it; a person has to see to it, and may do so meanwhile.
                log.error("database_unusable", tables=group, reason=str(fault), todo=fault.remedy)
            else:
                log.warning("database_caught_up", tables=group)
                return

    async def close(self) -> None:
        """Close every connection; what was committed stays."""
        async with asyncio.TaskGroup() as tasks:
            for database in self.databases.values():
                tasks.create_task(database.close())


async def open_storage(settings: StorageSettings, state_dir: Path) -> Storage:
    """Open the databases and bring their tables up to date.

    What is away is left for :meth:`Storage.catch_up`.

    Raises:
        ConfigError: the address of the database cannot be read.
        StorageError: a database refuses us, or is newer than this program.
    """
    calls, ledger = open_calls(settings, state_dir), open_ledger(settings, state_dir)
    storage = Storage(
        settings=settings,
        records=SqlCallRecords(calls),
        tickets=SqlTickets(ledger),
        ratings=SqlRatings(ledger),
        wrong_pins=SqlWrongPins(ledger),
        tallies=SqlTallies(calls),
        databases={TableGroup.CALLS: calls, TableGroup.LEDGER: ledger},
    )
    try:
        for group, database in storage.databases.items():
            await _prepare(database, group)
    except BaseException:
        await storage.close()
        raise
    return storage


async def _prepare(database: Database, group: TableGroup) -> None:
    try:
        await migrate(database, group, deadline_s=_AT_START_S)
    except DatabaseAway as fault:
        log.error("database_away_at_start", tables=group, reason=str(fault))
