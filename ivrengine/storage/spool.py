"""Facts in a file, while the database is away."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import structlog

from ivrengine.calls.fact_codec import decode, encode
from ivrengine.calls.facts import AnyFact
from ivrengine.errors import Bug, StorageError

log = structlog.get_logger(__name__)


class Spool:
    """A queue of facts in one file that is emptied from its front; survives this process.

    What was taken is remembered in memory only: after a crash it is handed out again, which is
    harmless because equal facts are kept once.

    Attributes:
        lost: facts that did not fit, or could not be read again.
    """

    def __init__(self, path: Path, *, limit_bytes: int) -> None:
        """Use the file at ``path``, with what an earlier process may have left in it.

        Raises:
            StorageError: the file is there and cannot be used.
        """
        self.lost = 0
        self._path = path
        self._limit_bytes = limit_bytes
        self._taken = 0
        self._peeked = 0
        try:
            self._size = self._end_last_line()
        except OSError as fault:
            raise StorageError(
                f"the spool {path} cannot be used: {fault}",
                remedy="check that its folder is writable and the disk is not full",
            ) from fault

    @property
    def waiting_bytes(self) -> int:
        """How much is still to be taken."""
        return self._size - self._taken

    def extend(self, facts: Sequence[AnyFact]) -> None:
        """Add facts at the end; those for which the file has no room are counted in ``lost``.

        Raises:
            StorageError: none were added; the disk may take them later.
        """
        lines = b"".join(self._lines(facts))
        if self._size + len(lines) > self._limit_bytes:
            self._lose(len(facts), "it is full")
            return
        try:
            self._append(lines)
        except OSError as fault:
            raise StorageError(f"the spool {self._path} cannot be written: {fault}") from fault

    def peek(self, count: int) -> Sequence[AnyFact]:
        """Return up to ``count`` facts from the front, which stay there until :meth:`drop`.

        Raises:
            StorageError: the file cannot be read.
        """
        if not self.waiting_bytes:
            return ()
        try:
            with self._path.open("rb") as lines:
                lines.seek(self._taken)
                batch = [line for line in (lines.readline() for _ in range(count)) if line]
                self._peeked = lines.tell()
        except OSError as fault:
            raise StorageError(f"the spool {self._path} cannot be read: {fault}") from fault
        return tuple(self._facts(batch))

    def drop(self) -> None:
        """Remove what the last :meth:`peek` returned."""
        self._taken = self._peeked
        if self.waiting_bytes:
            return
        try:
            self._path.unlink(missing_ok=True)
        except OSError as fault:
            # It grows on, and its facts may come again after a start, which is harmless.
            log.warning("spool_not_removed", reason=str(fault))
        else:
            self._taken = self._peeked = self._size = 0

    def _append(self, lines: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch(mode=0o600)
        with self._path.open("ab", buffering=0) as file:
            written = file.write(lines)
            if written < len(lines):
                file.truncate(self._size)
                raise OSError(f"only {written} of {len(lines)} bytes were taken")
        self._size += len(lines)

    def _lines(self, facts: Iterable[AnyFact]) -> Iterator[bytes]:
        for fact in facts:
            try:
                yield encode(fact).encode() + b"\n"
            except Bug as fault:
                self._lose(1, str(fault))

    def _facts(self, lines: Iterable[bytes]) -> Iterator[AnyFact]:
        for line in lines:
            try:
                yield decode(line)
            except StorageError as fault:
                self._lose(1, str(fault))

    def _end_last_line(self) -> int:
        """Give a line that a crash tore its end, so that the next one begins a new one."""
        if not self._path.exists():
            return 0
        with self._path.open("r+b") as file:
            size = file.seek(0, 2)
            if size and (file.seek(-1, 2), file.read(1)) != (size - 1, b"\n"):
                size += file.write(b"\n")
        return size

    def _lose(self, count: int, reason: str) -> None:
        self.lost += count
        log.error("spool_lost_facts", count=count, reason=reason, lost=self.lost)
