"""The figures of the day: counted from what distribution does, exact through every restart.

Intervals that are over are closed into batches for the database; the sums of the day stay here, so
that a look at today asks no database. The state of all counting is written whenever the log of
distribution begins anew, and what followed is counted again from that log.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from acd.commands import Command
from acd.events import Event
from acd.followed import FloorState
from acd.following import Following
from acd.kpis.agent_report import AgentReport, agent_report
from acd.kpis.kpis import Kpis, KpiState, Tallies
from acd.kpis.queue_report import QueueReport, queue_report
from acd.kpis.rules import KpiRules, QueueTargets
from acd.kpis.tallies import QueueTally, ResolutionTally, T, total
from acd.kpis.trunk_report import TrunkReport, trunk_report
from acd.model import ContactId, QueueName
from acd.trunk_groups import LineEvent, TrunkGroup
from ivrengine.agents.figures_ports import TallyBatch
from ivrengine.agents.roster import Roster
from ivrengine.clock import MARKET_ZONE, local_time


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresState:
    """All that is counted at ``at``, the moment at which the log of distribution began anew.

    ``today`` are the sums of the day's closed intervals, ``unstored`` batches that the database
    has not taken yet.
    """

    at: float
    floor: FloorState = field(default_factory=FloorState)
    kpis: KpiState = field(default_factory=KpiState)
    day_begin_s: float = 0.0
    today: Tallies = field(default_factory=Tallies)
    unstored: tuple[TallyBatch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """The reports of one day up to now, by name; who was not there has none."""

    queues: Mapping[str, QueueReport]
    agents: Mapping[str, AgentReport]
    trunks: Mapping[str, TrunkReport]


NO_FIGURES = DayFigures(queues={}, agents={}, trunks={})


def rules_of(roster: Roster) -> KpiRules:
    """Return how figures are counted with ``roster``."""
    return KpiRules(
        interval_s=60 * roster.statistics.interval_min,
        by_queue={
            QueueName(queue.name): QueueTargets(
                threshold_s=queue.service_level.threshold_s,
                short_s=queue.service_level.short_abandon_s,
            )
            for queue in roster.queues.values()
        },
    )


class Figures:
    """Counts.

    Args:
        roster: whose queues are watched, and how they are measured.

    Attributes:
        unstored: batches that the database has not taken yet, oldest first.
    """

    def __init__(self, roster: Roster) -> None:
        self.unstored: list[TallyBatch] = []
        self._kpis = Kpis(rules_of(roster))
        self._queues = _names(roster)
        self._following = Following(self._kpis.listeners)
        self._today = Tallies()
        self._day_begin_s = 0.0

    @property
    def interval_s(self) -> int:
        """Seconds of one interval."""
        return self._kpis.rules.interval_s

    def take(self, event: Event, commands: Sequence[Command], now: float) -> None:
        """Take in one event and what the router answered to it."""
        self._following.take(event, commands, now)

    def measure_by(self, roster: Roster) -> None:
        """Count by the rules of another roster from here on; what was counted stays."""
        state = self._kpis.snapshot()
        self._kpis = Kpis(rules_of(roster))
        self._kpis.restore(state)
        self._queues = _names(roster)
        self._following.listeners = self._kpis.listeners

    def announced(self, contact: ContactId, expected_s: float, now: float) -> None:
        """Take in that a waiting caller was told to expect to wait for ``expected_s``."""
        self._kpis.announced(contact, expected_s, now)

    def take_line(self, event: LineEvent) -> None:
        """Take in what became of a line."""
        self._kpis.take_line(event)

    def take_groups(self, groups: Iterable[TrunkGroup], now: float) -> None:
        """Take these for all trunk groups."""
        self._kpis.take_groups(groups, now)

    # Closing intervals.

    def close(self, now: float) -> TallyBatch | None:
        """Close the intervals that are over; None when there is nothing to be kept of them."""
        self._turn_day(now)
        self._kpis.watch(self._queues, now)
        closed = self._kpis.close(now // self.interval_s * self.interval_s)
        if not any((closed.queues, closed.agents, closed.trunks, closed.resolutions)):
            return None
        self._keep_today(closed)
        batch = TallyBatch(id=f"{now:.3f}", tallies=closed)
        self.unstored.append(batch)
        return batch

    def stored(self, batch: TallyBatch) -> None:
        """Take note that the database has ``batch``."""
        self.unstored.remove(batch)

    # Reports.

    def today(self, now: float) -> DayFigures:
        """Return the figures of the day of ``now``."""
        self._turn_day(now)
        self._kpis.watch(self._queues, now)
        open_ = _since(self._kpis.tallies(), self._day_begin_s)
        return self._reports(_added(self._today, open_))

    def between(
        self, kept: Iterable[TallyBatch], begin_s: float, end_s: float, now: float
    ) -> Tallies:
        """Return all tallies of the intervals that began in that time, one for each interval.

        ``kept`` is what the database has of them.
        """
        self._kpis.watch(self._queues, now)
        kept = tuple(kept)
        stored = {batch.id for batch in kept}
        rest = [batch.tallies for batch in self.unstored if batch.id not in stored]
        every = [*(batch.tallies for batch in kept), *rest, self._kpis.tallies()]
        return Tallies(
            queues=_by_interval((t for some in every for t in some.queues), begin_s, end_s),
            agents=_by_interval((t for some in every for t in some.agents), begin_s, end_s),
            trunks=_by_interval((t for some in every for t in some.trunks), begin_s, end_s),
            resolutions=_by_interval(
                (t for some in every for t in some.resolutions), begin_s, end_s
            ),
        )

    def queue_report(self, tally: QueueTally, resolution: ResolutionTally | None) -> QueueReport:
        """Make a report of a queue's tally, measured as the queue is at present."""
        targets = self._kpis.rules.targets_of(QueueName(tally.subject))
        return queue_report(tally, targets, resolution)

    def _reports(self, tallies: Tallies) -> DayFigures:
        resolutions = {tally.subject: tally for tally in tallies.resolutions}
        return DayFigures(
            queues={
                tally.subject: self.queue_report(tally, resolutions.get(tally.subject))
                for tally in tallies.queues
            },
            agents={tally.subject: agent_report(tally) for tally in tallies.agents},
            trunks={tally.subject: trunk_report(tally) for tally in tallies.trunks},
        )

    def _turn_day(self, now: float) -> None:
        begin_s = day_begin_s(now)
        if begin_s != self._day_begin_s:
            self._day_begin_s = begin_s
            self._today = Tallies()

    def _keep_today(self, closed: Tallies) -> None:
        self._today = _added(self._today, _since(closed, self._day_begin_s))

    # Keeping it.

    def state(self, now: float) -> FiguresState:
        """Return all that is known at ``now``."""
        self._turn_day(now)
        return FiguresState(
            at=now,
            floor=self._following.snapshot(),
            kpis=self._kpis.snapshot(),
            day_begin_s=self._day_begin_s,
            today=self._today,
            unstored=tuple(self.unstored),
        )

    def restore(self, state: FiguresState, log_begins_at: float | None) -> None:
        """Know again what was known; the events of the log follow by :meth:`take`.

        A state of another moment than the log's beginning does not fit the events that follow. Of
        it the sums are kept, and the floor is learnt anew.
        """
        self.unstored = list(state.unstored)
        self._day_begin_s, self._today = state.day_begin_s, state.today
        if log_begins_at == state.at:
            self._following.restore(state.floor)
            self._kpis.restore(state.kpis)
            return
        former = Kpis(self._kpis.rules)
        former.restore(state.kpis)
        left = former.tallies()
        if any((left.queues, left.agents, left.trunks)):
            self._keep_today(left)
            self.unstored.append(TallyBatch(id=f"{state.at:.3f}-left", tallies=left))


