"""The database is locked while calls are served: callers notice nothing, or are told."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functional.conftest import NewCaller
from tests.kit.instance import Instance
from tests.kit.records import record_of
from tests.kit.walks import comes_to_the_menu

pytestmark = [pytest.mark.functional, pytest.mark.timeout(90)]


@contextlib.contextmanager
def locked(database: Path) -> Iterator[None]:
    """Holds the database as a writer that never finishes."""
    connection = sqlite3.connect(database, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")
    finally:
        connection.close()


async def test_records_of_calls_come_late_but_whole(
    instance: Instance, new_caller: NewCaller
) -> None:
    caller = await new_caller("13900000091")
    mark = instance.log.mark()
    with locked(instance.state_dir / "calls.sqlite"):
        await comes_to_the_menu(caller)
        away = await instance.log.tells("database_away", since=mark, within_s=15)
        assert away["level"] == "error"
        await caller.presses("11600519")
        await caller.hears("quotes.last", language="zh", within_s=15)
        await caller.hangs_up()
    await instance.log.tells("database_back", since=mark, within_s=20)
    record = await record_of(instance.api, caller.phone.settings.user, within_s=20)
    assert record.kinds[0] == "call-admitted"
    assert record.kinds[-1] == "call-ended"
    assert "service-asked" in record.kinds


async def test_a_message_that_cannot_be_kept_is_told_and_a_person_offered(
    instance: Instance, new_caller: NewCaller
) -> None:
    caller = await new_caller("13900000095")
    await comes_to_the_menu(caller)
    await caller.presses("43")
    await caller.hears("tone.beep")
    caller.hums(700)
    await caller.waits(2.0)
    await caller.presses("#")
    await caller.hears("mailbox.review", language="zh")
    with locked(instance.state_dir / "ledger.sqlite"):
        await caller.presses("1")
        await caller.hears("mailbox.not_kept", language="zh", within_s=15, to_the_end=True)
        await caller.hears("common.offer_person", language="zh")
    await caller.hangs_up()
