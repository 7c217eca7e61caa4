"""Tickets of the voice mailbox in a database that survives a power cut."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, select

from ivrengine.services.mailbox.model import Message, MessageKind, Ticket, TicketNumber
from ivrengine.storage.database import Database
from ivrengine.storage.tables import tickets
from ivrengine.storage.words import plain
from ivrengine.telephony import RecordingName
from ivrengine.values import CallId, Language, PhoneNumber


class SqlTickets:
    """``TicketStore`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        """Use ``database``, a durable one whose tables are up to date."""
        self._database = database

    async def add(self, ticket: Ticket) -> Ticket | None:
        """Keep a ticket, or find the one that its recording has already."""
        insertion = self._database.insert(tickets).on_conflict_do_nothing()
        by_recording = select(tickets).where(tickets.c.recording == ticket.message.recording)
        async with self._database.writing() as connection:
            await connection.execute(insertion, [_row(ticket)])
            kept = (await connection.execute(by_recording)).mappings().one_or_none()
        return None if kept is None else _ticket(kept)

    async def find(self, number: TicketNumber) -> Ticket | None:
        """Return a ticket by its number."""
        query = select(tickets).where(tickets.c.number == number)
        async with self._database.reading() as connection:
            found = (await connection.execute(query)).mappings().one_or_none()
        return None if found is None else _ticket(found)

    async def newest(self, *, limit: int) -> Sequence[Ticket]:
        """Return up to ``limit`` tickets, the last kept first."""
        query = select(tickets).order_by(tickets.c.kept_at.desc(), tickets.c.id.desc()).limit(limit)
        async with self._database.reading() as connection:
            found = (await connection.execute(query)).mappings().all()
        return tuple(map(_ticket, found))


def _row(ticket: Ticket) -> dict[str, str | float]:
    message = ticket.message
    return {
        "number": ticket.number,
        "recording": message.recording,
        "kind": message.kind.value,
        "caller": plain(message.caller.digits),
        "language": message.language.value,
        "call_id": message.call,
        "kept_at": message.kept_at,
    }


def _ticket(row: RowMapping) -> Ticket:
    message = Message(
        recording=RecordingName(row["recording"]),
        kind=MessageKind(row["kind"]),
        caller=PhoneNumber(row["caller"]),
        language=Language(row["language"]),
        call=CallId(row["call_id"]),
        kept_at=row["kept_at"],
    )
    return Ticket(number=TicketNumber(row["number"]), message=message)
