"""Makes the callbacks whose turn has come, each in a task of its own."""

import asyncio

import structlog

from ivrengine.agents.ports import CallbackDue
from ivrengine.calls.calling_back.attempt import Attempt
from ivrengine.calls.context import CallParts
from ivrengine.calls.exchange import Exchange

log = structlog.get_logger(__name__)

BROKEN = "failed"


class Callbacks:
    """Calls customers for whom an agent is on the line.

    Args:
        exchange: serves customers who answer.
        parts: what every call uses.
    """

    def __init__(self, exchange: Exchange, parts: CallParts) -> None:
        self._exchange = exchange
        self._parts = parts
        self._scope: asyncio.TaskGroup | None = None
        parts.room.when_callback_due(self._due)

    async def serve(self) -> None:
        """Serve until cancelled; calls that are up are left to the softswitch then."""
        async with asyncio.TaskGroup() as scope:
            self._scope = scope
            await asyncio.get_running_loop().create_future()

    def _due(self, due: CallbackDue) -> None:
        if self._scope is None:
            self._parts.room.callback_failed(due.reservation, BROKEN)
            return
        made = Attempt(due, self._exchange, self._parts)
        self._scope.create_task(self._guarded(made, due), name=f"callback {due.contact}")

    async def _guarded(self, made: Attempt, due: CallbackDue) -> None:
        try:
            await made.run()
        except Exception:
            # The boundary of one callback: a fault here must not end all others.
            log.exception("callback_broke", contact=due.contact)
            self._parts.room.forsake(due.contact)
            self._parts.room.callback_failed(due.reservation, BROKEN)
