"""A crash, Ctrl-C and a murdered supervisor: each ends as promised, with no strays."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivrengine.softswitch.local import asterisk
from ivrengine.softswitch.local.supervisor import (
    News,
    PartEnded,
    PartStarted,
)
from tests.functional.guards.guarded import comes_true
from tests.functional.guards.watched import WITHIN_S, supervised
from tests.kit.ports import Ports, free_ports
from tests.kit.processes import processes_of

pytestmark = pytest.mark.functional


@pytest.fixture
def ports() -> Ports:
    return free_ports()


def _runs_again(news: News) -> bool:
    return news == PartStarted(name="asterisk", again=True)


async def test_a_killed_asterisk_runs_again(tmp_path: Path) -> None:
    async with supervised(tmp_path) as watched:
        killed = watched.switch.pid
        os.kill(killed, signal.SIGKILL)
        await watched.tells(_runs_again)
        assert watched.switch.pid != killed
        assert await watched.switch.is_answering()
    ends = [news.ended.describe() for news in watched.news if isinstance(news, PartEnded)]
    assert ends == ["asterisk was ended by SIGKILL", "asterisk stopped"]


async def test_a_log_that_grows_too_large_is_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asterisk, "_LOOK_AT_LOGS_EVERY_S", 0.1)
    async with supervised(tmp_path) as watched:
        messages = watched.switch.paths.messages
        with messages.open("a", encoding="utf-8") as log:
            log.write("a line that a scanner caused\n" * 40_000)
        older = messages.with_name("messages.1")
        await comes_true(lambda: older.exists() and messages.exists())
        assert "scanner" in older.read_text(encoding="utf-8")
        assert "scanner" not in messages.read_text(encoding="utf-8")


@contextlib.contextmanager
def _on_the_command_line(state_dir: Path, ports: Ports) -> Iterator[subprocess.Popen[str]]:
    chosen = {
        "IVRENGINE_STATE_DIR": str(state_dir),
        "IVRENGINE_SOFTSWITCH__SIP_PORT": str(ports.sip),
        "IVRENGINE_SOFTSWITCH__HTTP_PORT": str(ports.asterisk_http),
        "IVRENGINE_SOFTSWITCH__EVENTS_PORT": str(ports.events),
        "IVRENGINE_SOFTSWITCH__AMI_PORT": str(ports.ami),
        "IVRENGINE_SOFTSWITCH__RTP_FIRST_PORT": str(ports.rtp_first),
        "IVRENGINE_SOFTSWITCH__RTP_LAST_PORT": str(ports.rtp_last),
        "PYTHONUNBUFFERED": "1",
    }
    command = [str(Path(sys.executable).with_name("ivrengine")), "softswitch", "start"]
    with subprocess.Popen(
        command,
        env={**os.environ, **chosen},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def _reads_until(running: subprocess.Popen[str], wanted: str) -> str:
    assert running.stdout is not None
    said = ""
    for line in running.stdout:
        said += line
        if wanted in line:
            break
    return said


def _gone(state_dir: Path) -> bool:
    deadline = time.monotonic() + WITHIN_S
    while processes_of("IVRENGINE_STATE_DIR", str(state_dir)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_interrupting_the_supervisor_ends_everything_and_succeeds(
    tmp_path: Path, ports: Ports
) -> None:
    with _on_the_command_line(tmp_path, ports) as running:
        assert "asterisk runs" in _reads_until(running, "asterisk runs")
        assert len(processes_of("IVRENGINE_STATE_DIR", str(tmp_path))) >= 2
        running.send_signal(signal.SIGINT)
        said, _ = running.communicate(timeout=WITHIN_S)
        assert "asterisk stopped" in said
        assert running.returncode == 0
    assert _gone(tmp_path)


def test_asterisk_does_not_outlive_a_murdered_supervisor(tmp_path: Path, ports: Ports) -> None:
    with _on_the_command_line(tmp_path, ports) as running:
        assert "asterisk runs" in _reads_until(running, "asterisk runs")
        running.kill()
        running.wait(timeout=WITHIN_S)
        assert _gone(tmp_path)


def test_a_taken_port_is_told_with_its_holder_and_setting(tmp_path: Path, ports: Ports) -> None:
    with _on_the_command_line(tmp_path / "first", ports) as first:
        assert "asterisk runs" in _reads_until(first, "asterisk runs")
        with _on_the_command_line(tmp_path / "second", ports) as second:
            said, _ = second.communicate(timeout=WITHIN_S)
        told = " ".join(said.split())
        assert second.returncode == 1
        assert f"127.0.0.1:{ports.sip}/udp is taken by process" in told
        assert "IVRENGINE_SOFTSWITCH__SIP_PORT" in told
    assert _gone(tmp_path / "second")
