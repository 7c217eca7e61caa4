"""Reports of figures over any time: of the database's intervals and of those still open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from acd.kpis.agent_report import AgentReport, agent_report
from acd.kpis.kpis import Tallies
from acd.kpis.queue_report import QueueReport
from acd.kpis.tallies import ResolutionTally, T, total
from acd.kpis.trunk_report import TrunkReport, trunk_report
from ivrengine.agents.figures import Figures, day_begin_s
from ivrengine.agents.figures_ports import TallyStore
from ivrengine.clock import Clock

EVERYBODY = "*"
_HOUR_S = 3600


class Span(StrEnum):
    """How long each report is; days go by the clock of the market."""

    INTERVAL = "interval"
    HOUR = "hour"
    DAY = "day"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiQuery:
    """Which reports are wanted, by name, ``*`` for everybody of a kind and empty for nobody.

    ``since_s`` and ``until_s`` are epoch seconds; intervals count that begin between them.
    """

    since_s: float
    until_s: float
    span: Span = Span.WHOLE
    queue: str = ""
    agent: str = ""
    trunk: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiReports:
    """Reports, by name and then by time."""

    queues: tuple[QueueReport, ...]
    agents: tuple[AgentReport, ...]
    trunks: tuple[TrunkReport, ...]


class KpiReporting:
    """Makes reports.

    Args:
        figures: what is counted.
        store: what was counted and closed.
        clock: the end of what is open.
    """

    def __init__(self, figures: Figures, store: TallyStore, clock: Clock) -> None:
        self._figures = figures
        self._store = store
        self._clock = clock

    def today(self) -> tuple[float, float]:
        """Return when today began, and now."""
        now = self._clock.now()
        return day_begin_s(now), now

    async def report(self, query: KpiQuery) -> KpiReports:
        """Return the reports that ``query`` asks for; who was not there has none.

        Raises:
            StorageError: the database did not give what it has.
        """
        kept = await self._store.between(query.since_s, query.until_s)
        found = self._figures.between(kept, query.since_s, query.until_s, self._clock.now())
        return self._reports(query, found)

    def _reports(self, query: KpiQuery, found: Tallies) -> KpiReports:
        resolutions: Mapping[tuple[str, int], ResolutionTally] = {
            (tally.subject, begin_s): tally
            for begin_s, tally in _spanned(found.resolutions, query.queue, query)
        }
        return KpiReports(
            queues=tuple(
                self._figures.queue_report(tally, resolutions.get((tally.subject, begin_s)))
                for begin_s, tally in _spanned(found.queues, query.queue, query)
            ),
            agents=tuple(
                agent_report(tally) for _, tally in _spanned(found.agents, query.agent, query)
            ),
            trunks=tuple(
                trunk_report(tally) for _, tally in _spanned(found.trunks, query.trunk, query)
            ),
        )


def _spanned(tallies: Iterable[T], subject: str, query: KpiQuery) -> Sequence[tuple[int, T]]:
    """Return one tally for each subject and span, with the begin of the span, in their order."""
    groups: dict[tuple[str, int], list[T]] = {}
    for tally in tallies:
        if subject in (EVERYBODY, tally.subject):
            key = (tally.subject, _span_begin_s(tally.begin_s, query))
            groups.setdefault(key, []).append(tally)
    sums = ((begin_s, total(group)) for (_, begin_s), group in sorted(groups.items()))
    return [(begin_s, summed) for begin_s, summed in sums if summed is not None]


def _span_begin_s(at_s: int, query: KpiQuery) -> int:
    match query.span:
        case Span.INTERVAL:
            return at_s
        case Span.HOUR:
            return at_s // _HOUR_S * _HOUR_S
        case Span.DAY:
            return int(day_begin_s(at_s))
        case Span.WHOLE:
            return int(query.since_s)
