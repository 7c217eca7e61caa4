"""A child with another one that waits for its turn behind it."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from ivrengine.softswitch.local.processes import ChildSpec, Ended
from ivrengine.softswitch.local.relay import Relay
from tests.functional.guards.guarded import comes_true

pytestmark = pytest.mark.functional

SOON_S = 0.05
NOTICED_WITHIN_S = 0.5
NEVER_WITHIN_A_TEST_S = 600.0
LOADS_THEN_WAITS = "echo loaded $$; read told || exit 0; echo begun $$; exec sleep 60"


class Runs:
    """A relay in a folder, and what its children wrote there."""

    def __init__(self, folder: Path, *, next_after_s: float | None) -> None:
        self.before = folder / "child.out.1"
        self.waiting = folder / "child.waiting.out"
        spec = ChildSpec(
            name="child",
            argv=("/bin/sh", "-c", LOADS_THEN_WAITS),
            log=folder / "child.out",
            stop_timeout_s=1.0,
            waits=True,
        )
        self.relay = Relay(spec, next_after_s=next_after_s)

    @asynccontextmanager
    async def up(self) -> AsyncIterator[None]:
        """Starts another run and waits for it as a supervisor does; in the end it is killed."""
        await self.relay.start()
        await comes_true(lambda: f"begun {self.relay.pid}" in self.relay.log_tail())
        async with asyncio.TaskGroup() as scope:
            down = scope.create_task(self.relay.wait())
            yield
            os.kill(self.relay.pid, signal.SIGKILL)
            assert await down == Ended(name="child", code=-signal.SIGKILL, asked=False)

    async def next_one(self) -> int:
        """Waits until another one is loaded; returns its pid."""
        await comes_true(lambda: "loaded" in self._said_by_next())
        return int(self._said_by_next().split()[1])

    def _said_by_next(self) -> str:
        return self.waiting.read_text() if self.waiting.exists() else ""


async def test_whoever_waits_takes_over_and_has_loaded_everything_by_then(tmp_path: Path) -> None:
    runs = Runs(tmp_path, next_after_s=SOON_S)
    async with runs.up():
        first, second = runs.relay.pid, await runs.next_one()
        assert first != second
        assert "begun" not in runs.waiting.read_text()
    async with runs.up():
        assert runs.relay.pid == second
        assert f"begun {first}" in runs.before.read_text()
        assert await runs.next_one() not in (first, second)
    await runs.relay.stop()


async def test_nobody_waits_where_that_is_not_wanted(tmp_path: Path) -> None:
    runs = Runs(tmp_path, next_after_s=None)
    for _ in range(2):
        async with runs.up():
            await asyncio.sleep(4 * SOON_S)
            assert not runs.waiting.exists()


async def test_one_that_died_while_it_waited_is_not_missed(tmp_path: Path) -> None:
    runs = Runs(tmp_path, next_after_s=SOON_S)
    async with runs.up():
        waited = await runs.next_one()
        os.kill(waited, signal.SIGKILL)
        await comes_true(lambda: not psutil.pid_exists(waited))
        # The thread that saw it end has yet to tell the loop.
        await asyncio.sleep(NOTICED_WITHIN_S)
    async with runs.up():
        assert runs.relay.pid != waited
    await runs.relay.stop()


async def test_one_whose_log_was_cleared_away_takes_over_all_the_same(tmp_path: Path) -> None:
    runs = Runs(tmp_path, next_after_s=SOON_S)
    await runs.relay.start()
    async with asyncio.TaskGroup() as scope:
        down = scope.create_task(runs.relay.wait())
        waits = await runs.next_one()
        runs.waiting.unlink()
        os.kill(runs.relay.pid, signal.SIGKILL)
        await down
    await runs.relay.start()
    assert runs.relay.pid == waits
    await runs.relay.stop()


async def test_whoever_waits_takes_over_from_one_that_was_stopped_for_being_deaf(
    tmp_path: Path,
) -> None:
    runs = Runs(tmp_path, next_after_s=SOON_S)
    await runs.relay.start()
    async with asyncio.TaskGroup() as scope:
        down = scope.create_task(runs.relay.wait())
        waits = await runs.next_one()
        assert (await runs.relay.interrupt()).asked
        await down
    await runs.relay.start()
    assert runs.relay.pid == waits
    await runs.relay.stop()


async def test_a_stop_ends_both(tmp_path: Path) -> None:
    runs = Runs(tmp_path, next_after_s=SOON_S)
    async with runs.up():
        waits = await runs.next_one()
    ended = await runs.relay.stop()
    assert not _lives(waits)
    assert await runs.relay.stop() == ended


async def test_none_is_loaded_behind_one_that_does_not_last(tmp_path: Path) -> None:
    runs = Runs(tmp_path, next_after_s=NEVER_WITHIN_A_TEST_S)
    for _ in range(3):
        async with runs.up():
            pass
    assert not runs.waiting.exists()


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
