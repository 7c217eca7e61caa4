"""Where work lives that begins at any moment and is nobody's to wait for: calls, observations."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger(__name__)


class Scope:
    """Runs work side by side; a fault in one piece of it never reaches another."""

    def __init__(self) -> None:
        self._tasks: asyncio.TaskGroup | None = None

    @property
    def is_open(self) -> bool:
        """Whether work can begin."""
        return self._tasks is not None

    async def serve(self) -> None:
        """Serve until cancelled; all work is cancelled then."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            await asyncio.get_running_loop().create_future()

    def begin(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Begin with ``work``; before anybody serves it is given up, and that is logged."""
        if self._tasks is None:
            work.close()
            log.error("work_before_start", work=name)
            return
        self._tasks.create_task(_guarded(work, name), name=name)


async def _guarded(work: Coroutine[Any, Any, None], name: str) -> None:
    """Keep a fault of one call from ending all others: the boundary of calls."""
    try:
        await work
    except Exception:
        log.exception("task_failed", task=name)
