"""The contract between a caller's call and the agents: who asks for a person, and what is told.

A call hands in a :class:`PersonWanted` with a sink; from then on the sink is told of every change
until one :class:`VisitEnded`, or until the call withdraws. The agents' side owns the agent's leg
from the first ring to its end; the call owns the caller's leg and the bridge.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from acd.model import ContactId, ReservationId
from ivrengine.telephony import LegId
from ivrengine.values import AgentNumber, Language, PhoneNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonWanted:
    """A caller asks for any agent of ``queue``, or for ``agent`` alone (exactly one is given).

    ``since`` is when the caller began to wait (epoch seconds): it lies in the past for a caller
    who waited through a restart, and keeps the place. ``band`` takes the place of the queue's.
    ``branch`` and ``dialect`` are the caller's, in the words of agents' skills; empty: not known.
    """

    contact: ContactId
    queue: str
    agent: AgentNumber | None
    caller: PhoneNumber
    language: Language
    since: float
    band: int | None = None
    branch: str = ""
    dialect: str = ""


class WithdrawCause(StrEnum):
    """Why a call stops asking for a person."""

    CALLER_GONE = "caller-gone"
    KEY = "key"
    TIMED_OUT = "timed-out"


class VisitOutcome(StrEnum):
    """How a visit to the agents ended while the caller is still there."""

    NOBODY = "nobody"
    UNKNOWN = "unknown"
    TIMED_OUT = "timed-out"
    FAILED = "failed"
    OVERFLOWED = "overflowed"
    FULL = "full"
    CLOSED = "closed"
    CALLBACK = "callback"
    """The caller will be called back, in the place that was held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionChanged:
    """The caller's place in the queue, from 1."""

    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The caller waits in ``queue`` from now on, at its routing step ``step``.

    ``cause`` is the overflow that led there, ``by`` the supervisor who did; both empty when the
    wait alone led to another step.
    """

    queue: str
    step: int
    cause: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferMade:
    """An agent's telephone is being rung for this caller."""

    reservation: ReservationId
    agent: AgentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferEnded:
    """An offer came to nothing; ``cause`` is acd's terminal cause. The caller keeps the place.

    It may follow ``AgentAnswered``, when the agent was gone before the two were joined.
    """

    reservation: ReservationId
    agent: AgentNumber
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAnswered:
    """The agent is there: join ``leg`` with the caller, then call ``joined`` or ``join_failed``."""

    reservation: ReservationId
    agent: AgentNumber
    leg: LegId


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLeft:
    """The agent's leg ended after the answer, before the caller's: the visit is over."""

    reservation: ReservationId
    agent: AgentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitEnded:
    """No agent will come; nothing follows."""

    outcome: VisitOutcome


VisitEvent = (
    PositionChanged | Moved | OfferMade | OfferEnded | AgentAnswered | AgentLeft | VisitEnded
)
VisitSink = Callable[[VisitEvent], None]
"""Takes one event at once; must neither wait nor raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackDue:
    """A callback's turn has come: its agent is on the line at ``agent_leg`` and waits.

    Whoever takes this attends the contact, calls ``number`` and then tells ``joined``, or
    ``callback_failed`` when the customer does not come within ``answer_timeout_s``.
    """

    contact: ContactId
    reservation: ReservationId
    agent: AgentNumber
    agent_leg: LegId
    number: PhoneNumber
    answer_timeout_s: float


CallbackSink = Callable[[CallbackDue], None]
"""Takes one due callback at once; must neither wait nor raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkResumed:
    """A conversation that was up when the engine died, found again."""

    contact: ContactId
    reservation: ReservationId
    agent: AgentNumber
    agent_leg: LegId
    since: float


class BranchLines(Protocol):
    """The lines over which agents of remote branches are reached. No method waits."""

    def seize(self, leg: LegId, agent: AgentNumber) -> bool:
        """Take a line for a leg to an agent; False when all lines to the branch are in use.

        An agent who is reached without such a line always is.
        """
        ...

    def adopt(self, leg: LegId, agent: AgentNumber) -> None:
        """Enter the line of a leg that was up before the engine was."""
        ...

    def release(self, leg: LegId) -> None:
        """Give a leg's line back; one that has none is no error."""
        ...


class LinesForAll:
    """Reaches every agent without a line of a branch."""

    def seize(self, leg: LegId, agent: AgentNumber) -> bool:
        """Let the leg be dialled."""
        return True

    def adopt(self, leg: LegId, agent: AgentNumber) -> None:
        """Account for nothing."""

    def release(self, leg: LegId) -> None:
        """Account for nothing."""


class WaitingRoom(Protocol):
    """Where calls ask for people. No method waits; answers come through the sink."""

    def ask(self, wanted: PersonWanted, sink: VisitSink) -> None:
        """Begin to look for a person; the sink hears all that follows."""
        ...

    def withdraw(self, contact: ContactId, cause: WithdrawCause) -> None:
        """Stop looking, or end the conversation from the caller's side; unknown is no error."""
        ...

    def joined(self, reservation: ReservationId) -> None:
        """Tell that caller and agent hear each other."""
        ...

    def join_failed(self, reservation: ReservationId) -> None:
        """Tell that they could not be joined; the caller, if still there, waits on in place."""
        ...

    def adopt(self, talk: TalkResumed, sink: VisitSink) -> None:
        """Take over a conversation that went on while the engine was away."""
        ...
