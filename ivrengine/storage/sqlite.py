"""SQLite as it has to be opened here: write-ahead log, stated durability, explicit transactions.

Its settings belong to a connection and are silently ignored when they cannot be had (a network
file system has no write-ahead log), so each is read back after every opening.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from ivrengine.errors import StorageError

_SYNCHRONOUS = {False: 1, True: 2}
"""NORMAL and FULL. In write-ahead mode NORMAL survives the process, and only FULL a power cut:
https://www.sqlite.org/pragma.html#pragma_synchronous"""


def open_file(path: Path, *, durable: bool, busy_timeout_s: float) -> AsyncEngine:
    """Return an engine for the database in ``path``, which is made when it is not there.

    ``durable`` makes every commit survive a power cut.

    Raises:
        StorageError: the file cannot be made.
    """
    try:
        _make(path)
    except OSError as fault:
        raise StorageError(
            f"the database {path} cannot be made: {fault}",
            remedy="check that the folder is writable and the disk is not full",
        ) from fault
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", pool_size=4, max_overflow=4)
    wanted: dict[str, str | int] = {
        "journal_mode": "wal",
        "synchronous": _SYNCHRONOUS[durable],
        "foreign_keys": 1,
        "busy_timeout": int(busy_timeout_s * 1000),
    }

    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # The driver would otherwise begin transactions itself, and only before some statements.
        connection.isolation_level = None
        apply_pragmas(connection, wanted)

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return
    path.touch(mode=0o600)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def apply_pragmas(connection: DBAPIConnection, wanted: Mapping[str, str | int]) -> None:
    """Set each pragma of ``wanted``, the last first, and read all of them back.

    Raises:
        StorageError: SQLite has kept another value, as it does without a word.
    """
    cursor = connection.cursor()
    try:
        # Waiting comes first: changing the journal's mode needs the file's lock.
        for name, value in reversed(list(wanted.items())):
            cursor.execute(f"PRAGMA {name}={value}")
        for name, value in wanted.items():
            cursor.execute(f"PRAGMA {name}")
            row = cursor.fetchone()
            if row is None or row[0] != value:
                raise StorageError(
                    f"SQLite refused {name}={value}: it is {row[0] if row else 'unknown'}",
                    remedy="keep the state folder on a local disk",
                )
    finally:
        cursor.close()


def _begin(connection: Connection) -> None:
    # A transaction that turns from reading to writing half-way fails when another wrote
    # meanwhile, without any waiting; one that says so at its beginning waits its turn.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
