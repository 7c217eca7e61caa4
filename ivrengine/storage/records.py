"""The record of calls in a database: all facts, and one row for each call folded from them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from hashlib import blake2b

import structlog
from sqlalchemy import RowMapping, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivrengine.calls.fact_codec import KINDS, decode, encode, kind_of
from ivrengine.calls.facts import AnyFact, Timeline
from ivrengine.calls.ports import CallSummary
from ivrengine.calls.summary import SUMMARISED, summarise
from ivrengine.errors import StorageError
from ivrengine.storage.database import Database
from ivrengine.storage.tables import call_facts, calls
from ivrengine.storage.words import plain
from ivrengine.values import CallId

log = structlog.get_logger(__name__)

_SUMMARISED_KINDS = [KINDS[fact_type] for fact_type in SUMMARISED]


class SqlCallRecords:
    """``CallRecords`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        """Use ``database``, whose tables are up to date."""
        self._database = database
        self._keep_fact = database.insert(call_facts).on_conflict_do_nothing()
        # Made once: it names every column, which takes longer than to write a row.
        upsert = database.insert(calls)
        columns = {c.name: upsert.excluded[c.name] for c in calls.columns if not c.primary_key}
        self._keep_summary = upsert.on_conflict_do_update(
            index_elements=[calls.c.call_id], set_=columns
        )

    async def append(self, facts: Sequence[AnyFact]) -> None:
        """Keep facts and bring the rows of their calls up to date, all or nothing."""
        if not facts:
            return
        rows = [_fact_row(fact) for fact in facts]
        touched = {fact.call for fact in facts if isinstance(fact, SUMMARISED)}
        async with self._database.writing() as connection:
            await connection.execute(self._keep_fact, rows)
            if touched:
                await self._refresh(connection, sorted(touched))

    async def summaries(self, *, since: float, number: str, limit: int) -> Sequence[CallSummary]:
        """List calls, newest first."""
        query = select(calls).where(calls.c.started_at >= since)
        if number:
            columns = (calls.c.caller, calls.c.dialled, calls.c.agent)
            query = query.where(or_(*(column == number for column in columns)))
        query = query.order_by(calls.c.started_at.desc(), calls.c.call_id.desc()).limit(limit)
        async with self._database.reading() as connection:
            found = (await connection.execute(query)).mappings().all()
        return [_summary(row) for row in found]

    async def timeline(self, call: CallId) -> Timeline | None:
        """Return a call's facts in order of their times."""
        query = (
            select(call_facts.c.body)
            .where(call_facts.c.call_id == call)
            .order_by(call_facts.c.at, call_facts.c.id)
        )
        async with self._database.reading() as connection:
            bodies = (await connection.execute(query)).scalars().all()
        if not bodies:
            return None
        return Timeline(call=call, facts=tuple(_readable(bodies)))

    async def _refresh(self, connection: AsyncConnection, touched: Sequence[CallId]) -> None:
        query = (
            select(call_facts.c.body)
            .where(call_facts.c.call_id.in_(touched), call_facts.c.kind.in_(_SUMMARISED_KINDS))
            .order_by(call_facts.c.at, call_facts.c.id)
        )
        bodies = (await connection.execute(query)).scalars().all()
        timelines: dict[CallId, list[AnyFact]] = {call: [] for call in touched}
        for fact in _readable(bodies):
            timelines[fact.call].append(fact)
        rows = [_summary_row(row) for row in map(summarise, timelines.values()) if row is not None]
        await connection.execute(self._keep_summary, rows)


def _fact_row(fact: AnyFact) -> dict[str, str | float]:
    body = encode(fact)
    return {
        "call_id": fact.call,
        "at": fact.at,
        "kind": kind_of(fact),
        "digest": blake2b(body.encode(), digest_size=16).hexdigest(),
        "body": body,
    }


def _readable(bodies: Iterable[str]) -> Iterator[AnyFact]:
    for body in bodies:
        try:
            yield decode(body)
        except StorageError as fault:
            log.warning("stored_fact_unreadable", reason=str(fault))


def _summary_row(summary: CallSummary) -> dict[str, str | float | bool]:
    row = asdict(summary)
    names = json.dumps(row.pop("recordings"))
    words = {name: plain(value) if isinstance(value, str) else value for name, value in row.items()}
    return {"call_id": words.pop("call"), "recordings": names, **words}


def _summary(row: RowMapping) -> CallSummary:
    fields = dict(row)
    fields["call"] = CallId(fields.pop("call_id"))
    fields["recordings"] = tuple(json.loads(fields["recordings"]))
    return CallSummary(**fields)
