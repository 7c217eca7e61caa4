"""Waits for the router's timers on the event loop."""

import asyncio
from collections.abc import Callable

from acd.commands import StartTimer
from acd.events import TimerExpired
from acd.model import TimerKey
from ivrengine.clock import Clock


class Alarms:
    """Tells when a timer has run out, one for each key; what was stopped meanwhile stays silent.

    Args:
        clock: the time in which timers are set.
        matters: tells whether a timer's expiry would still change anything.
        tell: takes the expiry.
    """

    def __init__(
        self,
        clock: Clock,
        matters: Callable[[StartTimer], bool],
        tell: Callable[[TimerExpired], None],
    ) -> None:
        self._clock = clock
        self._matters = matters
        self._tell = tell
        self._handles: dict[TimerKey, asyncio.TimerHandle] = {}

    def __len__(self) -> int:
        return len(self._handles)

    def set(self, timer: StartTimer) -> None:
        """Wait for ``timer``, in place of an earlier one of its key."""
        before = self._handles.pop(timer.key, None)
        if before is not None:
            before.cancel()
        delay_s = max(0.0, timer.at - self._clock.now())
        loop = asyncio.get_running_loop()
        self._handles[timer.key] = loop.call_later(delay_s, self._ring, timer)

    def stop_all(self) -> None:
        """Wait for nothing any more."""
        for handle in self._handles.values():
            handle.cancel()
        self._handles.clear()

    def _ring(self, timer: StartTimer) -> None:
        del self._handles[timer.key]
        if self._matters(timer):
            self._tell(TimerExpired(key=timer.key, generation=timer.generation))
