"""Everything that is stored, opened at once: the one call that a start needs."""

from dataclasses import dataclass
from pathlib import Path

from ivrengine.storage.database import Database, open_calls, open_ledger
from ivrengine.storage.migrate import TableGroup, migrate
from ivrengine.storage.ratings import SqlRatings
from ivrengine.storage.records import SqlCallRecords
from ivrengine.storage.settings import StorageSettings
from ivrengine.storage.tickets import SqlTickets


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """The stores, behind the ports of those who use them."""

    records: SqlCallRecords
    tickets: SqlTickets
    ratings: SqlRatings
    databases: tuple[Database, ...]

    async def close(self) -> None:
        """Close every connection; what was committed stays."""
        for database in self.databases:
            await database.close()


async def open_storage(settings: StorageSettings, state_dir: Path) -> Storage:
    """Open the databases and bring their tables up to date.

    Raises:
        ConfigError: the address of the database cannot be read.
        StorageError: a database is away, or newer than this program.
    """
    calls, ledger = open_calls(settings, state_dir), open_ledger(settings, state_dir)
    try:
        await migrate(calls, TableGroup.CALLS)
        await migrate(ledger, TableGroup.LEDGER)
    except BaseException:
        await calls.close()
        await ledger.close()
        raise
    return Storage(
        records=SqlCallRecords(calls),
        tickets=SqlTickets(ledger),
        ratings=SqlRatings(ledger),
        databases=(calls, ledger),
    )
