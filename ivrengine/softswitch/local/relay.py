"""A child with another one behind it, which has loaded its program and waits for its turn.

Loading takes an engine seconds, in which callers would wait. So once a run has settled, the next
one is started and kept waiting; should the first die, the second only has to begin.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ivrengine.softswitch.local.processes import Child, ChildSpec, Ended


class Relay:
    """Runs of one specification, one after the other; fit to be the child of a program.

    The run of now writes to the specification's log, and finds the one before in ``….1``.

    Args:
        spec: of a child that waits to be told to begin.
        next_after_s: how long a run is waited for before the next one is loaded, so that it has
            the machine to itself at first; None when none shall be.
    """

    def __init__(self, spec: ChildSpec, *, next_after_s: float | None) -> None:
        self.spec = spec
        self._next_after_s = next_after_s
        self._current = Child(spec)
        self._waiting: Child | None = None

    @property
    def pid(self) -> int:
        """Process id of the run of now; there must have been one."""
        return self._current.pid

    def is_running(self) -> bool:
        """Tell whether there is a run that has not ended."""
        return self._current.is_running()

    async def start(self) -> None:
        """Begin another run: the one that waits, if there is one, or else a new one."""
        log = self.spec.log
        if log.exists():
            log.replace(log.with_name(f"{log.name}.1"))
        waiting, self._waiting = self._waiting, None
        if waiting is not None and waiting.is_running():
            # Somebody may have cleared the folder; what it says is lost then, and nothing else.
            with suppress(FileNotFoundError):
                waiting.spec.log.replace(log)
            waiting.spec = self.spec
            self._current = waiting
        else:
            self._current = Child(self.spec)
            await self._current.start()
        self._current.begin()

    async def wait(self) -> Ended:
        """Wait until the run of now has ended, and have the next one loaded meanwhile."""
        async with asyncio.TaskGroup() as beside:
            preparing = beside.create_task(self._prepare())
            ended = await self._current.wait()
            preparing.cancel()
        return ended

    async def interrupt(self) -> Ended:
        """Stop the run of now; whatever waits for its turn goes on waiting."""
        return await self._current.stop()

    async def stop(self) -> Ended:
        """Stop the run of now, and whatever waits for its turn; idempotent."""
        if self._waiting is not None:
            await self._waiting.stop()
            self._waiting = None
        return await self._current.stop()

    def log_tail(self) -> str:
        """Return the end of what the run of now wrote, for an error message."""
        return self._current.log_tail()

    async def _prepare(self) -> None:
        if self._next_after_s is None or self._waiting is not None:
            return
        await asyncio.sleep(self._next_after_s)
        log = self.spec.log
        waiting = Child(replace(self.spec, log=_beside(log)))
        # Without one to take over, the next run merely takes longer to begin.
        with suppress(OSError):
            await waiting.start()
            self._waiting = waiting


def _beside(log: Path) -> Path:
    return log.with_name(f"{log.stem}.waiting{log.suffix}")
