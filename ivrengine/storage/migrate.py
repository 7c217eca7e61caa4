"""Brings a database to the tables that this program knows, at every start."""

import asyncio
from enum import StrEnum
from pathlib import Path
from weakref import WeakKeyDictionary

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, text

from ivrengine.errors import StorageError
from ivrengine.storage.database import Database
from ivrengine.storage.tables import calls_metadata, ledger_metadata

_LOCK_KEY = 0x49565231
"""Any number that no other program locks: two engines that start at once migrate in turn."""


class TableGroup(StrEnum):
    """A group of tables with a history of its own."""

    CALLS = "calls"
    LEDGER = "ledger"

    @property
    def metadata(self) -> MetaData:
        """The tables as they are to be."""
        return calls_metadata if self is TableGroup.CALLS else ledger_metadata

    @property
    def version_table(self) -> str:
        """Where Alembic notes how far this group has come."""
        return f"alembic_version_{self.value}"


async def migrate(database: Database, group: TableGroup, *, deadline_s: float) -> None:
    """Apply every migration of ``group`` that is missing, all or none.

    Raises:
        DatabaseAway: nothing was altered; it may work later.
        StorageError: nothing was altered; the database is newer than this program, or refuses us.
    """
    async with database.upgrading(deadline_s=deadline_s) as connection:
        if database.dialect == "postgresql":
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK_KEY})"))
        try:
            async with _alembic_turn():
                await connection.run_sync(_upgrade, group)
        except CommandError as fault:
            raise StorageError(
                f"the {group} tables cannot be brought up to date: {fault}",
                remedy="this database was written by a newer version: start that one",
            ) from fault


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


def _alembic_turn() -> asyncio.Lock:
    """Return the lock under which Alembic runs: it keeps the migration under way in globals."""
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Lock())


def _upgrade(connection: Connection, group: TableGroup) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations" / group))
    config.attributes["connection"] = connection
    config.attributes["group"] = group
    command.upgrade(config, "head")
