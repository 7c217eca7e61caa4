"""All figures in one hand: told what happens, it gives reports, live or of intervals gone by.

Give its ``listeners`` to a :class:`~acd.following.Following` that is fed from the router, and tell
it the events of lines besides. Intervals stay until they are closed, which hands their tallies to
whoever keeps them. What is handed over is to be *added* to what is kept of the same subject and
interval: a visit that is heard of late may be counted in an interval that was closed before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from acd.followed import Listener
from acd.kpis.agent_counts import AgentCounts, AgentCountsState
from acd.kpis.agent_report import AgentReport, agent_report
from acd.kpis.queue_counts import QueueCounts, QueueCountsState
from acd.kpis.queue_report import QueueReport, queue_report
from acd.kpis.resolutions import Resolutions, ResolutionsState
from acd.kpis.rules import KpiRules
from acd.kpis.tallies import AgentTally, QueueTally, ResolutionTally, T, TrunkTally, total
from acd.kpis.trunk_counts import TrunkCounts, TrunkCountsState
from acd.kpis.trunk_report import TrunkReport, trunk_report
from acd.model import AgentId, ContactId, QueueName
from acd.trunk_groups import LineEvent, TrunkGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Tallies:
    """Tallies of every kind."""

    queues: tuple[QueueTally, ...] = ()
    agents: tuple[AgentTally, ...] = ()
    trunks: tuple[TrunkTally, ...] = ()
    resolutions: tuple[ResolutionTally, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiState:
    """A snapshot of all counting, to be kept beside one of the router of the same moment."""

    queues: QueueCountsState = field(default_factory=QueueCountsState)
    agents: AgentCountsState = field(default_factory=AgentCountsState)
    trunks: TrunkCountsState = field(default_factory=TrunkCountsState)
    resolutions: ResolutionsState = field(default_factory=ResolutionsState)


class Kpis:
    """The figures of a centre."""

    def __init__(self, rules: KpiRules | None = None) -> None:
        self.rules = rules = rules or KpiRules()
        self._queues = QueueCounts(rules)
        self._agents = AgentCounts(rules)
        self._trunks = TrunkCounts(rules)
        self._resolutions = Resolutions(rules)

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """What is to be told of the floor."""
        return (self._queues, self._agents, self._resolutions)

    def take_line(self, event: LineEvent) -> None:
        """Take in what became of a trunk group's line."""
        self._trunks.take(event)

    def take_groups(self, groups: Iterable[TrunkGroup], now: float) -> None:
        """Take these for all trunk groups."""
        self._trunks.configured(groups, now)

    def announced(self, contact: ContactId, expected_s: float, now: float) -> None:
        """Take in that a waiting caller was told to expect to wait for ``expected_s`` from now."""
        self._queues.announced(contact, expected_s, now)

    def watch(self, queues: Sequence[QueueName], now: float) -> None:
        """Count everything that lasts up to ``now``; ``queues`` are watched even when empty.

        Needed before reports that are to be up to date, and before closing.
        """
        self._queues.watch(tuple(queues), now)
        self._agents.watch(now)
        self._trunks.watch(now)

    def tallies(self) -> Tallies:
        """Return copies of all tallies that were not closed."""
        return Tallies(
            queues=self._queues.book.snapshot(),
            agents=self._agents.book.snapshot(),
            trunks=self._trunks.book.snapshot(),
            resolutions=self._resolutions.book.snapshot(),
        )

    def close(self, until_s: float) -> Tallies:
        """Hand over, and forget, the intervals that ended by ``until_s`` and are complete.

        Everything must have been watched up to then. An interval of a queue is complete when the
        last of its visits is over, one of its resolutions when nobody can come back in time.
        """
        return Tallies(
            queues=tuple(self._queues.close(until_s)),
            agents=tuple(self._agents.close(until_s)),
            trunks=tuple(self._trunks.close(until_s)),
            resolutions=tuple(self._resolutions.close(until_s)),
        )

    # Reports of what was not closed.

    def queue_report(
        self, queue: QueueName, begin_s: float, end_s: float, kept: Tallies | None = None
    ) -> QueueReport:
        """Report on a queue over the intervals from ``begin_s`` to before ``end_s``.

        ``kept`` are tallies that were closed before, to be added.
        """
        kept = kept or Tallies()
        tally = _sum((*kept.queues, *self._queues.book), queue, begin_s, end_s)
        resolution = _sum((*kept.resolutions, *self._resolutions.book), queue, begin_s, end_s)
        return queue_report(
            tally or QueueTally(subject=queue, begin_s=int(begin_s), end_s=int(end_s)),
            self.rules.targets_of(queue),
            resolution,
        )

    def agent_report(
        self, agent: AgentId, begin_s: float, end_s: float, kept: Tallies | None = None
    ) -> AgentReport:
        """Report on an agent over the intervals from ``begin_s`` to before ``end_s``."""
        tally = _sum(
            (*(kept or Tallies()).agents, *self._agents.book), agent, begin_s, end_s
        ) or AgentTally(subject=agent, begin_s=int(begin_s), end_s=int(end_s))
        return agent_report(tally)

    def trunk_report(
        self, trunk: str, begin_s: float, end_s: float, kept: Tallies | None = None
    ) -> TrunkReport:
        """Report on a trunk group over the intervals from ``begin_s`` to before ``end_s``."""
        tally = _sum(
            (*(kept or Tallies()).trunks, *self._trunks.book), trunk, begin_s, end_s
        ) or TrunkTally(subject=trunk, begin_s=int(begin_s), end_s=int(end_s))
        return trunk_report(tally)

    # Keeping it.

    def snapshot(self) -> KpiState:
        """Return all that is known."""
        return KpiState(
            queues=self._queues.snapshot(),
            agents=self._agents.snapshot(),
            trunks=self._trunks.snapshot(),
            resolutions=self._resolutions.snapshot(),
        )

    def restore(self, state: KpiState) -> None:
        """Know again what a snapshot knew, and nothing else."""
        self._queues.restore(state.queues)
        self._agents.restore(state.agents)
        self._trunks.restore(state.trunks)
        self._resolutions.restore(state.resolutions)


def _sum(tallies: Iterable[T], subject: str, begin_s: float, end_s: float) -> T | None:
    return total(
        tally for tally in tallies if tally.subject == subject and begin_s <= tally.begin_s < end_s
    )
