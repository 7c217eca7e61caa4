"""What the past of distribution tells: how long waits will be, and who spoke with whom last."""

from collections.abc import Sequence

from acd.commands import Command
from acd.estimates import Estimates
from acd.events import Event
from acd.following import Following
from acd.model import QueueName
from ivrengine.agents.acquaintances import Acquaintances


class Hindsight:
    """Follows what the router takes in and says; the router's estimator.

    Args:
        acquaintances: learns who speaks with whom.
    """

    def __init__(self, acquaintances: Acquaintances) -> None:
        self._acquaintances = acquaintances
        self.forget()

    def forget(self) -> None:
        """Know nothing of the floor: neither who serves nor how it went of late."""
        self._estimates = Estimates()
        self._following = Following([self._estimates, self._acquaintances])

    def take(self, event: Event, commands: Sequence[Command], now: float) -> None:
        """See an event, and what the router answered to it."""
        self._following.take(event, commands, now)

    def expected_wait_s(self, queue: QueueName, ahead: int) -> float | None:
        """Return how long a contact with ``ahead`` others before it has yet to wait for an agent.

        None when nobody can tell, as when no agent of the queue is there to serve.
        """
        return self._estimates.expected_wait_s(queue, ahead)
