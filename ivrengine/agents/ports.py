"""The contract between a caller's call and the agents: who asks for a person, and what is told.

A call hands in a :class:`PersonWanted` with a sink; from then on the sink is told of every change
until one :class:`VisitEnded`, or until the call withdraws. The agents' side owns the agent's leg
from the first ring to its end; the call owns the caller's leg and the bridge.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from acd.choices import Choice
from acd.model import ContactId, ReservationId
from acd.requirements import ANYBODY, Requirement
from ivrengine.flow.effects import Preference
from ivrengine.flow.waiting import WaitingPlan
from ivrengine.telephony import LegId
from ivrengine.values import AgentNumber, Language, PhoneNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonWanted:
    """A caller asks for any agent of ``queue``, or for ``agent`` alone (exactly one is given).

    ``since`` is when the caller began to wait (epoch seconds): it lies in the past for a caller
    who waited through a restart, and keeps the place. ``band`` takes the place of the queue's.
    ``branch`` and ``dialect`` are the caller's, in the words of agents' skills; empty: not known.
    ``needs`` is asked of whichever agent comes, ``prefers`` says who is offered the call first.
    A caller who is ``led_on`` comes from an agent and had rather see nobody in particular again,
    whatever the queue's rules.
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
    needs: Requirement = ANYBODY
    prefers: Preference | None = None
    led_on: bool = False


class WithdrawCause(StrEnum):
    """Why a call stops asking for a person."""

    CALLER_GONE = "caller-gone"
    KEY = "key"
    TIMED_OUT = "timed-out"
    TRANSFERRED = "transferred"
    """The caller goes to somebody else, in a visit of its own."""


class VisitOutcome(StrEnum):
    """How a visit to the agents ended while the caller is still there."""

    NOBODY = "nobody"
    UNKNOWN = "unknown"
    TIMED_OUT = "timed-out"
    FAILED = "failed"
    OVERFLOWED = "overflowed"
    FULL = "full"
    CLOSED = "closed"
    REMOVED = "removed"
    """The queue, or the agent, was taken off the roster while the caller waited."""
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
    """An agent's telephone is being rung for this caller; ``choice`` tells why this agent's."""

    reservation: ReservationId
    agent: AgentNumber
    choice: Choice | None = None


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

    It has waited in ``queue`` since ``since`` (epoch seconds).
    Whoever takes this attends the contact, calls ``number`` and then tells ``joined``, or
    ``callback_failed`` when the customer does not come within ``answer_timeout_s``.
    """

    contact: ContactId
    reservation: ReservationId
    queue: str
    since: float
    agent: AgentNumber
    agent_leg: LegId
    number: PhoneNumber
    answer_timeout_s: float
    language: Language


CallbackSink = Callable[[CallbackDue], None]
"""Takes one due callback at once; must neither wait nor raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a contact waits at this moment.

    ``position`` counts from 1 and is 0 for a contact that is not in line. ``expected_wait_s`` is
    None when nobody can tell. ``callback_after_s`` is the wait after which a callback is offered,
    None where none is. ``plan`` is what its queue lets waiting callers hear.
    """

    queue: str
    position: int
    expected_wait_s: float | None
    callback_after_s: float | None
    plan: WaitingPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingCallback:
    """A callback that is still to be made; ``since`` is when its wait began, in epoch seconds."""

    contact: ContactId
    since: float


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

    def held(self, reservation: ReservationId) -> None:
        """Tell that whoever talks with the agent hears music instead."""
        ...

    def retrieved(self, reservation: ReservationId) -> None:
        """Tell that they hear each other again."""
        ...

    def adopt(self, talk: TalkResumed, sink: VisitSink) -> None:
        """Take over a conversation that went on while the engine was away."""
        ...

    def placement(self, contact: ContactId) -> Placement | None:
        """Tell where a contact waits, None for one that does not wait."""
        ...

    def plan(self, queue: str) -> WaitingPlan:
        """Tell what a queue lets waiting callers hear; an unknown one lets the flow say it all."""
        ...

    def is_closed(self, queue: str) -> bool:
        """Tell whether a queue takes nobody for the hour, neither itself nor in another's stead."""
        ...

    def keeps_place_s(self, queue: str) -> float:
        """Tell for how long a place in a queue is kept for a caller who went to the menus."""
        ...

    def announced(self, contact: ContactId, expected_wait_s: float) -> None:
        """Tell that the caller was promised to be served within ``expected_wait_s`` from now."""
        ...

    def call_back(
        self, contact: ContactId, callback: ContactId, number: PhoneNumber, language: Language
    ) -> None:
        """Let ``callback`` wait in the place of a caller who hangs up to be called at ``number``.

        The sink is told of the end of the visit; when that cannot be, nothing comes of this.
        """
        ...

    def pending_callback(self, queue: str, number: PhoneNumber) -> PendingCallback | None:
        """Tell of the callback of ``queue`` that is still to be made to ``number``."""
        ...

    def cancel_callback(self, queue: str, number: PhoneNumber) -> None:
        """Make no callback to ``number``; none being there is no error."""
        ...

    def attend(self, contact: ContactId, sink: VisitSink) -> None:
        """Tell ``sink`` from here on what becomes of a contact that is known already."""
        ...

    def forsake(self, contact: ContactId) -> None:
        """Tell nobody any more what becomes of a contact, which stays as it is."""
        ...

    def not_claimed(self, contact: ContactId) -> None:
        """Tell that nobody will claim a contact after the restart: it is not waited for longer."""
        ...

    def callback_failed(self, reservation: ReservationId, cause: str) -> None:
        """Tell that the customer of a callback did not come to the telephone."""
        ...

    def when_callback_due(self, sink: CallbackSink) -> None:
        """Hand every callback whose turn has come to ``sink``."""
        ...