def day_begin_s(now: float) -> float:
    """Return when the day of ``now`` began on the clock of the market."""
    local = local_time(now, MARKET_ZONE)
    return local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()


def _names(roster: Roster) -> tuple[QueueName, ...]:
    return tuple(QueueName(name) for name in roster.queues)


def _since(tallies: Tallies, begin_s: float) -> Tallies:
    return Tallies(
        queues=tuple(tally for tally in tallies.queues if tally.begin_s >= begin_s),
        agents=tuple(tally for tally in tallies.agents if tally.begin_s >= begin_s),
        trunks=tuple(tally for tally in tallies.trunks if tally.begin_s >= begin_s),
        resolutions=tuple(tally for tally in tallies.resolutions if tally.begin_s >= begin_s),
    )


def _added(one: Tallies, other: Tallies) -> Tallies:
    """Return one tally for each subject."""
    return Tallies(
        queues=_by_subject((*one.queues, *other.queues)),
        agents=_by_subject((*one.agents, *other.agents)),
        trunks=_by_subject((*one.trunks, *other.trunks)),
        resolutions=_by_subject((*one.resolutions, *other.resolutions)),
    )


def _by_subject(tallies: Iterable[T]) -> tuple[T, ...]:
    groups: dict[str, list[T]] = {}
    for tally in tallies:
        groups.setdefault(tally.subject, []).append(tally)
    return _sums(groups.values())


def _by_interval(tallies: Iterable[T], begin_s: float, end_s: float) -> tuple[T, ...]:
    groups: dict[tuple[str, int], list[T]] = {}
    for tally in tallies:
        if begin_s <= tally.begin_s < end_s:
            groups.setdefault((tally.subject, tally.begin_s), []).append(tally)
    return _sums(groups.values())


def _sums(groups: Iterable[Sequence[T]]) -> tuple[T, ...]:
    sums = (total(group) for group in groups)
    return tuple(summed for summed in sums if summed is not None)
