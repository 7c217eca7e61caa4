"""Tickets and recordings in memory, for whole-call tests and for the terminal simulator."""

from collections.abc import Sequence

from ivrengine.services.mailbox.model import Ticket, TicketNumber
from ivrengine.telephony import RecordingName


class MemoryTickets:
    """A :class:`~ivrengine.services.mailbox.ports.TicketStore` that forgets at exit."""

    def __init__(self) -> None:
        self._by_number: dict[TicketNumber, Ticket] = {}
        self._by_recording: dict[RecordingName, Ticket] = {}

    async def add(self, ticket: Ticket) -> Ticket | None:
        """Keep a ticket; see the port."""
        earlier = self._by_recording.get(ticket.message.recording)
        if earlier is not None:
            return earlier
        if ticket.number in self._by_number:
            return None
        self._by_number[ticket.number] = ticket
        self._by_recording[ticket.message.recording] = ticket
        return ticket

    async def find(self, number: TicketNumber) -> Ticket | None:
        """Return a ticket by its number."""
        return self._by_number.get(number)

    async def newest(self, *, limit: int) -> Sequence[Ticket]:
        """Return up to ``limit`` tickets, the last kept first."""
        ordered = sorted(
            reversed(self._by_number.values()),
            key=lambda ticket: ticket.message.kept_at,
            reverse=True,
        )
        return tuple(ordered[:limit])


class MemoryShelf:
    """A shelf on which every recording lies that was put there."""

    def __init__(self, *recordings: RecordingName) -> None:
        self.recordings = set(recordings)
        self.secured: set[RecordingName] = set()

    async def secure(self, recording: RecordingName) -> bool:
        """Mark a recording as safe, if it is here."""
        if recording not in self.recordings:
            return False
        self.secured.add(recording)
        return True

    async def discard(self, recording: RecordingName) -> None:
        """Take a recording off the shelf."""
        self.recordings.discard(recording)
