"""Measures how late the event loop wakes up: the first sign that something blocks it."""

import asyncio
from collections.abc import Callable
from typing import NoReturn


async def watch_loop_lag(observe: Callable[[float], None], *, interval_s: float) -> NoReturn:
    """Report every ``interval_s`` seconds by how many seconds the wake-up came late; never ends."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + interval_s
        await asyncio.sleep(interval_s)
        observe(max(loop.time() - due, 0.0))
