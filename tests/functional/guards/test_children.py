"""A child process: it may open many files, is killed when stubborn, and its words are kept."""

import os
import resource
import signal
import sys
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


_PRINT_SLICE = """
import ctypes, struct
attributes = ctypes.create_string_buffer(56)
numbers = {"x86_64": 315, "aarch64": 275}
get = numbers[__import__("os").uname().machine]
assert ctypes.CDLL(None).syscall(get, 0, attributes, 56, 0) == 0
print(struct.unpack_from("=Q", attributes, 24)[0])
"""


async def test_a_child_runs_in_short_slices_where_the_kernel_knows_of_them(tmp_path: Path) -> None:
    argv = (sys.executable, "-c", _PRINT_SLICE)
    child = Child(ChildSpec(name="child", argv=argv, log=tmp_path / "log", stop_timeout_s=0.3))
    await child.start()
    ended = await child.wait()
    assert ended.code == 0, child.log_tail()
    kernel = tuple(int(part) for part in os.uname().release.split(".")[:2])
    assert int(child.log_tail()) == (100_000 if kernel >= (6, 12) else 0)


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
