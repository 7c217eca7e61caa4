"""How many agents a queue has, when agents serve several: each counts in each by a share.

An agent's share in a queue is the queue's part of the work of all the queues that the agent serves.
Agents who serve the same queues are one team, so that teams are reckoned with and not agents. The
work of queues is looked up now and then; between, a coming or going agent changes a few sums.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping

from acd.model import AgentId, QueueName, personal_queue

_LEAST_WORK = 0.05
"""What a queue without work counts as, in agents kept busy, so that it has a share at all."""
Team = frozenset[QueueName]


class Shares:
    """The agents who serve, free or not."""

    def __init__(self) -> None:
        self._team_of: dict[AgentId, Team] = {}
        self._own: dict[QueueName, AgentId] = {}
        self._free: set[AgentId] = set()
        self._sizes: Counter[Team] = Counter()
        self._work_of_team: dict[Team, float] = {}
        self._work: dict[QueueName, float] = {}
        self._per_work: defaultdict[QueueName, float] = defaultdict(float)
        self._free_in: Counter[QueueName] = Counter()

    def take(self, agent: AgentId, team: Team | None, *, is_free: bool) -> None:
        """Learn which queues an agent serves, None when none at the moment, and who is free."""
        known = self._team_of.get(agent)
        if known != team:
            self._leave(agent, known)
            self._join(agent, team)
        if is_free != (agent in self._free):
            (self._free.add if is_free else self._free.remove)(agent)
            if team is not None:
                self._count_free(team, 1 if is_free else -1)

    def _leave(self, agent: AgentId, team: Team | None) -> None:
        if team is None:
            return
        del self._team_of[agent]
        self._own.pop(personal_queue(agent), None)
        if agent in self._free:
            self._free.remove(agent)
            self._count_free(team, -1)
        self._resize(team, -1)

    def _join(self, agent: AgentId, team: Team | None) -> None:
        if team is None:
            return
        self._team_of[agent] = team
        self._own[personal_queue(agent)] = agent
        self._resize(team, 1)

    def _resize(self, team: Team, step: int) -> None:
        self._sizes[team] += step
        work = self._work_of_team.get(team)
        if work is None:
            work = self._work_of_team[team] = sum(self._work_in(queue) for queue in team)
        for queue in team:
            self._per_work[queue] += step / work

    def _count_free(self, team: Team, step: int) -> None:
        for queue in team:
            self._free_in[queue] += step

    def _work_in(self, queue: QueueName) -> float:
        return max(_LEAST_WORK, self._work.get(queue, 0.0))

    def rework(self, work: Mapping[QueueName, float]) -> None:
        """Reckon all shares anew, by the work that each queue has."""
        self._work = dict(work)
        self._sizes = +self._sizes
        self._work_of_team = {
            team: sum(self._work_in(queue) for queue in team) for team in self._sizes
        }
        self._per_work.clear()
        for team, size in self._sizes.items():
            for queue in team:
                self._per_work[queue] += size / self._work_of_team[team]

    def agents(self, queue: QueueName) -> float:
        """Return how many agents serve ``queue``, each by its share; 0.0 when nobody does."""
        if queue in self._own:
            return 1.0
        return max(0.0, self._work_in(queue) * self._per_work.get(queue, 0.0))

    def free(self, queue: QueueName) -> int:
        """Return how many agents of ``queue`` are free."""
        own = self._own.get(queue)
        return int(own in self._free) if own is not None else self._free_in[queue]
