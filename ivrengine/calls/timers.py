"""The timers of one call: each runs out once, into the call's inbox, unless stopped before."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

Expiry = TypeVar("Expiry")


class Timers(Generic[Expiry]):
    """Files an event of the caller's choice after a time, on the running loop's clock."""

    def __init__(self, inbox: Callable[[Expiry], None]) -> None:
        self._inbox = inbox
        self._running: dict[int, asyncio.TimerHandle] = {}

    def start(self, key: int, after_s: float, expiry: Expiry) -> None:
        """File ``expiry`` after ``after_s`` seconds; a running timer of ``key`` is replaced."""
        self.stop(key)
        loop = asyncio.get_running_loop()
        self._running[key] = loop.call_later(after_s, self._expire, key, expiry)

    def stop(self, key: int) -> None:
        """Forget a timer; an unknown one is no error."""
        handle = self._running.pop(key, None)
        if handle is not None:
            handle.cancel()

    def stop_all(self) -> None:
        """Forget every timer."""
        for key in tuple(self._running):
            self.stop(key)

    def _expire(self, key: int, expiry: Expiry) -> None:
        self._running.pop(key, None)
        self._inbox(expiry)
