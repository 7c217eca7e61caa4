"""What may be ordered about the recording of an agent's conversation, and the answers."""

from dataclasses import dataclass
from enum import StrEnum

from ivrengine.agents.orders import NotPossible, UnknownAgent


class RecordingVerb(StrEnum):
    """What can be asked; the value is the word of the API."""

    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingTurned:
    """What is said in ``call`` is left out of the recording, or is in it again."""

    call: str
    is_paused: bool


RecordingAnswer = RecordingTurned | UnknownAgent | NotPossible
