"""Whether a caller may be sent to a queue at this hour, before anybody is sent."""

from collections.abc import Callable

from acd.model import OverflowCause, Queue, QueueName


def is_closed(
    name: QueueName,
    queues: Callable[[QueueName], Queue | None],
    *,
    now: float,
    been: frozenset[QueueName] = frozenset(),
) -> bool:
    """Tell whether a queue is closed, and so is every queue that would take its callers then.

    Args:
        name: the queue; an unknown one is not closed.
        queues: returns a queue by its name.
        now: the time, in epoch seconds.
        been: queues that send callers on to this one, and are never sent them back.
    """
    queue = queues(name)
    if queue is None or queue.hours is None or queue.hours.is_open(now):
        return False
    for rule in queue.overflow:
        if rule.cause is not OverflowCause.CLOSED:
            continue
        if rule.to is None:
            return True
        if rule.to not in {*been, name} and not is_closed(
            rule.to, queues, now=now, been=been | {name}
        ):
            return False
    return True
