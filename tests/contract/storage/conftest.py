import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ivrengine.calls.ports import CallRecords
from ivrengine.storage.database import CALLS_FILE
from ivrengine.storage.memory import MemoryCallRecords
from ivrengine.storage.opening import Storage
from tests.kit.databases import KINDS, Place, empty_place, opened_at, postgres

__all__ = ["postgres"]


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return empty_place(request.param, tmp_path, request)


@pytest.fixture
async def storage(place: Place) -> AsyncIterator[Storage]:
    opened = await opened_at(place)
    yield opened
    await opened.close()


@dataclass(frozen=True)
class Held:
    """An implementation of ``CallRecords``, and how to take its database away."""

    records: CallRecords
    away: Callable[[], AbstractContextManager[None]]


@pytest.fixture(params=["memory", *KINDS])
async def held(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Held]:
    if request.param == "memory":
        yield _in_memory()
        return
    place = empty_place(request.param, tmp_path, request)
    opened = await opened_at(place)
    yield Held(opened.records, lambda: place.away(CALLS_FILE))
    await opened.close()


@pytest.fixture
def records(held: Held) -> CallRecords:
    return held.records


def _in_memory() -> Held:
    records = MemoryCallRecords()

    @contextlib.contextmanager
    def away() -> Iterator[None]:
        records.away = True
        yield
        records.away = False

    return Held(records, away)
