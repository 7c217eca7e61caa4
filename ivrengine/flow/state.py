"""Where a call stands in its flows: all that the stepper knows of it between two inputs.

The state is a frozen value: a call can be copied, replayed or dropped at any moment. What the
caller keyed stays out of its repr, because it may be a secret.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ivrengine.flow.effects import Item, Value
from ivrengine.flow.waiting import Standing
from ivrengine.values import Language

KEPT_KEYS = 32
"""Keys that are kept when they are pressed before anything can take them."""


class TimerName(StrEnum):
    """What a running timer is for; there is at most one of each."""

    FIRST_KEY = "first-key"
    NEXT_KEY = "next-key"
    ENTRY = "entry"
    TERMINATOR = "terminator"
    """While it runs, a ``#`` belongs to the entry that was just filled. It outlives its node."""
    SPEECH = "speech"
    FILLER = "filler"
    ANSWER = "answer"
    NEWS = "news"
    WAIT = "wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Rounds of one node that came to nothing."""

    no_input: int = 0
    no_match: int = 0

    @property
    def total(self) -> int:
        """All lost rounds."""
        return self.no_input + self.no_match


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A flow that is being run: its node and its variables."""

    flow: str
    node: str
    variables: Mapping[str, Value] = field(default_factory=dict, repr=False)
    lost: Mapping[str, Lost] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A menu that ``*`` can lead back to, in the frame at ``depth`` (from 1)."""

    depth: int
    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """Items that are played together because a key may or may not end all of them."""

    items: tuple[Item, ...]
    barge_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What is being said under ``generation``, and what is still to be said.

    The end of an ``aside`` changes nothing: the node is busy with something else.
    """

    generation: int
    barge_in: bool
    rest: tuple[Utterance, ...]
    aside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was lost, late or wrong in this call."""

    late_inputs: int = 0
    dropped_keys: int = 0
    failed_plays: int = 0
    faults: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search for a person, at ``node`` of ``flow`` in the frame at ``depth`` (from 1).

    It goes on while another flow runs above that frame. ``began_s`` is how long the caller had
    waited by its beginning, None until that is known; ``due`` is after which wait each of the
    announcements comes next.
    """

    generation: int
    depth: int
    flow: str
    node: str
    began_s: float | None = None
    due: Mapping[str, float] = field(default_factory=dict)
    music_class: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowState:
    """A call between two inputs.

    ``generation`` is the last one given out; ``order`` is that of the service or recording under
    way. ``caller`` is the number that the call comes from, empty when it is withheld.

    ``steps`` counts nodes and cleared entries; ``spent`` tells that the budget is used up and only
    the last steps are left.
    """

    frames: tuple[Frame, ...]
    language: Language
    levels: tuple[Level, ...] = ()
    keys: str = field(default="", repr=False)
    entry: str = field(default="", repr=False)
    voice: Voice | None = None
    timers: Mapping[TimerName, int] = field(default_factory=dict)
    order: int | None = None
    search: Search | None = None
    standing: Standing = field(default_factory=Standing)
    joined: bool = False
    agent: str = ""
    caller: str = ""
    generation: int = 0
    steps: int = 0
    spent: bool = False
    ended: bool = False
    counts: Counts = field(default_factory=Counts)

    @property
    def place(self) -> str:
        """The node where the call is, as ``flow.node``."""
        return f"{self.frames[-1].flow}.{self.frames[-1].node}" if self.frames else ""
