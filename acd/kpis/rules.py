"""What a centre may choose about its figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.model import QueueName


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueTargets:
    """What a queue is measured by; all in seconds.

    ``threshold_s`` is the wait within which callers should be answered, for every formula of the
    service level. Whoever hangs up within ``short_s`` counts as a short abandon.
    """

    threshold_s: float = 20.0
    short_s: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiRules:
    """How figures are counted.

    ``interval_s`` is the length of an interval; intervals follow each other since the epoch, and it
    should divide an hour. ``thresholds_s`` are counted besides each queue's own. Who is back in the
    same queue within ``resolution_window_s`` after an answered call was not helped the first time.
    """

    interval_s: int = 900
    thresholds_s: tuple[float, ...] = (10.0, 20.0, 30.0, 60.0, 120.0)
    resolution_window_s: float = 7 * 86400.0
    targets: QueueTargets = QueueTargets()
    by_queue: Mapping[QueueName, QueueTargets] = field(default_factory=dict)

    def targets_of(self, queue: QueueName) -> QueueTargets:
        """Return what ``queue`` is measured by."""
        return self.by_queue.get(queue, self.targets)

    def counted_s(self, queue: QueueName) -> tuple[float, ...]:
        """Return every threshold that is counted for ``queue``, each once."""
        return tuple(dict.fromkeys((*self.thresholds_s, self.targets_of(queue).threshold_s)))
