"""The indexes: who waits where and who is free for what.

Contacts stand in the line of their queue by :class:`~acd.model.Place`. Those that may be offered
now are open, and stand besides in the class of all contacts of that queue which the same agents can
serve; a contact for particular agents stands with each of them. Free agents stand by profile, which
all agents with the same queues and skills share. Whether a profile can serve a class is worked out
once. So an agent who gets free looks at the foremost contact of each class that is not empty, and a
contact at the foremost agent of each profile that is not empty; how many there are of either does
not matter. Ties end in ids, so the same past gives the same choice.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from sortedcontainers import SortedList

from acd.free_agents import FreeAgents, Profile, Rank, Seat, rank
from acd.model import AgentId, ContactId, Pick, Place, Queue, QueueName, Skill, owner_of
from acd.requirements import ANYBODY, AllOf, Requirement
from acd.state import Visit

_ClassKey = tuple[int, Requirement, Requirement | None]
_NONE_NAMED: Final[tuple[AgentId, ...]] = ()


class InLine(NamedTuple):
    """A contact in line: its :class:`~acd.model.Place`, and whose it is."""

    band: int
    score: float
    seq: int
    contact: ContactId


class _Class:
    """The open contacts of a queue that the same agents can serve, and the foremost of them."""

    __slots__ = ("_fits", "head", "needs", "open")

    def __init__(self, needs: Requirement) -> None:
        self.needs = needs
        self.open: SortedList[InLine] = SortedList()
        self.head: InLine | None = None
        self._fits: dict[Profile, bool] = {}

    def fits(self, profile: Profile) -> bool:
        """Tell whether agents of ``profile`` can serve these contacts."""
        fits = self._fits.get(profile)
        if fits is None:
            fits = self._fits[profile] = self.needs.met_by(profile.skills)
        return fits

    def forget_profiles(self) -> None:
        self._fits.clear()


class _Lane:
    """One queue: its rules, its line, its classes, and those of them that have open contacts.

    ``heads`` has the foremost contact of each such class, in order; no two are equal, so classes
    themselves are never compared.
    """

    __slots__ = ("classes", "heads", "line", "owner", "rules")

    def __init__(self, rules: Queue) -> None:
        self.rules = rules
        self.owner = owner_of(rules.name)
        self.line: SortedList[InLine] = SortedList()
        self.classes: dict[_ClassKey, _Class] = {}
        self.heads: list[tuple[InLine, _Class]] = []

    def open(self, entry: InLine, class_: _Class) -> None:
        """Add an open contact."""
        class_.open.add(entry)
        head = class_.head
        if head is not None:
            if head < entry:
                return
            del self.heads[bisect_left(self.heads, (head, class_))]
        class_.head = entry
        insort(self.heads, (entry, class_))

    def close(self, entry: InLine, class_: _Class) -> None:
        """Take an open contact away."""
        class_.open.remove(entry)
        if class_.head != entry:
            return
        del self.heads[bisect_left(self.heads, (entry, class_))]
        class_.head = class_.open[0] if class_.open else None
        if class_.head is not None:
            insort(self.heads, (class_.head, class_))

    def class_of(self, step: int, needs: Requirement, preferred: Requirement | None) -> _Class:
        """Return the class of contacts that ask for this."""
        key = (step, needs, preferred)
        known = self.classes.get(key)
        if known is None:
            parts = (self.rules.needs_at(step), needs, preferred or ANYBODY)
            known = self.classes[key] = _Class(_both(parts))
        return known


class _Standing:
    """Where a contact stands, and the record from which that follows."""

    __slots__ = ("class_", "entry", "is_open", "lane", "named", "visit")

    def __init__(self, visit: Visit, lane: _Lane) -> None:
        self.visit = visit
        self.lane = lane
        self.entry = InLine(*visit.place, visit.contact)
        self.is_open = False
        self.class_: _Class | None = None
        self.named = _NONE_NAMED
        self.classify()

    def classify(self) -> None:
        """Work out with whom the contact stands while it is open."""
        visit, lane = self.visit, self.lane
        self.class_, self.named = None, _NONE_NAMED
        if lane.owner is not None:
            self.named = (lane.owner,)
        elif visit.prefers_until is None:
            self.class_ = lane.class_of(visit.step, visit.needs, None)
        else:
            self.named = visit.prefers
            if visit.prefers_needs != ANYBODY:
                self.class_ = lane.class_of(visit.step, visit.needs, visit.prefers_needs)

    def may_name(self, profile: Profile) -> bool:
        """Tell whether an agent of ``profile`` whom the contact names can serve it."""
        if self.lane.owner is not None:
            return self.visit.needs.met_by(profile.skills)
        if self.lane.rules.name not in profile.queues:
            return False
        needs = self.lane.rules.needs_at(self.visit.step)
        return needs.met_by(profile.skills) and self.visit.needs.met_by(profile.skills)


class Matching:
    """Finds the next contact for an agent and the next agent for a contact."""

    def __init__(self) -> None:
        self._lanes: dict[QueueName, _Lane] = {}
        self._standing: dict[ContactId, _Standing] = {}
        self._naming: dict[AgentId, SortedList[InLine]] = {}
        self._free = FreeAgents(self._rules)

    def configure(self, queues: Mapping[QueueName, Queue]) -> list[ContactId]:
        """Take over the rules of all queues; return the contacts that others may now serve."""
        changed: list[ContactId] = []
        picks_changed = False
        for name in queues.keys() - self._lanes.keys():
            self._lanes[name] = _Lane(queues[name])
        for name, lane in self._lanes.items():
            was, rules = lane.rules, queues.get(name, lane.rules)
            lane.rules = rules
            picks_changed = picks_changed or was.pick is not rules.pick
            lane.classes = {key: known for key, known in lane.classes.items() if known.open}
            if (was.steps, was.steps_replace) != (rules.steps, rules.steps_replace):
                changed += self._classify_anew(lane)
        if picks_changed:
            self._free.arrange_anew()
        return changed

    def _classify_anew(self, lane: _Lane) -> list[ContactId]:
        waiting = [self._standing[entry.contact] for entry in lane.line]
        for standing in waiting:
            self._take_away(standing)
        lane.classes.clear()
        for standing in waiting:
            self._stand(standing.visit, is_open=standing.is_open)
        return [standing.visit.contact for standing in waiting if standing.is_open]

    def _rules(self, queue: QueueName) -> Queue:
        return self._lane(queue).rules

    def _lane(self, queue: QueueName) -> _Lane:
        lane = self._lanes.get(queue)
        if lane is None:
            lane = self._lanes[queue] = _Lane(Queue(name=queue))
        return lane

    # Contacts.

    def place(self, visit: Visit, *, is_open: bool) -> bool:
        """Put a contact into line as its record says; True when it now looks for an agent anew."""
        standing = self._standing.get(visit.contact)
        if standing is None:
            self._stand(visit, is_open=is_open)
            return is_open
        was, standing.visit = standing.visit, visit
        if was.queue != visit.queue or was.place != visit.place:
            self._take_away(standing)
            self._stand(visit, is_open=is_open)
            return is_open
        if not _asks_the_same(was, visit):
            if standing.is_open:
                self._close(standing)
            standing.classify()
        elif standing.is_open == is_open:
            return False
        if is_open:
            self._open(standing)
        elif standing.is_open:
            self._close(standing)
        return is_open

    def _stand(self, visit: Visit, *, is_open: bool) -> None:
        standing = _Standing(visit, self._lane(visit.queue))
        self._standing[visit.contact] = standing
        standing.lane.line.add(standing.entry)
        if is_open:
            self._open(standing)

    def _open(self, standing: _Standing) -> None:
        standing.is_open = True
        if standing.class_ is not None:
            standing.lane.open(standing.entry, standing.class_)
        for agent in standing.named:
            self._naming.setdefault(agent, SortedList()).add(standing.entry)

    def _close(self, standing: _Standing) -> None:
        standing.is_open = False
        self._unlist(standing)

    def _unlist(self, standing: _Standing) -> None:
        if standing.class_ is not None:
            standing.lane.close(standing.entry, standing.class_)
        for agent in standing.named:
            named = self._naming[agent]
            named.remove(standing.entry)
            if not named:
                del self._naming[agent]

    def remove(self, contact: ContactId) -> None:
        """Take a contact out of its line; one that is in none is no error."""
        standing = self._standing.pop(contact, None)
        if standing is not None:
            self._take_away(standing)

    def _take_away(self, standing: _Standing) -> None:
        standing.lane.line.remove(standing.entry)
        if standing.is_open:
            self._unlist(standing)

    def is_open(self, contact: ContactId) -> bool:
        """Tell whether ``contact`` may be offered."""
        standing = self._standing.get(contact)
        return standing is not None and standing.is_open

    def line(self, queue: QueueName) -> tuple[ContactId, ...]:
        """Return the contacts in the line of ``queue``, foremost first."""
        lane = self._lanes.get(queue)
        return () if lane is None else tuple(entry.contact for entry in lane.line)

    def length(self, queue: QueueName) -> int:
        """Return how many contacts are in the line of ``queue``."""
        lane = self._lanes.get(queue)
        return 0 if lane is None else len(lane.line)

    def ahead(self, queue: QueueName, place: Place) -> int:
        """Return how many contacts in the line of ``queue`` stand before ``place``."""
        lane = self._lanes.get(queue)
        return 0 if lane is None else lane.line.bisect_left(InLine(*place, ContactId("")))

    def position(self, contact: ContactId) -> int | None:
        """Return where ``contact`` stands in its line, from 1; None when it is in none."""
        standing = self._standing.get(contact)
        return None if standing is None else standing.lane.line.index(standing.entry) + 1

    # Agents.

    def profile(self, queues: frozenset[QueueName], skills: tuple[Skill, ...]) -> Profile:
        """Return the profile that all agents with these queues and skills share."""
        return self._free.profile(queues, skills)

    def keep_profiles(self, in_use: Iterable[Profile]) -> None:
        """Forget all profiles but those that are in use."""
        if self._free.keep_profiles(frozenset(in_use)):
            for lane in self._lanes.values():
                for class_ in lane.classes.values():
                    class_.forget_profiles()

    def seat(self, agent: AgentId, seat: Seat) -> bool:
        """Count ``agent`` as free, in place of what was known; True when that opens new choices."""
        return self._free.seat(agent, seat)

    def unseat(self, agent: AgentId) -> None:
        """Count ``agent`` as not free; one that is not is no error."""
        self._free.unseat(agent)

    def is_free(self, agent: AgentId) -> bool:
        """Tell whether ``agent`` may be offered a contact."""
        return agent in self._free

    # Who comes together.

    def rings_all(self, contact: ContactId) -> bool:
        """Tell whether ``contact`` is offered to all at once."""
        return self._standing[contact].lane.rules.pick is Pick.RING_ALL

    def best_agent(self, contact: ContactId, excludes: Callable[[AgentId], bool]) -> AgentId | None:
        """Return the free agent who comes first, by the queue's pick, of those that will do."""
        standing = self._standing[contact]
        rules = standing.lane.rules
        first = None
        if standing.class_ is not None:
            fits = standing.class_.fits
            first = self._free.foremost(rules, fits, excludes)
        for agent in standing.named:
            named = self._named(standing, agent, excludes)
            if named is not None:
                ranked = rank(rules, agent, named)
                if first is None or ranked < first:
                    first = ranked
        return None if first is None else first.agent

    def all_agents(
        self, contact: ContactId, excludes: Callable[[AgentId], bool]
    ) -> tuple[AgentId, ...]:
        """Return every free agent who will do, the longest idle first."""
        standing = self._standing[contact]
        rules = standing.lane.rules
        found: set[Rank] = set()
        if standing.class_ is not None:
            found.update(self._free.all_of(rules, standing.class_.fits, excludes))
        for agent in standing.named:
            named = self._named(standing, agent, excludes)
            if named is not None:
                found.add(rank(rules, agent, named))
        return tuple(ranked.agent for ranked in sorted(found))

    def _named(
        self, standing: _Standing, agent: AgentId, excludes: Callable[[AgentId], bool]
    ) -> Seat | None:
        seat = self._free.get(agent)
        if seat is None or excludes(agent) or not standing.may_name(seat.profile):
            return None
        return seat

    def best_contact(self, agent: AgentId, excluded: Callable[[ContactId], bool]) -> InLine | None:
        """Return the foremost open contact that a free ``agent`` may be offered."""
        profile = self._free.require(agent).profile
        best: InLine | None = None
        for queue in profile.queues:
            for head, class_ in self._lanes[queue].heads:
                if best is not None and best < head:
                    break
                if not class_.fits(profile):
                    continue
                found = _first(class_.open, excluded) if excluded(head.contact) else head
                if found is not None and (best is None or found < best):
                    best = found
        naming = self._naming.get(agent)
        if naming is not None:
            for entry in naming:
                if best is not None and best < entry:
                    break
                contact = entry.contact
                if self._standing[contact].may_name(profile) and not excluded(contact):
                    return entry
        return best


def _asks_the_same(was: Visit, now: Visit) -> bool:
    """Tell whether the same agents may be offered a contact that stays in its line."""
    return (
        was.step == now.step
        and was.needs is now.needs
        and was.prefers is now.prefers
        and was.prefers_needs is now.prefers_needs
        and (was.prefers_until is None) == (now.prefers_until is None)
    )


def _first(entries: Iterable[InLine], excluded: Callable[[ContactId], bool]) -> InLine | None:
    return next((entry for entry in entries if not excluded(entry.contact)), None)


def _both(parts: Iterable[Requirement]) -> Requirement:
    """Return what meets every part, without those that ask for nothing."""
    asking = tuple(part for part in parts if part != ANYBODY)
    return asking[0] if len(asking) == 1 else AllOf(asking)
