"""What may be ordered about the recording of an agent's conversation, and the answers."""

from dataclasses import dataclass
from enum import StrEnum

from ivrengine.agents.orders import NotPossible, UnknownAgent


class RecordingVerb(StrEnum):
    """What can be asked; the value is the word of the API."""

    PAUSE = "pause"
    RESUME = "resume"
    START = "start"
    """Record a conversation whose flow does not."""
    STOP = "stop"
    """End a recording that was begun by order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingTurned:
    """How the recording of ``call`` stands; ``is_paused`` when what is said is left out of it."""

    call: str
    is_recorded: bool
    is_paused: bool


RecordingAnswer = RecordingTurned | UnknownAgent | NotPossible
