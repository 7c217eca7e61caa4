"""What the mailbox needs of the world: a store of tickets, and the place where recordings lie."""

from collections.abc import Sequence
from typing import Protocol

from ivrengine.services.mailbox.model import Ticket, TicketNumber
from ivrengine.telephony import RecordingName


class TicketStore(Protocol):
    """Keeps tickets so that they outlive a power cut."""

    async def add(self, ticket: Ticket) -> Ticket | None:
        """Keep a ticket; returning means that it survives a power cut.

        Returns the ticket under which the message's recording is kept: the given one, or the
        earlier one if that recording was kept before. None if the number belongs to another
        recording: nothing was kept, try again with another number.

        Raises:
            StorageError: it is not known whether it was kept; adding it again is safe.
        """
        ...

    async def find(self, number: TicketNumber) -> Ticket | None:
        """Return a ticket by its number.

        Raises:
            StorageError: the store cannot be read.
        """
        ...

    async def newest(self, *, limit: int) -> Sequence[Ticket]:
        """Return up to ``limit`` tickets, the last kept first.

        Raises:
            StorageError: the store cannot be read.
        """
        ...


class RecordingShelf(Protocol):
    """Where finished recordings lie."""

    async def secure(self, recording: RecordingName) -> bool:
        """Make sure that a recording survives a power cut; False if there is no sound in it.

        Raises:
            StorageError: it is there but could not be made safe.
        """
        ...

    async def discard(self, recording: RecordingName) -> None:
        """Remove a recording; one that is gone is no error.

        Raises:
            StorageError: it could not be removed.
        """
        ...
