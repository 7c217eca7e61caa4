"""The log of everything distribution was told: what its state is rebuilt from after a crash.

One event is one line and one write to the operating system, so it survives the death of this
process, though not a power cut. At start the past is read once and replaced by a snapshot, so the
file holds one run of the engine at most.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import structlog

from acd.events import Event
from ivrengine.agents.event_codec import decode, encode
from ivrengine.errors import StorageError

log = structlog.get_logger(__name__)


class EventLog(Protocol):
    """Keeps events in the order in which they were applied."""

    def past(self) -> Sequence[tuple[Event, float]]:
        """Return what an earlier process kept, oldest first."""
        ...

    def begin(self, snapshot: Iterable[Event], now: float) -> None:
        """Put ``snapshot`` in place of the past.

        Raises:
            StorageError: it could not be written; the past is still there.
        """
        ...

    def append(self, event: Event, now: float) -> None:
        """Keep one event; one that cannot be kept is counted, never raised."""
        ...


class MemoryEventLog:
    """Keeps events for as long as the process lives: for tests and the simulator."""

    def __init__(self, past: Iterable[tuple[Event, float]] = ()) -> None:
        self.events = list(past)

    def past(self) -> Sequence[tuple[Event, float]]:
        """Return the events kept so far."""
        return tuple(self.events)

    def begin(self, snapshot: Iterable[Event], now: float) -> None:
        """Put ``snapshot`` in place of the past."""
        self.events = [(event, now) for event in snapshot]

    def append(self, event: Event, now: float) -> None:
        """Keep one event."""
        self.events.append((event, now))


class EventLogFile:
    """The log as one append-only file; not to be shared between processes.

    Attributes:
        lost: events that could not be written.
        unreadable: lines that could not be read; a torn last line counts.
    """

    def __init__(self, path: Path) -> None:
        self.lost = 0
        self.unreadable = 0
        self._path = path
        self._file = -1

    def past(self) -> Sequence[tuple[Event, float]]:
        """Return what an earlier process wrote, as far as it can be read.

        Reading ends at the first line that is unreadable: what follows a gap would rebuild a state
        that never was.

        Raises:
            StorageError: the file is there and cannot be read.
        """
        try:
            lines = self._path.read_bytes().splitlines() if self._path.exists() else []
        except OSError as fault:
            raise StorageError(f"{self._path} cannot be read: {fault}") from fault
        events: list[tuple[Event, float]] = []
        for line in lines:
            try:
                events.append(decode(line))
            except StorageError as fault:
                self.unreadable = len(lines) - len(events)
                log.warning("agents_log_unreadable", lines=self.unreadable, reason=str(fault))
                break
        return events

    def begin(self, snapshot: Iterable[Event], now: float) -> None:
        """Write ``snapshot`` to a new file and put it in place of the old one at once.

        Raises:
            StorageError: it could not be written; the old file is as it was.
        """
        fresh = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(b"".join(encode(event, now) + b"\n" for event in snapshot))
            fresh.replace(self._path)
            self.close()
            self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        except OSError as fault:
            raise StorageError(
                f"{self._path} cannot be written: {fault}",
                remedy="check that the folder is writable and the disk is not full",
            ) from fault

    def append(self, event: Event, now: float) -> None:
        """Write one event; one that cannot be written is counted in ``lost`` and logged."""
        line = encode(event, now) + b"\n"
        try:
            written = os.write(self._file, line)
        except OSError as fault:
            self._lose(event, str(fault))
            return
        if written < len(line):
            self._lose(event, f"only {written} of {len(line)} bytes were taken")

    def close(self) -> None:
        """Close the file; closing twice is no error."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _lose(self, event: Event, reason: str) -> None:
        self.lost += 1
        log.error("agents_event_lost", kind=type(event).__name__, reason=reason, lost=self.lost)
