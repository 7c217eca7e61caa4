"""The one place that asks the machine for the time.

``now`` is seconds since the Unix epoch that never run backwards during a run and never jump: the
wall clock read once at start plus the monotonic clock since. It stands in journals, so it can be
compared across restarts. A step of the wall clock neither fires nor delays a timer; it is made up
for little by little, so that the times in records, opening hours and the time of day that callers
hear do not stay wrong until the next start.
"""

import time
from collections.abc import Callable
from datetime import datetime, timezone, tzinfo
from threading import Lock
from typing import Final, Protocol
from zoneinfo import ZoneInfo

MARKET_ZONE = ZoneInfo("Asia/Shanghai")
"""Zone in which times are spoken to callers and markets open."""


class Clock(Protocol):
    """Gives the time to whoever needs it; tests hand in one of their own."""

    def now(self) -> float:
        """Return seconds since the Unix epoch, never less than the last answer."""
        ...


MOST_SLEW: Final = 0.1
"""Share by which a second may be longer or shorter while a step of the wall clock is made up for.

A minute is made up for in ten; a deadline of fifteen seconds is a second and a half off meanwhile.
"""


MOST_AHEAD_S: Final = 2 * 3600.0
"""How far ahead of the wall clock a new process may go on from what an earlier one wrote.

What is further ahead was written by a clock that was wrong, and would take days to make up for.
"""


class SteadyClock:
    """Wall-clock time that does not step, and comes after the wall clock where that did.

    May be asked from any thread.

    Args:
        wall: the machine's wall clock, in seconds since the Unix epoch; it may step.
        monotonic: seconds that only pass, from any beginning.
        not_before: the newest time that an earlier process wrote down. Where the wall clock was set
            back since, time goes on from there, so that nothing remembered lies in the future and
            no timer of then waits for as long as the clock was set back.
    """

    def __init__(
        self,
        wall: Callable[[], float] = time.time,  # noqa: TID251
        monotonic: Callable[[], float] = time.monotonic,
        *,
        not_before: float = 0.0,
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._asking = Lock()
        self._asked_at = monotonic()
        begun_at = wall()
        is_credible = not_before - begun_at <= MOST_AHEAD_S
        self._now = max(begun_at, not_before) if is_credible else begun_at

    def now(self) -> float:
        """Return seconds since the Unix epoch, steady within this process."""
        with self._asking:
            asked_at = self._monotonic()
            passed_s = max(0.0, asked_at - self._asked_at)
            off_s = self._wall() - (self._now + passed_s)
            most_s = MOST_SLEW * passed_s
            self._now += passed_s + min(max(off_s, -most_s), most_s)
            self._asked_at = asked_at
            return self._now


def local_time(at: float, zone: tzinfo = MARKET_ZONE) -> datetime:
    """Return ``at`` (epoch seconds) as an aware time of ``zone``."""
    return datetime.fromtimestamp(at, tz=zone)


def iso_time(at: float) -> str:
    """Return ``at`` (epoch seconds) as RFC 3339 in UTC with milliseconds."""
    stamp = datetime.fromtimestamp(at, tz=timezone.utc)  # noqa: UP017
    return stamp.isoformat(timespec="milliseconds").replace("+00:00", "Z")
