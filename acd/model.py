"""The words of call distribution: who serves, who waits, and how an offer or a visit can end.

Frozen values only. Times are seconds of whatever clock the caller of the router keeps; the router
compares them and never asks for one.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, NewType, assert_never

AgentId = NewType("AgentId", str)
"""Somebody who serves, such as ``8001``."""

ContactId = NewType("ContactId", str)
"""One visit of a caller to the agents; a call that asks twice makes two."""

QueueName = NewType("QueueName", str)

ReservationId = NewType("ReservationId", str)
"""One offer of a contact to an agent, and the conversation that came of it."""


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
    """Somebody who serves ``queues``; callers who ask for this agent by number come besides."""

    id: AgentId
    queues: frozenset[QueueName] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A line of callers with one set of rules.

    ``wrap_up_s`` follows each conversation; 0 means none. ``waits_unstaffed`` keeps callers in line
    while no agent of the queue is logged in, where otherwise their visit ends.
    """

    name: QueueName
    band: int = 1
    wrap_up_s: float = 20.0
    waits_unstaffed: bool = False
    offer: OfferRules = OfferRules()


def personal_queue(agent: AgentId) -> QueueName:
    """Name the line of callers who asked for ``agent`` alone."""
    return QueueName(f"agent:{agent}")


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


class Disposition(StrEnum):
    """How a visit ended; every visit ends in exactly one."""

    HANDLED = "handled"
    ABANDONED = "abandoned"
    LEFT_BY_KEY = "left-by-key"
    TIMED_OUT = "timed-out"
    NOBODY = "nobody"
    UNKNOWN = "unknown"
    FAILED = "failed"
    LOST = "lost"


class TimerKind(StrEnum):
    """What a timer is for."""

    REACH = "reach"
    RING = "ring"
    JOIN = "join"
    WRAP_UP = "wrap-up"
    COOL_OFF = "cool-off"
    EXCLUSION = "exclusion"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerKey:
    """One timer: its purpose, and the id of the reservation, agent or contact it belongs to."""

    kind: TimerKind
    subject: str
