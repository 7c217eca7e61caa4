"""Processes are read from the kernel, and may end and come back at any moment."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from ivrengine.load.measures.processes import MachineWatch, ProcessWatch

pytestmark = pytest.mark.unit


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


class Ticks:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_what_a_process_spent_is_told_as_a_share_of_the_time_between_two_readings() -> None:
    ticks = Ticks()
    watch = ProcessWatch(lambda: {"we": [os.getpid()]}, now=ticks)
    assert watch.read(with_pss=False)["we"].cpu_cores is None
    spent_s = sum(os.times()[:2])
    while sum(os.times()[:2]) < spent_s + 0.03:
        pass
    ticks.now += 0.1
    share = watch.read(with_pss=False)["we"].cpu_cores
    assert share is not None
    assert share >= 0.2


def test_processes_of_one_name_are_told_of_together(child: subprocess.Popen[bytes]) -> None:
    both = ProcessWatch(lambda: {"both": [os.getpid(), child.pid]}).read(with_pss=True)["both"]
    alone = ProcessWatch(lambda: {"we": [os.getpid()]}).read(with_pss=True)["we"]
    assert both.pids == (os.getpid(), child.pid)
    assert both.rss_bytes > alone.rss_bytes > 1_000_000
    assert both.pss_bytes is not None
    assert both.pss_bytes > 0
    assert both.descriptors > alone.descriptors > 2
    assert both.threads == alone.threads + 1


def test_a_process_that_was_killed_is_left_out(child: subprocess.Popen[bytes]) -> None:
    watch = ProcessWatch(lambda: {"child": [child.pid], "we": [os.getpid()]})
    assert set(watch.read(with_pss=False)) == {"child", "we"}
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert set(watch.read(with_pss=False)) == {"we"}


def test_whoever_comes_back_under_another_number_begins_anew(
    child: subprocess.Popen[bytes],
) -> None:
    pids = [child.pid]
    ticks = Ticks()
    watch = ProcessWatch(lambda: {"it": list(pids)}, now=ticks)
    watch.read(with_pss=False)
    pids[:] = [os.getpid()]
    ticks.now += 1.0
    use = watch.read(with_pss=False)["it"]
    assert use.pids == (os.getpid(),)
    assert use.cpu_cores is None


def test_the_whole_machine_is_at_least_as_busy_as_we_are() -> None:
    watch = MachineWatch()
    spent_s = sum(os.times()[:2])
    while sum(os.times()[:2]) < spent_s + 0.1:
        pass
    busy = watch.read()
    assert busy is not None
    assert 0.3 < busy.busy <= (os.cpu_count() or 1) + 0.01
    assert 0 <= busy.stolen < busy.busy
