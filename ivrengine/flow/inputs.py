"""What a flow is told: keys of the caller and answers to its own orders."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivrengine.flow.effects import Value
from ivrengine.flow.waiting import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPressed:
    """One key of 0-9, * or #."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A ``Play`` ended by itself; ``failed`` when its sound could not be played."""

    generation: int
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerExpired:
    """A timer ran out."""

    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDone:
    """A service answered: ``outcome`` names the edge to take, ``values`` fill variables.

    Outcomes that every action may have: ``ok``, ``error``, ``timeout``.
    """

    generation: int
    outcome: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Where the caller stands in the queue; ``position`` counts from 1.

    After ``Joined`` it tells that the agent is gone again and the caller waits on in place.
    """

    generation: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """Where the caller stands at this moment."""

    generation: int
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCalledBack:
    """The caller cannot be called back: at this number, from this queue, or any more."""

    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Caller and agent can hear each other; keys are the conversation's from here on."""

    generation: int
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekEnded:
    """The search for a person, or the conversation with one, is over and the caller is still here.

    ``outcome`` is ``served`` (the agent hung up first), ``nobody`` (no agent is logged in),
    ``unknown`` (no such agent or queue), ``timed-out``, ``overflowed`` (the wait is or would be too
    long), ``full``, ``closed``, ``callback`` (will be called back), ``callback-pending`` (waits for
    a callback already, see ``Seek``) or ``failed``.
    """

    generation: int
    outcome: str
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A recording was closed and kept under ``recording``."""

    generation: int
    recording: str
    duration_s: float
    failed: bool = False


Input = (
    KeyPressed
    | Played
    | TimerExpired
    | ActionDone
    | Waiting
    | Stands
    | NotCalledBack
    | Joined
    | SeekEnded
    | Recorded
)
