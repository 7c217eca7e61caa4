"""Callers' ratings in a database that survives a power cut."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, select

from ivrengine.services.ratings.model import Rating
from ivrengine.storage.database import Database
from ivrengine.storage.tables import ratings
from ivrengine.values import AgentNumber, CallId


class SqlRatings:
    """``RatingStore`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        """Use ``database``, a durable one whose tables are up to date."""
        self._database = database

    async def add(self, rating: Rating) -> None:
        """Keep a rating in place of an earlier one of the same call and agent."""
        row = {
            "call_id": rating.call,
            "agent": rating.agent,
            "score": rating.score,
            "rated_at": rating.rated_at,
        }
        insertion = self._database.insert(ratings).on_conflict_do_update(
            index_elements=[ratings.c.call_id, ratings.c.agent],
            set_={"score": rating.score, "rated_at": rating.rated_at},
        )
        async with self._database.writing() as connection:
            await connection.execute(insertion, [row])

    async def since(self, at: float) -> Sequence[Rating]:
        """Return the ratings given at or after ``at``, oldest first."""
        query = (
            select(ratings)
            .where(ratings.c.rated_at >= at)
            .order_by(ratings.c.rated_at, ratings.c.id)
        )
        async with self._database.reading() as connection:
            found = (await connection.execute(query)).mappings().all()
        return tuple(map(_rating, found))


def _rating(row: RowMapping) -> Rating:
    return Rating(
        call=CallId(row["call_id"]),
        agent=AgentNumber(row["agent"]),
        score=row["score"],
        rated_at=row["rated_at"],
    )
