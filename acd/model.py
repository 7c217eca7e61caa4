"""The words of call distribution: who serves, who waits, and how an offer or a visit can end.

Frozen values only. Times are seconds of whatever clock the caller of the router keeps; the router
compares them and never asks for one.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, NewType, assert_never

from acd.calendars import Hours
from acd.requirements import ANYBODY, AnyOf, Requirement, SkillName

AgentId = NewType("AgentId", str)
"""Somebody who serves, such as ``8001``."""

ContactId = NewType("ContactId", str)
"""One visit of a caller to the agents; a call that asks twice makes two."""

QueueName = NewType("QueueName", str)

ReservationId = NewType("ReservationId", str)
"""One offer of a contact to an agent, and the conversation that came of it."""


class Skill(NamedTuple):
    """What an agent can do, and how well; ``level`` counts from 1."""

    name: SkillName
    level: int = 1


class Place(NamedTuple):
    """Where a contact stands among all that wait; the smallest is served first.

    ``band`` separates classes of callers. ``score`` is the time from which the wait counts, less
    any head start, so that it orders a band by age. ``seq`` is the order of arrival and makes the
    order total.
    """

    band: int
    score: float
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRules:
    """How an agent is offered a contact and left alone afterwards; all in seconds.

    ``reach_timeout_s`` is how long a telephone may take to begin ringing, ``ring_timeout_s`` how
    long it rings, ``join_timeout_s`` how long an agent who answered may wait to hear the caller.
    ``exclusion_s`` keeps an agent who refused or missed a contact from being offered the same one.
    An agent rests for the cool-off of the cause before the next offer. ``misses_allowed`` is the
    number of unanswered offers in a row after which an agent counts as not responding.
    """

    reach_timeout_s: float = 5.0
    ring_timeout_s: float = 15.0
    join_timeout_s: float = 30.0
    exclusion_s: float = 30.0
    rejected_cool_off_s: float = 5.0
    missed_cool_off_s: float = 10.0
    busy_cool_off_s: float = 5.0
    unreachable_cool_off_s: float = 10.0
    failed_cool_off_s: float = 3.0
    misses_allowed: int = 3

    def cool_off_s(self, outcome: "OfferOutcome") -> float:
        """Return how long an agent rests after an offer that ended in ``outcome``."""
        match outcome:
            case OfferOutcome.REJECTED:
                return self.rejected_cool_off_s
            case OfferOutcome.TIMEOUT:
                return self.missed_cool_off_s
            case OfferOutcome.BUSY:
                return self.busy_cool_off_s
            case OfferOutcome.UNREACHABLE:
                return self.unreachable_cool_off_s
            case OfferOutcome.FAILED:
                return self.failed_cool_off_s
            case OfferOutcome.ACCEPTED | OfferOutcome.CALLER_GONE | OfferOutcome.WITHDRAWN:
                return 0.0
            case _:
                assert_never(outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Somebody who serves ``queues``; callers who ask for this agent by number come besides.

    ``queues`` are those of which the agent is a member, worked out by whoever reads the roster;
    ``skills`` then decide which of their callers the agent may be offered. ``site`` is where the
    agent sits, empty for headquarters.
    """

    id: AgentId
    queues: frozenset[QueueName] = frozenset()
    skills: tuple[Skill, ...] = ()
    site: str = ""


class Pick(StrEnum):
    """Which of several free agents is offered a contact; ties end in the agent's id."""

    LONGEST_IDLE = "longest-idle"
    MOST_SKILLED = "most-skilled"
    """The highest level of the queue's ``pick_skill``, among equals the longest idle."""
    LEAST_OCCUPIED = "least-occupied"
    """The smallest share of the recent past spent ringing, talking, holding or wrapping up."""
    ROUND_ROBIN = "round-robin"
    """Whose last offer, of whatever queue, lies furthest back."""
    FEWEST_CALLS = "fewest-calls"
    """The fewest conversations since logging in."""
    RING_ALL = "ring-all"
    """All of them at once; the first who answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From ``after_s`` of waiting on, whoever meets ``needs`` will do."""

    after_s: float
    needs: Requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class Ageing:
    """Waiting lifts a contact: one band each ``promote_after_s``, at best to ``best_band``."""

    promote_after_s: float
    best_band: int = 0


