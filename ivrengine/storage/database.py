"""One database behind one door: transactions with a deadline, and faults translated once.

Whatever the driver, the network or the disk does inside a transaction comes out as
:class:`~ivrengine.errors.StorageError`. When a commit ran into its deadline, nobody knows whether
it was kept: whoever tries again must do so under the same keys. Nothing gets in before its tables
are up to date.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from sqlalchemy import Table, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ivrengine.errors import ConfigError, StorageError
from ivrengine.storage.settings import StorageSettings
from ivrengine.storage.sqlite import open_file

log = structlog.get_logger(__name__)

LEDGER_FILE = "ledger.sqlite"
CALLS_FILE = "calls.sqlite"

_CLOSE_WITHIN_S = 1.0
"""A server that stands still is not waited for at the end."""

_PASSING_STATES = ("08", "53", "57", "58")
"""PostgreSQL's classes of faults that pass by themselves: no connection, too many of them, the
server starts or stops, its disk is full (PostgreSQL 17, appendix A)."""


class DatabaseAway(StorageError):
    """The database does not do its work now, and may do it again later."""


class RecordRefused(StorageError):
    """The database answers, and will never take what it was given: trying again is no use."""


class Database:
    """A database, or one group of tables in it, with its own promise of durability."""

    def __init__(self, engine: AsyncEngine, *, durable: bool, deadline_s: float) -> None:
        """Wrap ``engine``; ``durable`` tells that a commit must survive a power cut."""
        self._engine = engine
        self._durable = durable
        self._deadline_s = deadline_s
        self._turn = asyncio.Lock()
        self._is_up_to_date = False

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @property
    def is_up_to_date(self) -> bool:
        """Whether the tables are those that this program knows, so that it is let in."""
        return self._is_up_to_date

    @asynccontextmanager
    async def upgrading(self, *, deadline_s: float) -> AsyncIterator[AsyncConnection]:
        """Open the transaction that brings the tables up to date; then others are let in.

        Raises:
            StorageError: as :meth:`writing`.
        """
        async with self._transaction(deadline_s) as connection:
            yield connection
        self._is_up_to_date = True

    @asynccontextmanager
    async def writing(self, *, deadline_s: float = 0.0) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that is committed at the end; one at a time.

        Raises:
            StorageError: it was not committed, or at a deadline it is not known whether it was.
        """
        self._let_in()
        async with self._transaction(deadline_s or self._deadline_s) as connection:
            yield connection

    def _let_in(self) -> None:
        if not self._is_up_to_date:
            raise DatabaseAway("the database is away since the start")

    @asynccontextmanager
    async def _transaction(self, deadline_s: float) -> AsyncIterator[AsyncConnection]:
        async with (
            self._translated(deadline_s),
            self._turn,
            self._engine.execution_options(writes=True).begin() as connection,
        ):
            if self.dialect == "postgresql":
                level = "on" if self._durable else "local"
                await connection.execute(text(f"SET LOCAL synchronous_commit = {level}"))
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only reads.

        Raises:
            StorageError: the database did not answer, or not in time.
        """
        self._let_in()
        async with self._translated(self._deadline_s), self._engine.connect() as connection:
            yield connection

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Begin an insertion that can say what to do about a row that is there already."""
        if self.dialect == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)

    async def close(self) -> None:
        """Close all connections, those of a server that stands still without its consent."""
        try:
            async with asyncio.timeout(_CLOSE_WITHIN_S):
                await self._engine.dispose()
        except TimeoutError:
            log.warning("database_not_closed_in_time")

    @asynccontextmanager
    async def _translated(self, deadline_s: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(deadline_s):
                yield
        except TimeoutError as fault:
            raise DatabaseAway(f"the database did not answer within {deadline_s:g} s") from fault
        except (DataError, IntegrityError, UnicodeError) as fault:
            raise RecordRefused(f"the database refused a record: {_first_line(fault)}") from fault
        except (SQLAlchemyError, OSError) as fault:
            kind = DatabaseAway if _may_pass(fault) else StorageError
            raise kind(f"the database failed: {_first_line(fault)}") from fault


def open_ledger(settings: StorageSettings, state_dir: Path) -> Database:
    """Open the database of what must survive a power cut: tickets and ratings."""
    return _open(settings, state_dir / LEDGER_FILE, durable=True)


def open_calls(settings: StorageSettings, state_dir: Path) -> Database:
    """Open the database of the record of calls, which must survive this process."""
    return _open(settings, state_dir / CALLS_FILE, durable=False)


def _open(settings: StorageSettings, file: Path, *, durable: bool) -> Database:
    address = settings.url.get_secret_value()
    if address:
        engine = _postgresql(address, settings.deadline_s)
    else:
        engine = open_file(file, durable=durable, busy_timeout_s=settings.deadline_s)
    return Database(engine, durable=durable, deadline_s=settings.deadline_s)


def _postgresql(address: str, deadline_s: float) -> AsyncEngine:
    try:
        url = make_url(address)
    except SQLAlchemyError:
        # The fault would quote the address, and the password in it.
        raise ConfigError("storage.url cannot be read", remedy=_URL_FORM) from None
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise ConfigError(f"storage.url names {url.get_backend_name()}", remedy=_URL_FORM)
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        pool_size=4,
        max_overflow=4,
        pool_pre_ping=True,
        connect_args={"timeout": deadline_s},
    )


_URL_FORM = "write it as postgresql://user:password@host:port/name, or leave it out for SQLite"


def _may_pass(fault: Exception) -> bool:
    """Tell whether a fault may pass by itself, unlike a wrong password or a missing database."""
    if isinstance(fault, OSError | OperationalError | InterfaceError):
        return True
    state = getattr(fault.orig, "sqlstate", None) if isinstance(fault, DBAPIError) else None
    return isinstance(state, str) and state.startswith(_PASSING_STATES)


def _first_line(fault: Exception) -> str:
    # SQLAlchemy adds the statement and its values below the driver's own words; values stay out
    # of messages and logs.
    cause = getattr(fault, "orig", None) or fault
    return str(cause).partition("\n")[0] or type(cause).__name__
