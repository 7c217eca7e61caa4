"""What a flow orders: everything that the stepper can ask of the world outside it.

``generation`` grows by one with each order that is answered later; the answer carries it back, so
an answer to an order that no longer matters is known to be late.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

from acd.requirements import ANYBODY, Requirement
from ivrengine.speech.readings import Reading
from ivrengine.values import Language, PromptId, Secret

Value = str | int | bool | Decimal | date | time | datetime | Secret | None
"""What a variable of a flow may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A text of the catalogue, in ``language`` or else in the caller's."""

    id: PromptId
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """A value read out in ``language`` or else in the caller's."""

    value: Value
    reading: Reading
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A recording that the caller made in this call."""

    recording: str


Item = Prompt | Say | Replay


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """Play all items without a gap; answered by ``Played``. Replaces what plays."""

    generation: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Stop what plays, at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTimer:
    """Answered by ``TimerExpired`` after ``after_s`` seconds."""

    generation: int
    after_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StopTimer:
    """Forget a timer; its expiry may come all the same and is then late."""

    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Call a service action by name; answered by ``ActionDone`` within ``deadline_s``."""

    generation: int
    action: str
    arguments: Mapping[str, Value]
    deadline_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """Whom a caller had rather: for ``for_s`` seconds nobody else is offered the call.

    They are the agent ``agent``, the one whom the caller spoke with last if ``last_agent``, and
    whoever meets ``needs`` unless that is anybody.
    """

    agent: str = ""
    last_agent: bool = False
    needs: Requirement = ANYBODY
    for_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seek:
    """Find a person: any agent of ``queue``, or the agent ``agent`` (exactly one is given).

    Music plays until the answer. Answered by any number of ``Waiting``, then perhaps ``Joined``,
    and in the end one ``SeekEnded``. ``announcement`` is played to caller and agent when the agent
    has answered, before they are joined; a ``Say`` in it whose value is ``AGENT`` reads the
    agent's number. ``recorded`` says whether the conversation is recorded.

    ``needs`` is asked of whichever agent comes; ``band`` overrides the queue's. A caller who waits
    for a callback from that queue takes its place on the line if ``takes_callback``; otherwise the
    search ends at once with the outcome ``callback-pending``, so that the flow can ask.
    """

    generation: int
    queue: str = ""
    agent: str = ""
    announcement: tuple[Item, ...] = ()
    recorded: bool = True
    music_class: str = "default"
    needs: Requirement = ANYBODY
    prefers: Preference | None = None
    band: int | None = None
    takes_callback: bool = True


AGENT = "@agent"
"""Stands for the number of the agent who answered, in ``Seek.announcement``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Stop seeking because of a key or a limit; the answer ``SeekEnded`` is then late."""

    generation: int
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskStanding:
    """Where does the caller stand now? Answered by ``Stands``; ``generation`` is the search's."""

    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAnnounced:
    """The caller was told to be served within ``expected_wait_s``, at ``position`` in the line."""

    generation: int
    position: int
    expected_wait_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMusic:
    """Whenever nothing is said, let music of another class sound from here on."""

    music_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack:
    """Have the waiting caller called back at ``number`` instead, in the place that is held.

    Answered by ``SeekEnded`` with the outcome ``callback``, or by ``NotCalledBack``; an agent may
    answer all the same in this very instant. ``generation`` is the search's.
    """

    generation: int
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Record the caller; answered by ``Recorded``."""

    generation: int
    max_s: float
    max_silence_s: float
    terminator: str
    beep: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRecording:
    """End a recording early and keep it; answered by ``Recorded``."""

    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakLanguage:
    """From here on everything is played in ``language``."""

    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """End the call; nothing follows."""


class EntryOutcome(StrEnum):
    """How one round of keys ended."""

    MATCHED = "matched"
    NO_INPUT = "no-input"
    NO_MATCH = "no-match"
    CLEARED = "cleared"
    BACK = "back"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEntry:
    """For the timeline: what the caller keyed at a node; ``keys`` is masked when it is secret."""

    node: str
    keys: str
    outcome: EntryOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """From where a call can go on after this program was killed: a node, never in the middle.

    ``frames`` are (flow, version, node) from the outermost caller inwards. ``variables`` are named
    by their frame's place and their name (``0.code``) and hold no secret: a node that needs one is
    re-entered where the caller keys it.
    """

    frames: tuple[tuple[str, str, str], ...]
    language: Language
    variables: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCheckpoint:
    """For the journal: the call has reached a node from which it can be resumed."""

    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFault:
    """For the log: ``node`` (``flow.node``) could not do its work; the flow's own way out follows.

    ``reason`` holds no value of a variable.
    """

    node: str
    reason: str


Effect = (
    Play
    | Silence
    | StartTimer
    | StopTimer
    | Act
    | Seek
    | Withdraw
    | AskStanding
    | NoteAnnounced
    | ChangeMusic
    | CallBack
    | Record
    | StopRecording
    | SpeakLanguage
    | HangUp
    | NoteEntry
    | NoteCheckpoint
    | NoteFault
)