class OverflowCause(StrEnum):
    """Why a contact is sent on instead of waiting."""

    SIZE = "size"
    WAIT = "wait"
    EXPECTED_WAIT = "expected-wait"
    UNSTAFFED = "unstaffed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverflowRule:
    """Where a contact goes for ``cause``.

    ``limit`` is a number of waiting contacts for SIZE and seconds for the two waits; the others
    have none. ``to`` None ends the visit, so that the caller's flow decides; otherwise the contact
    moves to that queue and takes the time it waited along.
    """

    cause: OverflowCause
    limit: float = 0.0
    to: QueueName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackRules:
    """How callers of a queue are called back instead of waiting on the line.

    A callback is offered to callers after ``offered_after_s`` of waiting. A customer who does not
    come to the telephone within ``answer_timeout_s`` is called again after ``retry_after_s``,
    ``attempts`` times in all. A callback that could not be made for ``keep_s`` is given up.
    """

    offered_after_s: float = 60.0
    attempts: int = 3
    retry_after_s: float = 300.0
    answer_timeout_s: float = 30.0
    keep_s: float = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A line of callers with one set of rules.

    ``wrap_up_s`` follows each conversation; 0 means none. ``waits_unstaffed`` keeps callers in line
    while no agent of the queue is logged in, where otherwise their visit ends, unless a rule of
    ``overflow`` says where they go.

    ``steps`` say who will do after which wait, in their order; none means any member. A later step
    adds to those before it, or takes their place if ``steps_replace``. ``pick`` chooses among free
    agents. ``head_start_s`` counts as waited for every caller of this queue.

    A queue with ``hours`` takes callers only while it is open; those who wait when it closes are
    served on, unless it ``closes_on_waiting``.
    """

    name: QueueName
    band: int = 1
    wrap_up_s: float = 20.0
    waits_unstaffed: bool = False
    offer: OfferRules = OfferRules()
    steps: tuple[Step, ...] = ()
    steps_replace: bool = False
    pick: Pick = Pick.LONGEST_IDLE
    pick_skill: SkillName | None = None
    ageing: Ageing | None = None
    head_start_s: float = 0.0
    overflow: tuple[OverflowRule, ...] = ()
    hours: Hours | None = None
    closes_on_waiting: bool = False
    callback: CallbackRules | None = None

    def needs_at(self, step: int) -> Requirement:
        """Return what is asked of agents at ``step``, counted from 0; beyond the last it holds on.

        The first step holds from the start of the wait.
        """
        asked = tuple(passed.needs for passed in self.steps[: step + 1])
        if not asked:
            return ANYBODY
        if self.steps_replace or len(asked) == 1:
            return asked[-1]
        return ANYBODY if ANYBODY in asked else AnyOf(asked)


_PERSONAL = "agent:"


def personal_queue(agent: AgentId) -> QueueName:
    """Name the line of callers who asked for ``agent`` alone."""
    return QueueName(f"{_PERSONAL}{agent}")


def owner_of(queue: QueueName) -> AgentId | None:
    """Return whose line ``queue`` is, None when it is not one agent's own."""
    return AgentId(queue.removeprefix(_PERSONAL)) if queue.startswith(_PERSONAL) else None


class OfferOutcome(StrEnum):
    """The one terminal cause of an offer."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TIMEOUT = "timeout"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    CALLER_GONE = "caller-gone"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class LeaveCause(StrEnum):
    """Why a contact stops asking or talking from its own side."""

    CALLER_GONE = "caller-gone"
    KEY = "key"
    TIMED_OUT = "timed-out"
    TRANSFERRED = "transferred"
    """The caller goes to somebody else; the wait counts on there."""
    SUPERVISOR = "supervisor"
    """A supervisor took the caller over."""


class Disposition(StrEnum):
    """How a visit ended; every visit ends in exactly one."""

    HANDLED = "handled"
    ABANDONED = "abandoned"
    LEFT_BY_KEY = "left-by-key"
    TIMED_OUT = "timed-out"
    NOBODY = "nobody"
    UNKNOWN = "unknown"
    REMOVED = "removed"
    """Its queue, or the agent who was asked for, is on the roster no more."""
    LOST = "lost"
    OVERFLOWED = "overflowed"
    FULL = "full"
    CLOSED = "closed"
    CALLBACK_REGISTERED = "callback-registered"
    TRANSFERRED = "transferred"
    """Passed on; from a conversation if one was had, else from the line."""
    CALLBACK_FAILED = "callback-failed"
    CALLBACK_CANCELED = "callback-canceled"


class TimerKind(StrEnum):
    """What a timer is for."""

    REACH = "reach"
    RING = "ring"
    JOIN = "join"
    WRAP_UP = "wrap-up"
    COOL_OFF = "cool-off"
    EXCLUSION = "exclusion"
    CLAIM = "claim"
    STEP = "step"
    PROMOTE = "promote"
    PREFERENCE = "preference"
    OVERFLOW = "overflow"
    HOURS = "hours"
    CALLBACK_RETRY = "callback-retry"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerKey:
    """One timer: its purpose, and the id of the reservation, agent or contact it belongs to."""

    kind: TimerKind
    subject: str
