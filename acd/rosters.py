"""A roster takes effect: other agents, queues and rules, and nobody who waits or talks is dropped.

What is the same as before is left alone, so a roster that changes nothing does nothing.
"""

from dataclasses import replace

from acd.desks import Desks
from acd.events import RosterChanged
from acd.matching import Matching
from acd.model import Disposition, Queue, QueueName, personal_queue
from acd.offers import Offers
from acd.overflow import Overflow
from acd.settling import Settling
from acd.state import Visit
from acd.visits import IN_LINE, Visits


class Rosters:
    """Puts rosters in force. ``queues`` is everybody's view of the rules, changed in place."""

    def __init__(
        self,
        queues: dict[QueueName, Queue],
        *,
        matching: Matching,
        visits: Visits,
        desks: Desks,
        offers: Offers,
        overflow: Overflow,
        settling: Settling,
    ) -> None:
        self._queues = queues
        self._matching = matching
        self._visits = visits
        self._desks = desks
        self._offers = offers
        self._overflow = overflow
        self._settling = settling
        self.in_force: RosterChanged | None = None

    def change(self, roster: RosterChanged, now: float) -> None:
        """Take ``roster`` for all agents and queues there are."""
        changed = self._take_rules(roster)
        self._visits.opened += self._matching.configure(self._queues)
        self._desks.configure(roster.agents, now)
        self._settling.take_staff(now)
        for visit in self._visits:
            if visit.queue in changed and visit.state in IN_LINE:
                self._follow_rules(visit, now)
        for name in sorted(changed):
            self._overflow.watch_hours(name, now)
        self._desks.unstaffed.extend(self._queues)

    def _take_rules(self, roster: RosterChanged) -> set[QueueName]:
        """Replace all rules; return the queues that came, went or have others."""
        before = dict(self._queues)
        self.in_force = roster
        self._queues.clear()
        self._queues.update({queue.name: queue for queue in roster.queues})
        for agent in roster.agents:
            name = personal_queue(agent.id)
            self._queues[name] = replace(roster.personal, name=name)
        names = before.keys() | self._queues.keys()
        return {name for name in names if before.get(name) != self._queues.get(name)}

    def _follow_rules(self, visit: Visit, now: float) -> None:
        """Let a contact wait on by other rules, if there still are any for its queue."""
        if visit.queue in self._queues:
            self._visits.stop_waiting(visit.contact)
            self._settling.pass_time(visit.contact, now)
        else:
            self._offers.turn_away(visit, Disposition.REMOVED, now)
