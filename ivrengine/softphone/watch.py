"""Waiting for a state to be reached, without tasks and without polling.

Whoever changes the state calls `notify`; whoever waits gives a predicate and a deadline.
"""

import asyncio
from collections.abc import Callable


class Watch:
    """A list of predicates, tried anew each time something has happened."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    def notify(self) -> None:
        """Wakes everybody whose predicate holds."""
        for predicate, woken in self._waiting:
            if not woken.done() and predicate():
                woken.set_result(None)

    async def until(self, predicate: Callable[[], bool], *, within_s: float) -> bool:
        """Waits until `predicate` holds; False when the deadline came first."""
        if predicate():
            return True
        entry = (predicate, asyncio.get_running_loop().create_future())
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(within_s):
                await entry[1]
        except TimeoutError:
            return predicate()
        finally:
            self._waiting.remove(entry)
        return True
