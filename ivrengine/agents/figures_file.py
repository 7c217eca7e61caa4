"""The state of all counting as one file, beside the log of distribution."""

from pathlib import Path

import structlog
from pydantic import TypeAdapter, ValidationError

from ivrengine.agents.figures import FiguresState
from ivrengine.errors import StorageError

log = structlog.get_logger(__name__)

_ADAPTER = TypeAdapter(FiguresState)


class FiguresFile:
    """Keeps one state, the newest."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> FiguresState | None:
        """Return the state that was kept, None when there is none or another program wrote it.

        Raises:
            StorageError: the file is there and cannot be read.
        """
        try:
            text = self._path.read_bytes() if self._path.exists() else b""
        except OSError as fault:
            raise StorageError(f"{self._path} cannot be read: {fault}") from fault
        if not text:
            return None
        try:
            return _ADAPTER.validate_json(text)
        except ValidationError as fault:
            # Figures must not keep a new version of the program from serving callers.
            log.error("figures_unreadable", file=str(self._path), faults=fault.error_count())
            return None

    def save(self, state: FiguresState) -> None:
        """Put ``state`` in the place of what was kept.

        Raises:
            StorageError: it could not be written; what was kept is still there.
        """
        fresh = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(_ADAPTER.dump_json(state))
            fresh.replace(self._path)
        except OSError as fault:
            raise StorageError(
                f"{self._path} cannot be written: {fault}",
                remedy="check that the folder is writable and the disk is not full",
            ) from fault
