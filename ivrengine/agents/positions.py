"""Keeps callers told of their position: at once when they begin to wait, then in rounds.

A line of hundreds moves at its head all the time. So news is gathered for a while and told in one
round, and only to those for whom it is news; when nothing moves, nothing runs. A round is told a
few at a time: each of those told has something to do, and an agent who becomes ready in that
moment is not to wait for hundreds of them.
"""

import asyncio
from collections.abc import Callable, Iterator
from itertools import islice

from acd.model import ContactId, QueueName
from acd.router import Router

_AT_A_TIME = 16
"""With what they then do, these take about a millisecond."""

_BREATH_S = 0.004
"""Time for everybody else, before the next few are told."""


class Positions:
    """Tells positions.

    Args:
        router: knows the lines.
        tell: takes a contact's position, from 1.
        interval_s: seconds from the end of a round to the next, at the least.
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
            self._await_round()

    def forget(self, contact: ContactId) -> None:
        """Forget a contact that left."""
        self._told.pop(contact, None)

    def stop(self) -> None:
        """Tell nothing more."""
        if self._round is not None:
            self._round.cancel()
            self._round = None

    def _await_round(self) -> None:
        loop = asyncio.get_running_loop()
        self._round = loop.call_later(self._interval_s, self._begin_round)

    def _begin_round(self) -> None:
        moved, self._moved = self._moved, set()
        self._tell_some(iter([each for queue in moved for each in self._router.line(queue)]))

    def _tell_some(self, waiting: Iterator[ContactId]) -> None:
        few = tuple(islice(waiting, _AT_A_TIME))
        for contact in few:
            # Taken now, and not when the round began: the line may have moved since.
            position = self._router.position(contact)
            if position is not None:
                self._tell_one(contact, position)
        self._round = None
        if few:
            loop = asyncio.get_running_loop()
            self._round = loop.call_later(_BREATH_S, self._tell_some, waiting)
        elif self._moved:
            self._await_round()

    def _tell_one(self, contact: ContactId, position: int) -> None:
        if self._told.get(contact) != position:
            self._told[contact] = position
            self._tell(contact, position)
