"""Waits for the router's timers on the event loop."""

import asyncio
from collections.abc import Callable

from acd.commands import StartTimer
from acd.events import TimerExpired
from acd.model import TimerKey
from ivrengine.clock import Clock

LOOK_AGAIN_S = 60.0
"""How often a timer that is far off is looked at, so that a stopped one is not kept for hours."""

DUE_WITHIN_S = 0.001
"""How much too early a timer may ring: clock and loop do not agree to the last digit."""


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
        self._wait(timer)

    def _wait(self, timer: StartTimer) -> None:
        delay_s = max(0.0, timer.at - self._clock.now())
        loop = asyncio.get_running_loop()
        if delay_s > LOOK_AGAIN_S:
            handle = loop.call_later(LOOK_AGAIN_S, self._look_again, timer)
        else:
            handle = loop.call_later(delay_s, self._ring, timer)
        self._handles[timer.key] = handle

    def _look_again(self, timer: StartTimer) -> None:
        if self._matters(timer):
            self._wait(timer)
        else:
            del self._handles[timer.key]

    def stop_all(self) -> None:
        """Wait for nothing any more."""
        for handle in self._handles.values():
            handle.cancel()
        self._handles.clear()

    def _ring(self, timer: StartTimer) -> None:
        if self._matters(timer) and timer.at - self._clock.now() > DUE_WITHIN_S:
            # The clock comes slowly after a wall clock that was set back.
            self._wait(timer)
            return
        del self._handles[timer.key]
        if self._matters(timer):
            self._tell(TimerExpired(key=timer.key, generation=timer.generation))
