"""Tallies of intervals in a database: one row for each subject, interval and batch."""

from collections.abc import Iterable, Iterator, Sequence

import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import RowMapping, select

from acd.kpis.kpis import Tallies
from acd.kpis.tallies import AgentTally, QueueTally, ResolutionTally, T, Tally, TrunkTally
from ivrengine.agents.figures_ports import TallyBatch
from ivrengine.storage.database import Database
from ivrengine.storage.tables import tallies

log = structlog.get_logger(__name__)

_KINDS: dict[str, type[Tally]] = {
    "queue": QueueTally,
    "agent": AgentTally,
    "trunk": TrunkTally,
    "resolution": ResolutionTally,
}
_ADAPTERS: dict[str, TypeAdapter[Tally]] = {
    kind: TypeAdapter(model) for kind, model in _KINDS.items()
}


class SqlTallies:
    """``TallyStore`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        """Use ``database``, whose tables are up to date."""
        self._database = database

    async def add(self, batch: TallyBatch) -> None:
        """Keep a batch, once, all or nothing."""
        rows = list(_rows(batch))
        if not rows:
            return
        insertion = self._database.insert(tallies).on_conflict_do_nothing()
        async with self._database.writing() as connection:
            await connection.execute(insertion, rows)

    async def between(self, begin_s: float, end_s: float) -> Sequence[TallyBatch]:
        """Return what is kept of intervals that began in that time, oldest batch first."""
        query = (
            select(tallies)
            .where(tallies.c.begin_s >= begin_s, tallies.c.begin_s < end_s)
            .order_by(tallies.c.batch, tallies.c.begin_s, tallies.c.subject)
        )
        async with self._database.reading() as connection:
            found = (await connection.execute(query)).mappings().all()
        batches: dict[str, list[Tally]] = {}
        for row in found:
            batches.setdefault(row["batch"], []).extend(_readable(row))
        return [TallyBatch(id=id_, tallies=_parted(each)) for id_, each in batches.items()]


def _rows(batch: TallyBatch) -> Iterator[dict[str, str | int]]:
    kept = batch.tallies
    every: tuple[Tally, ...] = (*kept.queues, *kept.agents, *kept.trunks, *kept.resolutions)
    for tally in every:
        kind = next(kind for kind, model in _KINDS.items() if type(tally) is model)
        yield {
            "batch": batch.id,
            "kind": kind,
            "subject": tally.subject,
            "begin_s": tally.begin_s,
            "body": _ADAPTERS[kind].dump_json(tally).decode(),
        }


def _readable(row: RowMapping) -> Iterator[Tally]:
    try:
        yield _ADAPTERS[row["kind"]].validate_json(row["body"])
    except (KeyError, ValidationError) as fault:
        log.warning("stored_tally_unreadable", batch=row["batch"], reason=type(fault).__name__)


def _parted(every: Sequence[Tally]) -> Tallies:
    return Tallies(
        queues=_only(QueueTally, every),
        agents=_only(AgentTally, every),
        trunks=_only(TrunkTally, every),
        resolutions=_only(ResolutionTally, every),
    )


def _only(kind: type[T], every: Iterable[Tally]) -> tuple[T, ...]:
    return tuple(tally for tally in every if isinstance(tally, kind))
