"""The log of everything distribution was told: what its state is rebuilt from after a crash.

One event is one line and one write to the operating system, so it survives the death of this
process, though not a power cut. At start, and whenever the file has grown long or an event could
not be written, a snapshot replaces the past.
"""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import structlog

from acd.events import Event
from ivrengine.agents.event_codec import decode, encode
from ivrengine.errors import StorageError

log = structlog.get_logger(__name__)

LIMIT_BYTES = 16 * 1024 * 1024
"""Size at which a snapshot replaces the past: some ten thousand calls, read in a second or two."""

_TAIL_BYTES = 1024 * 1024


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

    def append(self, event: Event, now: float) -> bool:
        """Keep one event; one that cannot be kept is counted, never raised.

        Returns:
            False when a snapshot should replace the past: because an event is missing from it, or
            because it has grown long.
        """
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

    def append(self, event: Event, now: float) -> bool:
        """Keep one event."""
        self.events.append((event, now))
        return True


class EventLogFile:
    """The log as one append-only file; not to be shared between processes.

    Attributes:
        lost: events that could not be written, though a later snapshot may hold their effect.
        unreadable: lines that could not be read; a torn last line counts.
    """

    def __init__(self, path: Path, *, limit_bytes: int = LIMIT_BYTES) -> None:
        self.lost = 0
        self.unreadable = 0
        self._path = path
        self._limit_bytes = limit_bytes
        self._file = -1
        self._size = 0
        self._has_gap = False

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
            self._size = fresh.write_bytes(
                b"".join(encode(event, now) + b"\n" for event in snapshot)
            )
            fresh.replace(self._path)
            self.close()
            self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
            self._has_gap = False
        except OSError as fault:
            raise StorageError(
                f"{self._path} cannot be written: {fault}",
                remedy="check that the folder is writable and the disk is not full",
            ) from fault

    def append(self, event: Event, now: float) -> bool:
        """Write one event; one that cannot be written is counted in ``lost`` and logged."""
        if self._has_gap:
            # What followed a gap would rebuild a state that never was: first comes a snapshot.
            return self._lose(event, "the log waits for a snapshot")
        line = encode(event, now) + b"\n"
        try:
            written = os.write(self._file, line)
        except OSError as fault:
            return self._lose(event, str(fault))
        self._size += written
        if written < len(line):
            return self._lose(event, f"only {written} of {len(line)} bytes were taken")
        return self._size < self._limit_bytes

    def close(self) -> None:
        """Close the file; closing twice is no error."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _lose(self, event: Event, reason: str) -> bool:
        self.lost += 1
        self._has_gap = True
        log.error("agents_event_lost", kind=type(event).__name__, reason=reason, lost=self.lost)
        return False


def newest_at(path: Path) -> float:
    """Return when the newest event of the file was written; 0 when none can be read."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
            lines = file.read().splitlines()
    except OSError:
        return 0.0
    for line in reversed(lines):
        with suppress(StorageError):
            return decode(line)[1]
    return 0.0
