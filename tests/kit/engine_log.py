"""The engine's log file as an operator reads it: lines of JSON, from a moment on."""

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

Line = Mapping[str, Any]

_PAUSE_S: Final = 0.05


class EngineLog:
    """One engine's log; it goes on through restarts of the engine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def mark(self) -> int:
        """This moment, for `since`."""
        return self._path.stat().st_size if self._path.exists() else 0

    def lines(self, since: int = 0) -> list[Line]:
        """Every complete line after a mark."""
        return list(self._read(since))

    async def tells(
        self, event: str, *, since: int = 0, within_s: float = 10.0, **fields: str
    ) -> Line:
        """Waits for a line of this event, with these fields, after the mark; gives the first.

        Raises:
            AssertionError: there was none in time; what there was is listed.
        """
        deadline = time.monotonic() + within_s
        while True:
            for line in self._read(since):
                if {"event": event, **fields}.items() <= line.items():
                    return line
            if time.monotonic() > deadline:
                told = "\n".join(json.dumps(line) for line in self._read(since))
                raise AssertionError(f"no {event!r} {fields} was logged; there was:\n{told}")
            await asyncio.sleep(_PAUSE_S)

    def _read(self, since: int) -> Iterator[Line]:
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(since)
            for line in file:
                if line.endswith(b"\n"):
                    yield json.loads(line)
