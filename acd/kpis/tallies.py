"""Tallies: what was counted of a queue, an agent or a trunk group in one interval, as sums only.

Time is counted in whole microseconds, so parts add up to the whole exactly. Two tallies add up to
one for both their intervals, or both their subjects; what cannot be added, such as the longest
wait, is the greater of the two.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from acd.followed import Activity
from acd.kpis.histograms import Histogram
from acd.model import Disposition, OfferOutcome
from acd.trunk_groups import LineClass, Seizure

_MICROSECONDS = 1_000_000
_JOIN = "join"
K = TypeVar("K", bound=Hashable)


def microseconds(seconds: float) -> int:
    """Return a time or a duration in whole microseconds."""
    return round(seconds * _MICROSECONDS)


def increment(counts: dict[K, int], key: K, step: int = 1) -> None:
    """Add ``step`` to the count of ``key``."""
    counts[key] = counts.get(key, 0) + step


def _greatest() -> Any:
    return field(default=0, metadata={_JOIN: max})


@dataclass(slots=True, kw_only=True)
class Tally:
    """What all tallies have: whose it is, and from when to when, in epoch seconds."""

    subject: str
    begin_s: int = field(metadata={_JOIN: min})
    end_s: int = field(metadata={_JOIN: max})


@dataclass(slots=True, kw_only=True)
class QueueTally(Tally):
    """A queue's visits that entered it in the interval, however long they lasted.

    Only ``line_us``, ``watched_us`` and ``longest_line`` go by the clock: waiting callers times
    time, the time that was watched, and the greatest number that waited at once. ``going_on`` are
    visits of which something is still to come. ``left`` counts visits without a conversation by
    how they ended, ``refused`` those that were turned away at the door and are in no other count.
    ``…_within`` count by every threshold, in seconds. ``queued`` found no agent at once.
    """

    going_on: int = 0
    entered: int = 0
    moved_in: int = 0
    moved_out: int = 0
    queued: int = 0
    answered: int = 0
    short_abandoned: int = 0
    left: dict[Disposition, int] = field(default_factory=dict)
    refused: dict[Disposition, int] = field(default_factory=dict)
    answered_within: dict[float, int] = field(default_factory=dict)
    abandoned_within: dict[float, int] = field(default_factory=dict)
    gone_within: dict[float, int] = field(default_factory=dict)
    answered_wait_us: int = 0
    abandoned_wait_us: int = 0
    longest_wait_us: int = _greatest()
    answered_waits: Histogram = field(default_factory=Histogram)
    abandoned_waits: Histogram = field(default_factory=Histogram)
    first_offers: int = 0
    first_offer_delay_us: int = 0
    first_offer_delays: Histogram = field(default_factory=Histogram)
    offers: dict[OfferOutcome, int] = field(default_factory=dict)
    handled: int = 0
    transferred: int = 0
    talk_us: int = 0
    hold_us: int = 0
    wrap_up_us: int = 0
    talks: Histogram = field(default_factory=Histogram)
    line_us: int = 0
    watched_us: int = 0
    longest_line: int = _greatest()
    callbacks_answered: int = 0
    callbacks_left: dict[Disposition, int] = field(default_factory=dict)
    callback_waits: Histogram = field(default_factory=Histogram)
    announced: int = 0
    announced_error_us: int = 0
    announced_absolute_error_us: int = 0
    announced_kept: int = 0
    announced_outwaited: int = 0


@dataclass(slots=True, kw_only=True)
class AgentTally(Tally):
    """An agent's time in the interval, and what ended in it.

    ``time_us`` has every activity but being away, and adds up to the staffed time.
    """

    time_us: dict[Activity, int] = field(default_factory=dict)
    aux_us: dict[str, int] = field(default_factory=dict)
    offers: dict[OfferOutcome, int] = field(default_factory=dict)
    answer_us: int = 0
    handled: int = 0
    transferred: int = 0
    outside_calls: int = 0
    log_ins: int = 0


@dataclass(slots=True, kw_only=True)
class TrunkTally(Tally):
    """A trunk group's lines in the interval; ``line_us`` is lines times time, used or not."""

    line_us: int = 0
    watched_us: int = 0
    full_us: int = 0
    busy_us: dict[LineClass, int] = field(default_factory=dict)
    peak: int = _greatest()
    attempts: dict[LineClass, int] = field(default_factory=dict)
    refused: dict[LineClass, int] = field(default_factory=dict)
    refused_why: dict[Seizure, int] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class ResolutionTally(Tally):
    """A queue's answered callers of known number, and how many of them came back too soon."""

    answered: int = 0
    came_back: int = 0


T = TypeVar("T", bound=Tally)


def total(tallies: Iterable[T], subject: str | None = None) -> T | None:
    """Return the sum, under the name ``subject`` or the first one's; None of no tallies."""
    summed: T | None = None
    for tally in tallies:
        if summed is None:
            summed = type(tally)(
                subject=subject or tally.subject, begin_s=tally.begin_s, end_s=tally.end_s
            )
        add(summed, tally)
    return summed


def copy(tally: T) -> T:
    """Return a tally that counts on by itself."""
    copied = type(tally)(subject=tally.subject, begin_s=tally.begin_s, end_s=tally.end_s)
    add(copied, tally)
    return copied


def add(to: T, tally: T) -> None:
    """Add all counts of ``tally`` to those of ``to``."""
    for each in fields(tally):
        mine, theirs = getattr(to, each.name), getattr(tally, each.name)
        if isinstance(mine, Histogram):
            mine.merge(theirs.counts)
        elif isinstance(mine, dict):
            for key, number in theirs.items():
                increment(mine, key, number)
        elif isinstance(mine, int):
            join = each.metadata.get(_JOIN, int.__add__)
            setattr(to, each.name, join(mine, theirs))
