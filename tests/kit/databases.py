"""Databases for contract tests: one of each kind that is supported, and ways to take it away."""

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from pydantic import SecretStr

from ivrengine.storage.opening import Storage, open_storage
from ivrengine.storage.settings import StorageSettings
from tests.kit.postgres import PostgresServer

KINDS = ("sqlite", "postgresql")

_names = count()


@dataclass(frozen=True)
class Place:
    """Where a database is, and how to take it away for a while."""

    settings: StorageSettings
    folder: Path
    server: PostgresServer | None = None

    def away(self, file: str) -> AbstractContextManager[None]:
        """Nothing can be written: the server is dead, or someone else has locked the file."""
        return _dead(self.server) if self.server else _locked(self.folder / file)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running server, shared by all tests of a session."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


def empty_place(kind: str, folder: Path, request: pytest.FixtureRequest) -> Place:
    """An empty database of ``kind``; a server is started for the first that needs it."""
    if kind == "sqlite":
        return Place(StorageSettings(deadline_s=0.5), folder)
    server: PostgresServer = request.getfixturevalue("postgres")
    name = f"test{next(_names)}"
    server.create(name)
    return Place(StorageSettings(url=SecretStr(server.url(name))), folder, server)


async def opened_at(place: Place) -> Storage:
    """What is stored there, all of it up to date, however slow the disk is at the moment."""
    storage = await open_storage(place.settings, place.folder)
    await storage.catch_up()
    return storage


@contextlib.contextmanager
def _dead(server: PostgresServer) -> Iterator[None]:
    server.crash()
    try:
        yield
    finally:
        server.start()


@contextlib.contextmanager
def _locked(file: Path) -> Iterator[None]:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.close()
