"""Who changed what in operators' files, and when: kept for good, a line of JSON each.

Every file of operators is audited here, queues and agents like shares of lines. A line that cannot
be written is logged with all that would have stood in it, and keeps no change from being made.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import structlog

from ivrengine.agents.changes import Change
from ivrengine.clock import Clock

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedChange:
    """What ``by`` put in force at ``at`` (epoch seconds), all at once."""

    at: float
    by: str
    changes: tuple[Change, ...]


class ChangeLog:
    """Appends to a file, and reads its end.

    Args:
        path: the file, which need not exist.
        clock: tells when.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    def note(self, by: str, changes: Sequence[Change]) -> None:
        """Keep that ``by`` put ``changes`` in force; none are no entry."""
        if not changes:
            return
        entry = AuditedChange(at=self._clock.now(), by=by, changes=tuple(changes))
        try:
            self._append(json.dumps(asdict(entry), ensure_ascii=False).encode())
        except OSError as fault:
            log.error("change_not_audited", fault=str(fault), entry=asdict(entry))

    def newest(self, limit: int) -> Sequence[AuditedChange]:
        """Return the newest entries, newest first; lines that nobody can read are left out."""
        try:
            lines = self._path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return ()
        entries = (_entry(line) for line in reversed(lines) if line)
        return tuple(islice((entry for entry in entries if entry is not None), limit))

    def _append(self, line: bytes) -> None:
        with self._path.open("a+b") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                # A crash may have torn the last line: what follows must not be read with it.
                line = line if file.read(1) == b"\n" else b"\n" + line
            file.write(line + b"\n")


def _entry(line: bytes) -> AuditedChange | None:
    try:
        fields = json.loads(line)
        changes = tuple(Change(**change) for change in fields["changes"])
        return AuditedChange(at=fields["at"], by=fields["by"], changes=changes)
    except (ValueError, TypeError, KeyError):
        log.warning("audit_line_unreadable")
        return None
