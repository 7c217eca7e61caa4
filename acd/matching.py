"""The indexes: who waits where and who is free for what, each answer in O(log n).

Contacts stand in the line of their queue by :class:`~acd.model.Place`; those who may be offered now
are open. Free agents stand in every queue they serve by the time since when they are idle. Ties end
in ids, so the same past gives the same choice.
"""

from collections import defaultdict
from collections.abc import Callable

from sortedcontainers import SortedList

from acd.model import AgentId, ContactId, Place, QueueName

InLine = tuple[Place, ContactId]
Idle = tuple[float, AgentId]


class Matching:
    """Finds the next contact for an agent and the next agent for a contact."""

    def __init__(self) -> None:
        self._line: defaultdict[QueueName, SortedList[InLine]] = defaultdict(SortedList)
        self._open: defaultdict[QueueName, SortedList[InLine]] = defaultdict(SortedList)
        self._idle: defaultdict[QueueName, SortedList[Idle]] = defaultdict(SortedList)
        self._queue_of: dict[ContactId, tuple[QueueName, Place]] = {}
        self._is_open: set[ContactId] = set()
        self._serves: dict[AgentId, tuple[float, frozenset[QueueName]]] = {}

    def place(self, contact: ContactId, queue: QueueName, place: Place, *, is_open: bool) -> None:
        """Put a contact into the line of ``queue``, or open or close it where it stands."""
        if contact not in self._queue_of:
            self._queue_of[contact] = (queue, place)
            self._line[queue].add((place, contact))
        if is_open and contact not in self._is_open:
            self._is_open.add(contact)
            self._open[queue].add((place, contact))
        elif not is_open and contact in self._is_open:
            self._is_open.remove(contact)
            self._open[queue].remove((place, contact))

    def remove(self, contact: ContactId) -> None:
        """Take a contact out of its line; one that is in none is no error."""
        standing = self._queue_of.pop(contact, None)
        if standing is None:
            return
        queue, place = standing
        self._line[queue].remove((place, contact))
        if contact in self._is_open:
            self._is_open.remove(contact)
            self._open[queue].remove((place, contact))

    def seat(self, agent: AgentId, idle_since: float, queues: frozenset[QueueName]) -> None:
        """Count ``agent`` as free for ``queues``, in place of what was known."""
        if self._serves.get(agent) == (idle_since, queues):
            return
        self.unseat(agent)
        self._serves[agent] = (idle_since, queues)
        for queue in queues:
            self._idle[queue].add((idle_since, agent))

    def unseat(self, agent: AgentId) -> None:
        """Count ``agent`` as not free; one that is not is no error."""
        seat = self._serves.pop(agent, None)
        if seat is None:
            return
        idle_since, queues = seat
        for queue in queues:
            self._idle[queue].remove((idle_since, agent))

    def is_open(self, contact: ContactId) -> bool:
        """Tell whether ``contact`` may be offered."""
        return contact in self._is_open

    def is_free(self, agent: AgentId) -> bool:
        """Tell whether ``agent`` may be offered a contact."""
        return agent in self._serves

    def best_agent(self, contact: ContactId, excludes: Callable[[AgentId], bool]) -> AgentId | None:
        """Return the free agent who is idle for longest among those that may serve ``contact``."""
        queue, _ = self._queue_of[contact]
        return next((agent for _, agent in self._idle[queue] if not excludes(agent)), None)

    def best_contact(self, agent: AgentId, excluded: Callable[[ContactId], bool]) -> InLine | None:
        """Return the foremost open contact of all queues that a free ``agent`` serves."""
        _, queues = self._serves[agent]
        heads = (
            next((entry for entry in self._open[queue] if not excluded(entry[1])), None)
            for queue in queues
            if queue in self._open
        )
        return min((head for head in heads if head is not None), default=None)

    def line(self, queue: QueueName) -> tuple[ContactId, ...]:
        """Return the contacts in the line of ``queue``, foremost first."""
        return tuple(contact for _, contact in self._line[queue]) if queue in self._line else ()

    def position(self, contact: ContactId) -> int | None:
        """Return where ``contact`` stands in its line, from 1; None when it is in none."""
        standing = self._queue_of.get(contact)
        if standing is None:
            return None
        queue, place = standing
        return self._line[queue].index((place, contact)) + 1
