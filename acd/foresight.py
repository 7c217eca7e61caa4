"""What the router has to ask an estimator before it takes an event in.

The answer becomes part of the event and so of the journal: a replay decides as the router did,
whatever would be estimated by then.
"""

from collections.abc import Mapping
from dataclasses import replace

from acd.estimator import Estimator, ExpectedWait
from acd.events import ContactQueued
from acd.matching import Matching
from acd.model import OverflowCause, Place, Queue, QueueName
from acd.staffing import Staffing


class Foresight:
    """Asks ``estimator`` for the waits that rules of overflow depend on."""

    def __init__(
        self,
        queues: Mapping[QueueName, Queue],
        *,
        matching: Matching,
        staffing: Staffing,
        estimator: Estimator | None,
    ) -> None:
        self._queues = queues
        self._matching = matching
        self._staffing = staffing
        self._estimator = estimator

    def foresee(self, event: ContactQueued) -> ContactQueued:
        """Return ``event`` with the waits expected now in every queue it could come to."""
        waits = tuple(
            ExpectedWait(queue.name, wait_s)
            for queue in self._reachable(event.queue)
            if any(rule.cause is OverflowCause.EXPECTED_WAIT for rule in queue.overflow)
            and (wait_s := self.expected_wait_s(queue.name, self._ahead(event, queue))) is not None
        )
        return replace(event, expected_waits=waits) if waits else event

    def expected_wait_s(self, queue: QueueName, ahead: int) -> float | None:
        """Return how long a contact with ``ahead`` others before it has yet to wait.

        None when nobody can tell, as when no agent of the queue is logged in.
        """
        if self._estimator is None or not self._staffing.is_staffed(queue):
            return None
        return self._estimator.expected_wait_s(queue, ahead)

    def _ahead(self, event: ContactQueued, queue: Queue) -> int:
        band = queue.band if event.band is None else event.band
        score = event.enqueued_at - event.head_start_s - queue.head_start_s
        return self._matching.ahead(queue.name, Place(band, score, _LAST))

    def _reachable(self, name: QueueName) -> list[Queue]:
        found: dict[QueueName, Queue] = {}
        names = [name]
        for name in names:
            queue = self._queues.get(name)
            if queue is not None and name not in found:
                found[name] = queue
                names += [rule.to for rule in queue.overflow if rule.to is not None]
        return list(found.values())


# After everybody who came before.
_LAST = 1 << 62
