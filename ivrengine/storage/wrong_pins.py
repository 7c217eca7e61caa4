"""How often PINs were wrong in a row, in a database that survives a power cut."""

from sqlalchemy import delete, select

from ivrengine.services.customers.model import CustomerNumber, WrongInARow
from ivrengine.storage.database import Database
from ivrengine.storage.tables import wrong_pins

FORGOTTEN_AFTER_S = 30 * 86_400.0
"""A number about which nobody was wrong for so long begins anew, so that the table stays small."""


class SqlWrongPins:
    """``WrongPins`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        """Use ``database``, a durable one whose tables are up to date."""
        self._database = database

    async def of(self, number: CustomerNumber) -> WrongInARow:
        """Return how often in a row somebody was wrong about the PIN of a number, and when."""
        query = select(wrong_pins).where(wrong_pins.c.number == number)
        async with self._database.reading() as connection:
            found = (await connection.execute(query)).mappings().first()
        if found is None:
            return WrongInARow()
        return WrongInARow(count=found["in_a_row"], last_at=found["last_at"])

    async def wrong(self, number: CustomerNumber, at: float) -> int:
        """Count a try at ``at``; return how many there were in a row with it."""
        row = {"number": number, "in_a_row": 1, "last_at": at}
        insertion = self._database.insert(wrong_pins).values(row)
        counted = insertion.on_conflict_do_update(
            index_elements=[wrong_pins.c.number],
            set_={"in_a_row": wrong_pins.c.in_a_row + 1, "last_at": at},
        ).returning(wrong_pins.c.in_a_row)
        old = delete(wrong_pins).where(wrong_pins.c.last_at < at - FORGOTTEN_AFTER_S)
        async with self._database.writing() as connection:
            await connection.execute(old)
            in_a_row: int = (await connection.execute(counted)).scalar_one()
        return in_a_row

    async def right(self, number: CustomerNumber) -> None:
        """Forget what was wrong before a right PIN."""
        forgotten = delete(wrong_pins).where(wrong_pins.c.number == number)
        async with self._database.writing() as connection:
            await connection.execute(forgotten)
