"""Storage in memory, for tests and rehearsals: held to the same suite as the databases."""

from collections.abc import Sequence

from acd.kpis.kpis import Tallies
from ivrengine.agents.figures_ports import TallyBatch
from ivrengine.calls.fact_codec import encode
from ivrengine.calls.facts import AnyFact, Timeline
from ivrengine.calls.ports import CallSummary
from ivrengine.calls.summary import SUMMARISED, summarise
from ivrengine.errors import StorageError
from ivrengine.values import CallId


class MemoryCallRecords:
    """``CallRecords`` that last as long as the process.

    Attributes:
        away: while true every request fails, as it does when a database is down.
    """

    def __init__(self) -> None:
        """Begin with no calls."""
        self.away = False
        self._facts: dict[CallId, dict[str, AnyFact]] = {}

    async def append(self, facts: Sequence[AnyFact]) -> None:
        """Keep facts, equal ones once."""
        self._answer()
        for line, fact in [(encode(fact), fact) for fact in facts]:
            self._facts.setdefault(fact.call, {}).setdefault(line, fact)

    async def summaries(self, *, since: float, number: str, limit: int) -> Sequence[CallSummary]:
        """List calls, newest first."""
        self._answer()
        rows = [
            summarise(fact for fact in self._in_order(call) if isinstance(fact, SUMMARISED))
            for call in self._facts
        ]
        found = [
            row
            for row in rows
            if row is not None
            and row.started_at >= since
            and number in ("", row.caller, row.dialled, row.agent)
        ]
        return sorted(found, key=lambda row: (row.started_at, row.call), reverse=True)[:limit]

    async def timeline(self, call: CallId) -> Timeline | None:
        """Return a call's facts in order of their times."""
        self._answer()
        if call not in self._facts:
            return None
        return Timeline(call=call, facts=tuple(self._in_order(call)))

    def _in_order(self, call: CallId) -> list[AnyFact]:
        return sorted(self._facts[call].values(), key=lambda fact: fact.at)

    def _answer(self) -> None:
        if self.away:
            raise StorageError("the memory is away")


class MemoryTallies:
    """``TallyStore`` that lasts as long as the process.

    Attributes:
        away: while true every request fails, as it does when a database is down.
    """

    def __init__(self) -> None:
        """Begin with no tallies."""
        self.away = False
        self._batches: dict[str, TallyBatch] = {}

    async def add(self, batch: TallyBatch) -> None:
        """Keep a batch, once."""
        self._answer()
        self._batches.setdefault(batch.id, batch)

    async def between(self, begin_s: float, end_s: float) -> Sequence[TallyBatch]:
        """Return what is kept of intervals that began in that time."""
        self._answer()
        found = (_within(batch, begin_s, end_s) for batch in self._batches.values())
        return [batch for batch in found if batch.tallies != Tallies()]

    def _answer(self) -> None:
        if self.away:
            raise StorageError("the memory is away")


def _within(batch: TallyBatch, begin_s: float, end_s: float) -> TallyBatch:
    kept = batch.tallies
    return TallyBatch(
        id=batch.id,
        tallies=Tallies(
            queues=tuple(each for each in kept.queues if begin_s <= each.begin_s < end_s),
            agents=tuple(each for each in kept.agents if begin_s <= each.begin_s < end_s),
            trunks=tuple(each for each in kept.trunks if begin_s <= each.begin_s < end_s),
            resolutions=tuple(each for each in kept.resolutions if begin_s <= each.begin_s < end_s),
        ),
    )
