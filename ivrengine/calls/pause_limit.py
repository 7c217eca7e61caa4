"""No recording stays paused for ever: whoever paused one may forget to go on with it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from ivrengine.calls.facts import AnyFact, CallEnded, PersonLeft
from ivrengine.calls.talk_facts import TalkTurned
from ivrengine.values import AgentNumber, CallId

log = structlog.get_logger(__name__)

GoOn = Callable[[AgentNumber], Coroutine[Any, Any, Any]]
"""Goes on with the recording of an agent's conversation."""


class PauseLimit:
    """Goes on with recordings whose pause is over its limit; subscribe it to the journal.

    Args:
        limit_s: how long a recording may be paused at a stretch, in seconds.
        go_on: goes on with one.
    """

    def __init__(self, limit_s: float, go_on: GoOn) -> None:
        self._limit_s = limit_s
        self._go_on = go_on
        self._running: dict[CallId, asyncio.TimerHandle] = {}
        self._due: asyncio.Queue[AgentNumber] = asyncio.Queue()

    async def serve(self) -> None:
        """Serve until cancelled."""
        try:
            while True:
                agent = await self._due.get()
                log.warning("recording_paused_too_long", agent=agent)
                await self._go_on(agent)
        finally:
            for handle in self._running.values():
                handle.cancel()

    def __call__(self, fact: AnyFact) -> None:
        """Take in one fact."""
        match fact:
            case TalkTurned(call=call, recording_paused=True, agent=agent):
                if call not in self._running:
                    self._start(call, AgentNumber(agent))
            case TalkTurned(call=call) | PersonLeft(call=call) | CallEnded(call=call):
                handle = self._running.pop(call, None)
                if handle is not None:
                    handle.cancel()
            case _:
                pass

    def _start(self, call: CallId, agent: AgentNumber) -> None:
        loop = asyncio.get_running_loop()
        self._running[call] = loop.call_later(self._limit_s, self._expire, call, agent)

    def _expire(self, call: CallId, agent: AgentNumber) -> None:
        del self._running[call]
        self._due.put_nowait(agent)
