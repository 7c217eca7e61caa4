"""The journal on disk: every fact in a file before anything else is told of it.

It is what a restarted engine takes live calls up from. A fact is one line and one write to the
operating system, so it survives the death of this process, though not a power cut. The file is
kept as segments: a segment is removed when every call that has a fact in it has ended and two
newer ones stand after it, which keeps the folder small without ever copying a line. One that tells
of a call's end stands as long as an older one that tells of the same call, or the call would seem
to go on. The newest two always stay, because they may hold facts that had not reached the database
yet.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from ivrengine.calls.fact_codec import decode, encode
from ivrengine.calls.facts import AnyFact, CallAdmitted, CallEnded, CallRefused, Timeline
from ivrengine.errors import Bug, StorageError
from ivrengine.values import CallId

log = structlog.get_logger(__name__)

SEGMENT_BYTES = 8 * 1024 * 1024
"""Size at which the next segment is begun. Two of them are read in well under a second, and one
holds more facts than can wait for the database in memory."""

_PATTERN = "facts-*.jsonl"


@dataclass(slots=True)
class _Segment:
    """A file: the calls that it tells of, those of them that go on, those whose end it tells."""

    path: Path
    calls: set[CallId] = field(default_factory=set)
    live: set[CallId] = field(default_factory=set)
    ends: set[CallId] = field(default_factory=set)

    def take(self, fact: AnyFact) -> None:
        """Take note of a fact that stands in this file."""
        self.calls.add(fact.call)
        if _ends(fact):
            self.ends.add(fact.call)


class JournalFile:
    """An append-only file of facts; :meth:`append` is a ``FactSubscriber``.

    Opening one reads what an earlier process left: :meth:`unfinished` gives the calls to take up
    again, :meth:`recovered` every fact read. Not to be shared between processes.

    Attributes:
        unreadable: lines that could not be read at opening; a torn last line counts.
        lost: facts that could not be written.
    """

    def __init__(self, folder: Path, *, segment_bytes: int = SEGMENT_BYTES) -> None:
        """Open the journal in ``folder``, which is made when it is not there.

        Raises:
            StorageError: the folder or a file in it cannot be read or written.
        """
        self.unreadable = 0
        self.lost = 0
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._live: set[CallId] = set()
        self._file = -1
        self._size = 0
        self._torn = False
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._segments = [_Segment(path) for path in sorted(folder.glob(_PATTERN))]
            self._recovered = self._read_all()
            self._unreleased = len(self._segments)
            self._begin_segment()
        except OSError as fault:
            raise StorageError(
                f"the journal in {folder} cannot be opened: {fault}",
                remedy="check that the folder is writable and the disk is not full",
            ) from fault

    def recovered(self) -> Sequence[AnyFact]:
        """Return all facts found at opening, in the order in which they were written."""
        return self._recovered

    def unfinished(self) -> Sequence[Timeline]:
        """Return the calls found at opening that had not ended, oldest first."""
        timelines: dict[CallId, list[AnyFact]] = {}
        for fact in self._recovered:
            timelines.setdefault(fact.call, []).append(fact)
        return [
            Timeline(call=call, facts=tuple(facts))
            for call, facts in timelines.items()
            if not any(_ends(fact) for fact in facts)
        ]

    def release_recovered(self) -> None:
        """Let go of what was found at opening: it is safe elsewhere.

        Segments that a still unfinished call stands in are kept until it has ended.
        """
        self._recovered = ()
        self._unreleased = 0
        self._remove_spent()

    def append(self, fact: AnyFact) -> None:
        """Write one fact; one that cannot be written is counted in ``lost`` and logged."""
        try:
            line = encode(fact).encode()
            self._write(line)
        except (Bug, OSError) as fault:
            self.lost += 1
            log.error("journal_fact_lost", call_id=fact.call, reason=str(fault), lost=self.lost)
        self._follow(fact)

    def close(self, *, all_stored: bool) -> None:
        """Close the file; ``all_stored`` tells that every fact has reached the database."""
        os.close(self._file)
        self._file = -1
        if all_stored:
            self._unreleased = 0
            self._remove_spent(keep_newest=0)

    def _write(self, line: bytes) -> None:
        if self._size >= self._segment_bytes:
            full = self._file
            self._begin_segment()
            os.close(full)
        head = b"\n" if self._torn else b""
        whole = head + line + b"\n"
        self._torn = True
        written = os.write(self._file, whole)
        self._size += written
        if written < len(whole):
            raise OSError(f"only {written} of {len(whole)} bytes were taken")
        self._torn = False

    def _begin_segment(self) -> None:
        number = int(self._segments[-1].path.stem.removeprefix("facts-")) if self._segments else 0
        path = self._folder / f"facts-{number + 1:08d}.jsonl"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        self._file = os.open(path, flags, 0o600)
        self._segments.append(_Segment(path))
        self._size = 0
        self._torn = False

    def _follow(self, fact: AnyFact) -> None:
        self._segments[-1].take(fact)
        if isinstance(fact, CallAdmitted):
            self._live.add(fact.call)
        if _ends(fact):
            self._live.discard(fact.call)
            for segment in self._segments:
                segment.live.discard(fact.call)
            self._remove_spent()
        elif fact.call in self._live:
            # What is noted after a call's end, such as a recording, holds no segment.
            self._segments[-1].live.add(fact.call)

    def _remove_spent(self, *, keep_newest: int = 2) -> None:
        newest = len(self._segments) - keep_newest
        kept: list[_Segment] = []
        told_before: set[CallId] = set()
        for place, segment in enumerate(self._segments):
            is_needed = bool(segment.live) or not segment.ends.isdisjoint(told_before)
            if is_needed or place >= newest or place < self._unreleased:
                kept.append(segment)
                told_before |= segment.calls
            else:
                segment.path.unlink(missing_ok=True)
        self._segments = kept

    def _read_all(self) -> Sequence[AnyFact]:
        facts: list[AnyFact] = []
        for segment in self._segments:
            for fact in self._read(segment.path):
                facts.append(fact)
                segment.take(fact)
                segment.live.add(fact.call)
        ended = {fact.call for fact in facts if _ends(fact)}
        for segment in self._segments:
            segment.live -= ended
            self._live |= segment.live
        return facts

    def _read(self, path: Path) -> Iterator[AnyFact]:
        with path.open("rb") as lines:
            for line in lines:
                if not line.strip():
                    continue
                try:
                    yield decode(line)
                except StorageError as fault:
                    self.unreadable += 1
                    log.warning("journal_line_unreadable", file=path.name, reason=str(fault))


def _ends(fact: AnyFact) -> bool:
    return isinstance(fact, CallEnded | CallRefused)
