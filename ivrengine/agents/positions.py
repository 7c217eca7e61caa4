"""Keeps callers told of their position: at once when they begin to wait, then in rounds.

A line of hundreds moves at its head all the time. So news is gathered for a while and told in one
round, and only to those for whom it is news; when nothing moves, nothing runs.
"""

import asyncio
from collections.abc import Callable

from acd.model import ContactId, QueueName
from acd.router import Router


class Positions:
    """Tells positions.

    Args:
        router: knows the lines.
        tell: takes a contact's position, from 1.
        interval_s: seconds between two rounds.
    """

    def __init__(
        self, router: Router, tell: Callable[[ContactId, int], None], *, interval_s: float
    ) -> None:
        self._router = router
        self._tell = tell
        self._interval_s = interval_s
        self._told: dict[ContactId, int] = {}
        self._moved: set[QueueName] = set()
        self._round: asyncio.TimerHandle | None = None

    def tell_now(self, contact: ContactId) -> None:
        """Tell a contact that begins to wait where it stands, even if it was told before."""
        self._told.pop(contact, None)
        position = self._router.position(contact)
        if position is not None:
            self._tell_one(contact, position)

    def line_moved(self, queue: QueueName) -> None:
        """Have those in the line of ``queue`` told in the next round."""
        self._moved.add(queue)
        if self._round is None:
            loop = asyncio.get_running_loop()
            self._round = loop.call_later(self._interval_s, self._tell_all)

    def forget(self, contact: ContactId) -> None:
        """Forget a contact that left."""
        self._told.pop(contact, None)

    def stop(self) -> None:
        """Tell nothing more."""
        if self._round is not None:
            self._round.cancel()
            self._round = None

    def _tell_all(self) -> None:
        self._round = None
        moved, self._moved = self._moved, set()
        for queue in moved:
            for position, contact in enumerate(self._router.line(queue), start=1):
                self._tell_one(contact, position)

    def _tell_one(self, contact: ContactId, position: int) -> None:
        if self._told.get(contact) != position:
            self._told[contact] = position
            self._tell(contact, position)
