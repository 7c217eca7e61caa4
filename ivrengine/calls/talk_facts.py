"""The journal's vocabulary of conversations: what agents and supervisors did in and about them."""

from dataclasses import dataclass

from ivrengine.calls.fact import Fact, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkTurned(Fact):
    """The conversation stands in ``phase`` from here on; noted before it is brought about.

    The third is told of as far as somebody has answered: ``third`` is whom the agent called to, as
    the text of a target; contact, agent and reservation are empty for a telephone outside.
    """

    contact: str
    agent: str
    phase: str
    third: str = ""
    third_contact: str = ""
    third_agent: str = ""
    third_reservation: str = ""
    third_leg: str = ""
    third_since: float = 0.0
    recording_paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingOrdered(Fact):
    """``by`` had the conversation of ``agent`` recorded, or the recording ended; noted before that.

    ``by`` is ``agent 8001``, ``supervisor 8033``, or the name of a token of the API; ``system``
    ends one that could not be announced.
    """

    agent: str
    recording: str
    by: str
    begins: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTransferred(Fact):
    """The agent handed the caller over to ``target``; ``attended`` after speaking with whom.

    ``queue`` is where the caller came from and ``since`` when the wait for a person began, both of
    which count should the transfer fail.
    """

    contact: str
    agent: str
    target: str
    attended: bool
    queue: str
    since: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRefused(Fact):
    """The agent wanted ``target``, which was refused at once, and the caller stayed.

    ``reason`` is closed: the target is a queue out of its hours.
    """

    agent: str
    target: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideJoined(Fact):
    """Caller and the telephone ``number`` outside can hear each other."""

    number: str
    leg: str
    bridge: str
    recording: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideLeft(Fact):
    """The conversation with a telephone outside ended, ended by ``by``."""

    number: str
    by: Side
    talked_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledOut(Fact):
    """An outgoing call is one that ``agent`` makes by hand, from ``agent_leg``."""

    agent: str
    agent_leg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationBegan(Fact):
    """``supervisor`` hears the conversation of ``agent`` from here on, or takes part in it.

    ``mode`` is listen, whisper, barge-in or take-over; another mode is another observation.
    """

    agent: str
    supervisor: str
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationEnded(Fact):
    """``supervisor`` takes part in that way no longer, after ``observed_s`` seconds."""

    agent: str
    supervisor: str
    mode: str
    observed_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpNoted(Fact):
    """The agent noted what the conversation was about; the newest note of an agent counts.

    ``queue`` is whose list ``code`` is of, empty for that of calls by number.
    """

    agent: str
    queue: str
    code: str
    note: str = ""
