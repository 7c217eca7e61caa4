"""Measures how late the event loop wakes up: the first sign that something blocks it."""

import asyncio
from collections.abc import Callable
from typing import NoReturn

from ivrengine.clock import Clock


async def watch_loop_lag(
    observe: Callable[[float], None], clock: Clock, *, interval_s: float
) -> NoReturn:
    """Report every ``interval_s`` seconds by how many seconds the wake-up came late; never ends."""
    while True:
        due = clock.now() + interval_s
        await asyncio.sleep(interval_s)
        observe(max(clock.now() - due, 0.0))
