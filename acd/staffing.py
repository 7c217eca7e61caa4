"""Who is logged in for what: whether anybody of a queue, or somebody in particular, is there.

An answer about skills is looked up among the queue's agents once and kept until one of them comes,
goes or learns something, so that asking it for each caller costs next to nothing.
"""

from collections import defaultdict

from acd.model import AgentId, QueueName
from acd.requirements import Requirement, SkillName
from acd.state import Desk


class Staffing:
    """The agents that are logged in, by queue."""

    def __init__(self) -> None:
        self._queues_of: dict[AgentId, frozenset[QueueName]] = {}
        self._there: defaultdict[QueueName, dict[AgentId, dict[SkillName, int]]] = defaultdict(dict)
        self._answers: defaultdict[QueueName, dict[Requirement, bool]] = defaultdict(dict)

    def take(self, agent: AgentId, desk: Desk | None) -> frozenset[QueueName]:
        """Learn an agent's state, None for one forgotten; return the queues that it matters to."""
        before = self._queues_of.pop(agent, frozenset[QueueName]())
        for queue in before:
            del self._there[queue][agent]
        after = frozenset[QueueName]()
        if desk is not None and desk.logged_in:
            after = self._queues_of[agent] = desk.queues
            skills = {skill.name: skill.level for skill in desk.skills}
            for queue in after:
                self._there[queue][agent] = skills
        for queue in before | after:
            self._answers.pop(queue, None)
        return before | after

    def is_staffed(self, queue: QueueName) -> bool:
        """Tell whether any agent of ``queue`` is logged in."""
        return bool(self._there.get(queue))

    def is_there(self, agent: AgentId, queue: QueueName) -> bool:
        """Tell whether ``agent`` is logged in and serves ``queue``."""
        return queue in self._queues_of.get(agent, ())

    def anybody_meets(self, queue: QueueName, needs: Requirement) -> bool:
        """Tell whether any logged-in agent of ``queue`` meets ``needs``."""
        answers = self._answers[queue]
        if needs not in answers:
            answers[needs] = any(needs.met_by(skills) for skills in self._there[queue].values())
        return answers[needs]
