"""The engine's parts live and die together: one that fails, or merely ends, ends them all.

An engine that goes on without one of its parts would look well from outside and serve badly. So it
ends at once, with the part's name in the log, and whoever supervises it starts it anew.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import structlog

from ivrengine.errors import Bug, EngineError

log = structlog.get_logger(__name__)


class Parts:
    """Runs parts in tasks of one scope."""

    def __init__(self, scope: asyncio.TaskGroup) -> None:
        self._scope = scope
        self._running: list[asyncio.Task[None]] = []

    def add(self, name: str, part: Coroutine[Any, Any, None], *, ends: bool = False) -> None:
        """Run ``part``; ``ends`` tells that it is done some day."""
        work = _named(name, part, ends=ends)
        self._running.append(self._scope.create_task(work, name=f"part {name}"))

    def stop(self) -> None:
        """Have every part end."""
        for task in self._running:
            task.cancel()


@asynccontextmanager
async def parts_together() -> AsyncIterator[Parts]:
    """Run the parts that are added, for as long as the block runs; then stop them.

    Raises:
        EngineError: a part failed with it; the block was cancelled and all parts are stopped.
        ExceptionGroup: a part failed in a way that nobody foresaw.
    """
    try:
        async with asyncio.TaskGroup() as scope:
            parts = Parts(scope)
            yield parts
            parts.stop()
    except BaseExceptionGroup as group:
        fault = _first(group)
        if isinstance(fault, EngineError):
            raise fault from group
        raise


async def _named(name: str, part: Coroutine[Any, Any, None], *, ends: bool) -> None:
    try:
        await part
    except Exception as fault:
        log.critical("part_failed", part=name, exc_info=fault)
        raise
    if not ends:
        log.critical("part_ended", part=name)
        raise Bug(f"the part {name} ended by itself")


def _first(fault: BaseException) -> BaseException:
    while isinstance(fault, BaseExceptionGroup):
        fault = fault.exceptions[0]
    return fault
