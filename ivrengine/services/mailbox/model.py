"""A message that a caller left, and the ticket under which it is kept."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from ivrengine.telephony import RecordingName
from ivrengine.values import CallId, Language, PhoneNumber

TicketNumber = NewType("TicketNumber", str)
"""What the caller is told and may quote later: seven digits."""


class MessageKind(StrEnum):
    """What a message is, as the caller chose."""

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A recording that the caller wants kept; ``kept_at`` is epoch seconds."""

    recording: RecordingName
    kind: MessageKind
    caller: PhoneNumber
    language: Language
    call: CallId
    kept_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A kept message under its number; both are unique among all tickets ever."""

    number: TicketNumber
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The message is safe; the caller may be told the number."""

    ticket: Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingMissing:
    """There is no sound to keep."""


KeepAnswer = Kept | RecordingMissing
