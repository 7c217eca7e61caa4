"""Log lines: JSON in a file for machines, short lines on the terminal for people.

Whoever logs never waits: a line is put into a bounded queue, and one thread writes. When the queue
is full or the disk is, lines are dropped and counted. structlog and the standard library's logging
(uvicorn, asyncio, SQLAlchemy) take the same way. Context variables of structlog that a call's
session has bound stand in every line.
"""

import logging
import queue
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import copy
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from ivrengine.clock import Clock, iso_time
from ivrengine.telemetry.masking import masked_line
from ivrengine.telemetry.settings import TelemetrySettings

LOG_FILE = "ivrengine.log"


class LineCounter:
    """Counts lines that were lost, from the first line on."""

    def __init__(self) -> None:
        self.dropped = 0


@contextmanager
def logging_to(
    folder: Path, settings: TelemetrySettings, clock: Clock, *, terminal: TextIO | None = sys.stderr
) -> Iterator[LineCounter]:
    """Write all log lines of the process to ``folder`` and ``terminal`` until the end.

    At the end the lines still waiting are written. Yields the counter of lost lines.

    Raises:
        OSError: the log file cannot be opened.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lost = LineCounter()
    sinks = [_file_sink(folder / LOG_FILE, settings, lost)]
    if terminal is not None:
        sinks.append(_terminal_sink(terminal, settings, lost))
    waiting: queue.Queue[logging.LogRecord] = queue.Queue(settings.log_queue_lines)
    entrance = _DroppingEntrance(waiting, clock, lost)
    listener = QueueListener(waiting, *sinks, respect_handler_level=True)
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    root.handlers = [entrance]
    root.setLevel(min(sink.level for sink in sinks))
    logging.captureWarnings(True)
    _configure_structlog()
    listener.start()
    try:
        yield lost
    finally:
        root.handlers, root.level = before
        logging.captureWarnings(False)
        # stop() queues an end mark without waiting, for which a full queue has no room.
        waiting.join()
        listener.stop()
        for sink in sinks:
            # What a full disk did not take is counted already; it must not fail the end as well.
            with suppress(OSError):
                sink.close()


class _DroppingEntrance(QueueHandler):
    """Hands a record to the writing thread, finished as far as only this thread can."""

    def __init__(
        self, waiting: "queue.Queue[logging.LogRecord]", clock: Clock, lost: LineCounter
    ) -> None:
        super().__init__(waiting)
        self._clock = clock
        self._lost = lost

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """Fix what must not be read later: the text of the message and of an exception."""
        fields = record.msg if isinstance(record.msg, dict) else {"event": record.getMessage()}
        if record.exc_info:
            fields = fields | {"exception": logging.Formatter().formatException(record.exc_info)}
        head = {
            "at": iso_time(self._clock.now()),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        finished = copy(record)
        finished.msg, finished.args, finished.exc_info = head | masked_line(fields), None, None
        return finished

    def enqueue(self, record: logging.LogRecord) -> None:
        """Queue a record, or count it as lost."""
        try:
            self.queue.put_nowait(record)
        except queue.Full:
            self._lost.dropped += 1


class _CountingFile(RotatingFileHandler):
    """A log file whose disk may be full."""

    def __init__(self, path: Path, settings: TelemetrySettings, lost: LineCounter) -> None:
        super().__init__(
            path,
            maxBytes=settings.log_file_bytes,
            backupCount=settings.log_files,
            encoding="utf-8",
        )
        self._lost = lost

    def handleError(self, _record: logging.LogRecord) -> None:
        """Count a line that could not be written."""
        self._lost.dropped += 1


class _CountingTerminal(logging.StreamHandler[TextIO]):
    """A terminal that may be gone."""

    def __init__(self, stream: TextIO, lost: LineCounter) -> None:
        super().__init__(stream)
        self._lost = lost

    def handleError(self, _record: logging.LogRecord) -> None:
        """Count a line that could not be shown."""
        self._lost.dropped += 1


def _file_sink(path: Path, settings: TelemetrySettings, lost: LineCounter) -> logging.Handler:
    sink = _CountingFile(path, settings, lost)
    sink.setLevel(settings.file_level.upper())
    sink.setFormatter(_Rendered(structlog.processors.JSONRenderer(ensure_ascii=False)))
    return sink


def _terminal_sink(
    stream: TextIO, settings: TelemetrySettings, lost: LineCounter
) -> logging.Handler:
    sink = _CountingTerminal(stream, lost)
    sink.setLevel(settings.console_level.upper())
    people = structlog.dev.ConsoleRenderer(colors=stream.isatty(), timestamp_key="at")
    sink.setFormatter(_Rendered(people))
    return sink


class _Rendered(logging.Formatter):
    """Turns the fields of a line into text."""

    def __init__(self, renderer: Processor) -> None:
        super().__init__()
        self._renderer = renderer

    def format(self, record: logging.LogRecord) -> str:
        """Return the line's text; the renderer may take the fields apart."""
        assert isinstance(record.msg, dict)
        return str(self._renderer(None, "", dict(record.msg)))


def _configure_structlog() -> None:
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.processors.format_exc_info,
            _as_record,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _as_record(
    _logger: WrappedLogger, _method: str, line: EventDict
) -> tuple[tuple[EventDict], dict[str, object]]:
    """Hand the line on as the message of a log record, fields and all."""
    return (line,), {}
