"""The free agents, by profile: who of them comes first.

Agents with the same queues and skills share a profile and stand in it in order, one order for each
way of picking that their queues use. Every order is one of keys that stay as they are while an
agent is idle, so nothing has to be sorted anew as time goes by. That holds for occupancy too: what
an agent's busy time counts for shrinks with its age by a factor that is the same for everybody, so
between two idle agents the lesser load stays the lesser.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, assert_never

from sortedcontainers import SortedList

from acd.model import AgentId, Pick, Queue, QueueName, Skill
from acd.requirements import SkillName

_Rules = Callable[[QueueName], Queue]


class Profile:
    """What agents have in common: their queues but not their own lines, and their skills."""

    __slots__ = ("free", "picks", "queues", "skills")

    def __init__(self, queues: frozenset[QueueName], skills: tuple[Skill, ...]) -> None:
        # In an order of its own, so that nothing depends on how a set happens to be laid out.
        self.queues = dict.fromkeys(sorted(queues))
        self.skills: Mapping[SkillName, int] = {skill.name: skill.level for skill in skills}
        self.picks: tuple[Pick, ...] = ()
        self.free: dict[Pick, SortedList[Rank]] = {}


class Seat(NamedTuple):
    """A free agent, and by what agents are picked.

    ``load`` orders idle agents by their occupancy, see :meth:`~acd.live_desk.LiveDesk.load`;
    ``calls`` are their conversations and ``turn`` the number of their last offer.
    """

    profile: Profile
    idle_since: float
    load: float
    calls: int
    turn: int


class Rank(NamedTuple):
    """An agent's place in an order; the smallest comes first."""

    skill: int
    key: float
    idle_since: float
    agent: AgentId


def rank(rules: Queue, agent: AgentId, seat: Seat) -> Rank:
    """Return the place of ``agent`` in the order of a queue with ``rules``."""
    listed = _rank(_listing(rules.pick), agent, seat)
    return listed._replace(skill=-_level(rules, seat.profile))


def _level(rules: Queue, profile: Profile) -> int:
    if rules.pick is not Pick.MOST_SKILLED or rules.pick_skill is None:
        return 0
    return profile.skills.get(rules.pick_skill, 0)


def _listing(pick: Pick) -> Pick:
    """Return the order that ``pick`` is, among agents of one profile."""
    if pick is Pick.MOST_SKILLED or pick is Pick.RING_ALL:
        return Pick.LONGEST_IDLE
    return pick


def _rank(listing: Pick, agent: AgentId, seat: Seat) -> Rank:
    match listing:
        case Pick.LONGEST_IDLE | Pick.MOST_SKILLED | Pick.RING_ALL:
            key = 0.0
        case Pick.LEAST_OCCUPIED:
            key = seat.load
        case Pick.ROUND_ROBIN:
            key = seat.turn
        case Pick.FEWEST_CALLS:
            key = seat.calls
        case _:
            assert_never(listing)
    return Rank(0, key, seat.idle_since, agent)


class FreeAgents:
    """Every agent who may be offered a contact.

    Args:
        rules: returns the rules of any queue.
    """

    def __init__(self, rules: _Rules) -> None:
        self._rules = rules
        self._profiles: dict[tuple[frozenset[QueueName], tuple[Skill, ...]], Profile] = {}
        self._seats: dict[AgentId, Seat] = {}
        self._with_free: dict[QueueName, dict[Profile, None]] = {}

    def __contains__(self, agent: AgentId) -> bool:
        return agent in self._seats

    def get(self, agent: AgentId) -> Seat | None:
        """Return where ``agent`` stands, None when not free."""
        return self._seats.get(agent)

    def require(self, agent: AgentId) -> Seat:
        """Return where ``agent``, who is free, stands."""
        return self._seats[agent]

    def profile(self, queues: frozenset[QueueName], skills: tuple[Skill, ...]) -> Profile:
        """Return the one profile with these queues and skills."""
        key = (queues, skills)
        known = self._profiles.get(key)
        if known is None:
            known = self._profiles[key] = Profile(queues, skills)
            known.picks = self._picks(known)
        return known

    def keep_profiles(self, in_use: frozenset[Profile]) -> bool:
        """Forget the profiles not in use; tell whether there were any."""
        before = len(self._profiles)
        kept = {key: profile for key, profile in self._profiles.items() if profile in in_use}
        self._profiles = kept
        return len(kept) < before

    def arrange_anew(self) -> None:
        """Follow queues that pick in another way."""
        seats = tuple(self._seats.items())
        for agent, _ in seats:
            self.unseat(agent)
        for profile in self._profiles.values():
            profile.picks = self._picks(profile)
        for agent, seat in seats:
            self.seat(agent, seat)

    def _picks(self, profile: Profile) -> tuple[Pick, ...]:
        return tuple(dict.fromkeys(_listing(self._rules(queue).pick) for queue in profile.queues))

    def seat(self, agent: AgentId, seat: Seat) -> bool:
        """Let ``agent`` be free, in place of what was known; True when not free for that before."""
        was = self._seats.get(agent)
        if was == seat:
            return False
        self.unseat(agent)
        self._seats[agent] = seat
        profile = seat.profile
        if not profile.free:
            profile.free = {pick: SortedList() for pick in profile.picks}
            for queue in profile.queues:
                self._with_free.setdefault(queue, {})[profile] = None
        for pick, listed in profile.free.items():
            listed.add(_rank(pick, agent, seat))
        return was is None or was.profile is not profile

    def unseat(self, agent: AgentId) -> None:
        """Let ``agent`` not be free; one who is not is no error."""
        seat = self._seats.pop(agent, None)
        if seat is None:
            return
        profile = seat.profile
        left = 0
        for pick, listed in profile.free.items():
            listed.remove(_rank(pick, agent, seat))
            left = len(listed)
        if not left:
            profile.free = {}
            for queue in profile.queues:
                del self._with_free[queue][profile]

    def foremost(
        self, rules: Queue, fits: Callable[[Profile], bool], excludes: Callable[[AgentId], bool]
    ) -> Rank | None:
        """Return who comes first for a queue with ``rules``, of profiles that fit."""
        best: Rank | None = None
        listing = _listing(rules.pick)
        for profile in self._with_free.get(rules.name, ()):
            if not fits(profile):
                continue
            listed = profile.free[listing]
            first = next((ranked for ranked in listed if not excludes(ranked.agent)), None)
            if first is None:
                continue
            if rules.pick is Pick.MOST_SKILLED:
                first = first._replace(skill=-_level(rules, profile))
            if best is None or first < best:
                best = first
        return best

    def all_of(
        self, rules: Queue, fits: Callable[[Profile], bool], excludes: Callable[[AgentId], bool]
    ) -> Iterator[Rank]:
        """Return everybody free for a queue with ``rules``, of profiles that fit, in no order."""
        listing = _listing(rules.pick)
        for profile in self._with_free.get(rules.name, ()):
            if fits(profile):
                for ranked in profile.free[listing]:
                    if not excludes(ranked.agent):
                        yield ranked
