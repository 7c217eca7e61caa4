"""How many agents of each queue are logged in."""

from collections import Counter

from acd.model import AgentId, QueueName

_NONE: frozenset[QueueName] = frozenset()


class Headcount:
    """Counts agents by queue, each once, as they come, go and change queues."""

    def __init__(self) -> None:
        self._queues_of: dict[AgentId, frozenset[QueueName]] = {}
        self._staff: Counter[QueueName] = Counter()

    def staff(self, queue: QueueName) -> int:
        """Return how many agents of ``queue`` are logged in."""
        return self._staff[queue]

    def counts(self, agent: AgentId, queues: frozenset[QueueName] | None) -> bool:
        """Tell whether ``agent`` is counted for this very set of queues; None is not at all."""
        return self._queues_of.get(agent) is queues

    def count(self, agent: AgentId, queues: frozenset[QueueName] | None) -> list[QueueName]:
        """Count ``agent`` for ``queues``, or no longer; return the queues left without anybody."""
        was = self._queues_of.pop(agent, _NONE)
        if queues is not None:
            self._queues_of[agent] = queues
        now = _NONE if queues is None else queues
        for queue in now - was:
            self._staff[queue] += 1
        left = sorted(was - now)
        for queue in left:
            self._staff[queue] -= 1
        return [queue for queue in left if self._staff[queue] == 0]
