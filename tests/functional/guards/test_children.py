"""A child process: it may open many files, is killed when stubborn, and its words are kept."""

import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ivrengine.softswitch.local.processes import Child, ChildSpec
from tests.functional.guards.guarded import comes_true

pytestmark = pytest.mark.functional

FEW_FILES = 512


@pytest.fixture
def few_files() -> Iterator[int]:
    """Gives this process the small limit that ordinary users begin with; yields the hard one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (FEW_FILES, hard))
    yield hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _shell(script: str, log: Path) -> Child:
    return Child(
        ChildSpec(name="child", argv=("/bin/sh", "-c", script), log=log, stop_timeout_s=0.3)
    )


async def test_a_child_may_open_more_files_than_we(tmp_path: Path, few_files: int) -> None:
    child = _shell("ulimit -n", tmp_path / "log")
    await child.start()
    ended = await child.wait()
    assert ended.code == 0
    assert int(child.log_tail()) == min(few_files, 65536) > FEW_FILES


async def test_a_stubborn_child_is_killed_with_all_of_its_group(tmp_path: Path) -> None:
    child = _shell("trap '' TERM; echo ready; sleep 60 & wait; wait", tmp_path / "log")
    await child.start()
    await comes_true(lambda: "ready" in child.log_tail())
    [grandchild] = psutil.Process(child.pid).children()
    ended = await child.stop()
    assert ended.killed_late
    assert ended.code == -signal.SIGKILL
    assert not child.is_running()
    _, alive = psutil.wait_procs([grandchild], timeout=2.0)
    assert not [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]


async def test_a_child_that_fails_leaves_its_last_words(tmp_path: Path) -> None:
    child = _shell("echo out of paper >&2; exit 7", tmp_path / "log")
    await child.start()
    ended = await child.wait()
    assert ended.describe() == "child ended by itself with exit code 7"
    assert child.log_tail() == "out of paper"
