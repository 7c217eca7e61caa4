"""Finding and freezing an instance's processes, and asking over HTTP, with small real ones."""

import asyncio
import http.server
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.api import Refused, WebApi, asked, bearer
from tests.kit.processes import processes_of
from tests.kit.records import CallRecord

pytestmark = pytest.mark.functional

VARIABLE = "IVRENGINE_TEST_MARK"


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"],
        env={**os.environ, VARIABLE: str(tmp_path)},
    )
    yield process
    process.kill()
    process.wait()


def test_processes_are_found_by_their_environment(
    sleeper: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    [found] = processes_of(VARIABLE, str(tmp_path))
    assert (found.pid, found.parent) == (sleeper.pid, os.getpid())
    assert "time.sleep" in found.command
    assert processes_of(VARIABLE, f"{tmp_path}/other") == []


def test_a_killed_process_is_not_alive(sleeper: subprocess.Popen[bytes], tmp_path: Path) -> None:
    [found] = processes_of(VARIABLE, str(tmp_path))
    assert found.is_alive()
    found.send(signal.SIGKILL)
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)
    assert not found.is_alive()
    assert processes_of(VARIABLE, str(tmp_path)) == []


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.headers.get("Authorization") != "Bearer secret":
            self.send_error(401)
            return
        self.send_response(200)
        self.end_headers()
        text = 'acd_waiting{queue="x"} 2\n' if self.path == "/metrics" else '{"a": [1]}'
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()
        thread.join()


async def test_an_api_is_asked_with_the_token_of_the_moment(server: str, tmp_path: Path) -> None:
    api = WebApi(base=server, authorization=bearer(tmp_path / "token"))
    with pytest.raises(Refused) as refused:
        await asked(lambda: api.get("/x"))
    assert refused.value.status == 401
    await asyncio.to_thread((tmp_path / "token").write_text, "secret\n")
    assert await asked(lambda: api.get("/x")) == {"a": [1]}
    [sample] = await asked(api.metrics)
    assert str(sample) == "acd_waiting{queue=x} 2"


def test_an_api_that_is_not_there_is_refused_without_a_status() -> None:
    with pytest.raises(Refused) as refused:
        WebApi(base="http://127.0.0.1:9").get("/")
    assert refused.value.status == 0


def test_prompts_in_a_record_are_found_in_order() -> None:
    timeline = (
        {"kind": "prompt-heard", "prompts": ["a", "b"]},
        {"kind": "entry-made"},
        {"kind": "prompt-heard", "prompts": ["c"]},
    )
    record = CallRecord(fields={}, timeline=timeline)
    assert record.lists_in_order("a", "c")
    assert not record.lists_in_order("c", "a")
