"""The one place that asks the machine for the time.

``now`` is seconds since the Unix epoch that never run backwards during a run: the wall clock read
once at start plus the monotonic clock since. It stands in journals, so it can be compared across
restarts; a step of the wall clock neither fires nor delays a timer.
"""

import time
from datetime import datetime, timezone, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo

MARKET_ZONE = ZoneInfo("Asia/Shanghai")
"""Zone in which times are spoken to callers and markets open."""


class Clock(Protocol):
    """Gives the time to whoever needs it; tests hand in one of their own."""

    def now(self) -> float:
        """Return seconds since the Unix epoch, never less than the last answer."""
        ...


class SteadyClock:
    """Wall-clock time that does not step."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()  # noqa: TID251

    def now(self) -> float:
        """Return seconds since the Unix epoch, steady within this process."""
        return self._offset + time.monotonic()


def local_time(at: float, zone: tzinfo = MARKET_ZONE) -> datetime:
    """Return ``at`` (epoch seconds) as an aware time of ``zone``."""
    return datetime.fromtimestamp(at, tz=zone)


def iso_time(at: float) -> str:
    """Return ``at`` (epoch seconds) as RFC 3339 in UTC with milliseconds."""
    stamp = datetime.fromtimestamp(at, tz=timezone.utc)  # noqa: UP017
    return stamp.isoformat(timespec="milliseconds").replace("+00:00", "Z")
