"""What the router asks of whoever estimates waits, and how an answer is written down."""

from typing import NamedTuple, Protocol

from acd.model import QueueName


class ExpectedWait(NamedTuple):
    """How long a caller would wait who joined the line of ``queue`` at that moment."""

    queue: QueueName
    wait_s: float


class Estimator(Protocol):
    """Estimates waits from the past."""

    def expected_wait_s(self, queue: QueueName, ahead: int) -> float | None:
        """Return how long a contact with ``ahead`` others before it has yet to wait for an agent.

        Never negative and never less for more others ahead; None when nobody can tell, as when no
        agent of the queue is logged in.
        """
        ...
