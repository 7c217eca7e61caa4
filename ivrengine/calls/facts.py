"""The journal's vocabulary: what happened to a call, in the past tense.

A call's timeline is its facts in order; all else known of it is a fold over them, also for a
restarted engine. No fact holds a secret; ``at`` is epoch seconds.
"""

from dataclasses import dataclass, field
from typing import Any

from ivrengine.calls.fact import Fact, Side
from ivrengine.calls.talk_facts import (
    CalledOut,
    ObservationBegan,
    ObservationEnded,
    OutsideJoined,
    OutsideLeft,
    PersonTransferred,
    RecordingOrdered,
    TalkTurned,
    TransferRefused,
    WrapUpNoted,
)
from ivrengine.values import CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAdmitted(Fact):
    """A line was given to a call, arriving or ``outgoing``; ``caller`` is the far end either way.

    An outgoing call is for ``contact``, named after the call that it came of, of ``queue``;
    ``flow`` is what the person hears. ``dialled`` is our own number.
    """

    leg: str
    caller: str
    dialled: str
    trunk: str
    caller_class: str
    outgoing: bool = False
    contact: str = ""
    queue: str = ""
    flow: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRefused(Fact):
    """An arriving call was turned away; ``reason`` is the same word as in the metrics.

    ``answer`` is ``apology``, or the cause with which the leg was ended at once.
    """

    leg: str
    caller: str
    dialled: str
    trunk: str
    caller_class: str
    reason: str
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerIdentified(Fact):
    """The caller has proved to be ``customer``; the line is on that class's account from here."""

    customer: str
    caller_class: str
    branch: str = ""
    dialect: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered(Fact):
    """200 OK was sent. ``setup_s`` counts from the leg's arrival."""

    setup_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChosen(Fact):
    """Everything is spoken in ``language`` from here on."""

    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeReached(Fact):
    """The call can be resumed from here: a flow's checkpoint in plain JSON values."""

    flow: str
    version: str
    node: str
    checkpoint: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptHeard(Fact):
    """A playback ended. ``heard_s`` is how long it sounded; ``cut`` tells that it was stopped.

    A prompt in another language than ``language`` stands as ``welcome.greeting@en``.

    ``digit_to_prompt_s`` is the time from the key that led here to the first frame, where a key
    did.
    """

    prompts: tuple[str, ...]
    language: str
    heard_s: float
    cut: bool
    digit_to_prompt_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryMade(Fact):
    """The caller keyed something, or nothing; ``keys`` is masked where it is secret."""

    node: str
    keys: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAsked(Fact):
    """A service action was called and answered, or ran out of time."""

    action: str
    outcome: str
    took_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSought(Fact):
    """The caller asked for a person of ``queue``, or for ``agent``; ``since`` begins the wait."""

    contact: str
    queue: str
    agent: str
    since: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMoved(Fact):
    """The caller waits in ``queue`` from here on, at its routing step ``step``.

    ``cause`` is the overflow that led there, ``by`` the supervisor who did; both empty when the
    wait alone led to another step.
    """

    contact: str
    queue: str
    step: int
    cause: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitAnnounced(Fact):
    """The caller was told to be served within ``expected_s``, at ``position`` in the line.

    ``waited_s`` is how long the caller had waited by then.
    """

    contact: str
    queue: str
    position: int
    expected_s: float
    waited_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackPromised(Fact):
    """The caller hangs up to be called back at ``number``; ``callback`` waits in the place."""

    contact: str
    callback: str
    queue: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonOffered(Fact):
    """An agent's telephone was rung, and why this one.

    ``queue`` is where the caller waited, at its step ``step``, for ``waited_s`` seconds. The agent
    had to meet ``needs`` (empty: any member would do) and ``preference`` (empty: none held); among
    those who do, ``pick`` is the rule and ``rank`` what it went by. All empty: not known.
    """

    contact: str
    agent: str
    reservation: str
    queue: str = ""
    step: int = 0
    needs: str = ""
    preference: str = ""
    pick: str = ""
    rank: str = ""
    waited_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFailed(Fact):
    """The offer came to nothing."""

    contact: str
    agent: str
    reservation: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonJoined(Fact):
    """Caller and agent can hear each other. ``recording`` is empty when there is none."""

    contact: str
    agent: str
    reservation: str
    agent_leg: str
    bridge: str
    recording: str
    waited_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLeft(Fact):
    """The conversation ended, ended by ``by``."""

    contact: str
    agent: str
    by: Side
    talked_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekGivenUp(Fact):
    """The search for a person ended without one: the caller's key, hang-up, nobody there."""

    contact: str
    outcome: str
    waited_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingKept(Fact):
    """A recording is complete; ``purpose`` is ``conversation`` or ``message``."""

    recording: str
    purpose: str
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallResumed(Fact):
    """The engine was restarted and took the call up again at ``stage``."""

    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(Fact):
    """The caller's leg is gone. ``outcome`` is the word of ``ivr_calls_total``."""

    by: Side
    cause: str
    outcome: str
    duration_s: float


AnyFact = (
    CallAdmitted
    | CallRefused
    | CallerIdentified
    | CallAnswered
    | LanguageChosen
    | NodeReached
    | PromptHeard
    | EntryMade
    | ServiceAsked
    | PersonSought
    | PersonMoved
    | WaitAnnounced
    | CallbackPromised
    | PersonOffered
    | OfferFailed
    | PersonJoined
    | PersonLeft
    | TalkTurned
    | RecordingOrdered
    | PersonTransferred
    | TransferRefused
    | OutsideJoined
    | OutsideLeft
    | CalledOut
    | ObservationBegan
    | ObservationEnded
    | WrapUpNoted
    | SeekGivenUp
    | RecordingKept
    | CallResumed
    | CallEnded
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """All facts of one call, in order."""

    call: CallId
    facts: tuple[AnyFact, ...] = field(default=())
