"""Keeps what callers say: the ticket number is given out only when the message is safe.

A ticket survives a power cut before the caller hears its number: first the sound is flushed, then
the ticket is committed. Keeping the same recording twice gives the same number, so a flow may ask
again after a deadline.
"""

import secrets

from ivrengine.errors import Bug, StorageError
from ivrengine.services.mailbox.model import (
    KeepAnswer,
    Kept,
    Message,
    MessageKind,
    RecordingMissing,
    Ticket,
)
from ivrengine.services.mailbox.ports import RecordingShelf, TicketStore
from ivrengine.services.mailbox.rules import Chance, draw_number
from ivrengine.services.mailbox.speech import DISCARD, KEEP, spoken
from ivrengine.services.registry import OK, Action, ActionContext, ActionResult, Arguments
from ivrengine.telephony import RecordingName

_DRAWS = 20
"""How often a taken number is drawn again: with half of all numbers taken, 1 in 10^6 fails."""


class Mailbox:
    """The actions ``mailbox.keep`` and ``mailbox.discard``."""

    def __init__(
        self, tickets: TicketStore, shelf: RecordingShelf, *, chance: Chance = secrets.randbelow
    ) -> None:
        self._tickets = tickets
        self._shelf = shelf
        self._chance = chance

    def actions(self) -> tuple[Action, ...]:
        """Return what flows can ask of the mailbox."""
        return (
            Action(name="mailbox.keep", spec=KEEP, run=self._keep),
            Action(name="mailbox.discard", spec=DISCARD, run=self._discard),
        )

    async def keep(self, message: Message) -> KeepAnswer:
        """Keep a message under a new number, or under the one that it has already.

        Raises:
            StorageError: the message may not be safe; the caller must not be told that it is.
        """
        if not await self._shelf.secure(message.recording):
            return RecordingMissing()
        for _ in range(_DRAWS):
            ticket = Ticket(number=draw_number(self._chance), message=message)
            kept = await self._tickets.add(ticket)
            if kept is not None:
                return Kept(ticket=kept)
        raise StorageError("no free ticket number was found", remedy="archive old tickets")

    async def _keep(self, context: ActionContext, arguments: Arguments) -> ActionResult:
        message = Message(
            recording=RecordingName(arguments.text("recording")),
            kind=_kind(arguments.text("kind")),
            caller=context.caller,
            language=context.language,
            call=context.call,
            kept_at=context.now,
        )
        return spoken(await self.keep(message))

    async def _discard(self, _: ActionContext, arguments: Arguments) -> ActionResult:
        await self._shelf.discard(RecordingName(arguments.text("recording")))
        return ActionResult(outcome=OK)


def _kind(word: str) -> MessageKind:
    try:
        return MessageKind(word)
    except ValueError as fault:
        raise Bug(f"a flow keeps a message of the unknown kind {word!r}") from fault
