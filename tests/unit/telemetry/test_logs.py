"""Log lines arrive complete and masked, and logging never makes anybody wait."""

import io
import json
import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog

from ivrengine.telemetry.logs import LOG_FILE, LineCounter, logging_to
from ivrengine.telemetry.settings import TelemetrySettings
from ivrengine.values import Secret

pytestmark = pytest.mark.unit

log = structlog.get_logger("ivrengine.calls.session")


class NoonClock:
    def now(self) -> float:
        return 1_795_000_000.25


class StuckTerminal(io.StringIO):
    """A terminal that shows nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = threading.Event()
        self.let_go = threading.Event()

    def write(self, text: str) -> int:
        self.reached.set()
        self.let_go.wait(timeout=10)
        return super().write(text)


class GoneTerminal(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


@contextmanager
def logged(
    folder: Path, terminal: io.StringIO | None = None, **settings: Any
) -> Iterator[LineCounter]:
    with logging_to(folder, TelemetrySettings(**settings), NoonClock(), terminal=terminal) as lost:
        yield lost


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / LOG_FILE).read_text().splitlines()]


def test_a_line_is_json_with_time_level_logger_and_fields(tmp_path: Path) -> None:
    with logged(tmp_path):
        log.info("call_admitted", call="c1", lines=3)
    assert lines(tmp_path) == [
        {
            "at": "2026-11-18T11:06:40.250Z",
            "level": "info",
            "logger": "ivrengine.calls.session",
            "call": "c1",
            "lines": 3,
            "event": "call_admitted",
        }
    ]


def test_what_a_session_bound_stands_in_every_line(tmp_path: Path) -> None:
    with logged(tmp_path), structlog.contextvars.bound_contextvars(call="c7"):
        log.info("one")
        structlog.get_logger("other").warning("two")
    assert [line["call"] for line in lines(tmp_path)] == ["c7", "c7"]


def test_other_libraries_take_the_same_way(tmp_path: Path) -> None:
    with logged(tmp_path):
        logging.getLogger("uvicorn.error").warning("port %d is taken", 8080)
    (line,) = lines(tmp_path)
    assert (line["logger"], line["event"]) == ("uvicorn.error", "port 8080 is taken")


def test_warnings_of_python_are_logged(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with logged(tmp_path):
            warnings.warn("old way", DeprecationWarning, stacklevel=1)
    (line,) = lines(tmp_path)
    assert "old way" in line["event"]


def test_an_exception_comes_with_its_traceback_and_without_secrets(tmp_path: Path) -> None:
    def fail() -> None:
        pin = Secret("246810")
        raise ValueError(f"pin={pin} of 13800138000 password: hunter2")

    with logged(tmp_path):
        try:
            fail()
        except ValueError:
            log.exception("failed")
            logging.getLogger("aiohttp").exception("failed too")
    for line in lines(tmp_path):
        assert "in fail" in line["exception"]
        assert "138****8000" in line["exception"]
        for secret in ("246810", "13800138000", "hunter2"):
            assert secret not in json.dumps(line)


def test_file_and_terminal_have_levels_of_their_own(tmp_path: Path) -> None:
    terminal = io.StringIO()
    with logged(tmp_path, terminal, file_level="info", console_level="warning"):
        log.debug("deep")
        log.info("shallow")
        log.warning("look", agent="8001")
    assert [line["event"] for line in lines(tmp_path)] == ["shallow", "look"]
    assert "shallow" not in terminal.getvalue()
    assert "look" in terminal.getvalue()
    assert "agent=8001" in terminal.getvalue()


def test_without_a_terminal_only_the_file_is_written(tmp_path: Path) -> None:
    with logged(tmp_path, None):
        log.error("quiet")
    assert [line["event"] for line in lines(tmp_path)] == ["quiet"]


def test_a_full_queue_drops_and_counts_and_never_waits(tmp_path: Path) -> None:
    terminal = StuckTerminal()
    with logged(tmp_path, terminal, log_queue_lines=100, console_level="info") as lost:
        log.info("first")
        assert terminal.reached.wait(timeout=10)
        for number in range(150):
            log.info("more", number=number)
        assert lost.dropped == 50
        terminal.let_go.set()
    assert len(lines(tmp_path)) == 101
    assert lost.dropped == 50


def test_a_terminal_that_is_gone_is_counted_and_the_file_goes_on(tmp_path: Path) -> None:
    with logged(tmp_path, GoneTerminal(), console_level="info") as lost:
        log.info("one")
        log.info("two")
    assert [line["event"] for line in lines(tmp_path)] == ["one", "two"]
    assert lost.dropped == 2


def test_a_full_disk_is_counted_and_fails_nothing_not_even_the_end(tmp_path: Path) -> None:
    (tmp_path / LOG_FILE).symlink_to("/dev/full")
    with logged(tmp_path) as lost:
        log.info("one")
        log.info("two")
    assert lost.dropped == 2


def test_a_full_log_file_is_begun_anew_and_few_old_ones_stay(tmp_path: Path) -> None:
    with logged(tmp_path, log_file_bytes=10_000, log_files=2):
        for number in range(400):
            log.info("a line of some length to fill the file", number=number)
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == [LOG_FILE, f"{LOG_FILE}.1", f"{LOG_FILE}.2"]
    assert all(path.stat().st_size <= 10_000 for path in tmp_path.iterdir())
    assert lines(tmp_path)[-1]["number"] == 399


def test_the_way_things_were_logged_before_is_restored(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    with logged(tmp_path):
        assert root.handlers != before[0]
    assert (root.handlers, root.level) == before
