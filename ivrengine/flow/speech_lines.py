"""What a node has to say: lines of speech as they stand in a flow, before they are played."""

from dataclasses import dataclass

from ivrengine.flow.expressions import Expression
from ivrengine.speech.readings import Reading
from ivrengine.values import Language, PromptId


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What every line of speech has.

    ``when`` leaves the line out unless it is true. A line without ``barge_in`` is heard to its
    end: keys pressed meanwhile are kept for what follows.
    """

    line: int
    language: Language | None = None
    barge_in: bool = True
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptLine(Line):
    """A prompt of the catalogue."""

    prompt: PromptId


@dataclass(frozen=True, slots=True, kw_only=True)
class VariablePromptLine(Line):
    """The prompt whose id a variable holds."""

    variable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueLine(Line):
    """A value, read out."""

    value: Expression
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayLine(Line):
    """What the caller recorded, out of the variable that holds its name."""

    variable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLine(Line):
    """The number of the agent who has answered; only in an announcement."""

    reading: Reading


SpeechLine = PromptLine | VariablePromptLine | ValueLine | ReplayLine | AgentLine

Speech = tuple[SpeechLine, ...]
"""Lines that are spoken one after the other."""
