"""When a queue is open: weekly times on the wall clock of a zone, and days that differ from them.

A time is looked up on the wall clock of the zone, so a queue that opens at nine does so at nine in
summer and in winter. An hour that the clock skips is not there to be open in; one that it repeats
is there twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY_MIN: Final = 24 * 60
_DAYS_A_WEEK: Final = 7
_DAY: Final = timedelta(days=1)


class CalendarError(ValueError):
    """Opening times that make no sense; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Minutes after midnight from which, and until just before which, a day is open.

    ``closes_min`` is at most 1440. Who works through midnight has two spans, one on each day.
    """

    opens_min: int
    closes_min: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens_min < self.closes_min <= DAY_MIN:
            raise CalendarError(f"no time of a day from {self.opens_min} to {self.closes_min} min")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDay:
    """A date with spans of its own in place of the week's; none is a holiday."""

    day: date
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Opening times.

    ``zone`` is an IANA name such as ``Asia/Shanghai``. ``weekly`` has the spans of each of seven
    days, Monday first. All points in time are seconds since the Unix epoch.

    Raises:
        CalendarError: there is no such zone, or there are not seven days, or one date twice.
    """

    zone: str
    weekly: tuple[tuple[Span, ...], ...]
    special: tuple[SpecialDay, ...] = ()

    def __post_init__(self) -> None:
        _zone(self.zone)
        if len(self.weekly) != _DAYS_A_WEEK:
            raise CalendarError(f"a week has 7 days, not {len(self.weekly)}")
        if len({special.day for special in self.special}) != len(self.special):
            raise CalendarError("a date is special twice")

    def is_open(self, at: float) -> bool:
        """Tell whether ``at`` is within the opening times."""
        local = datetime.fromtimestamp(at, tz=_zone(self.zone))
        minute = local.hour * 60 + local.minute
        return any(span.opens_min <= minute < span.closes_min for span in self._spans(local.date()))

    def next_change(self, at: float) -> float | None:
        """Return when opening or closing comes next after ``at``; None when it never does."""
        now_open = self.is_open(at)
        return next(
            (
                instant
                for day in self._days_from(at)
                for instant in self._boundaries(day)
                if instant > at and self.is_open(instant) != now_open
            ),
            None,
        )

    def _spans(self, day: date) -> tuple[Span, ...]:
        for special in self.special:
            if special.day == day:
                return special.spans
        return self.weekly[day.weekday()]

    def _days_from(self, at: float) -> Iterator[date]:
        """Give the days on which a change can come first: past the last special day a week tells.

        One day more at each end, for hours that the clock repeats across a midnight.
        """
        today = datetime.fromtimestamp(at, tz=_zone(self.zone)).date()
        last = max((today, *(special.day for special in self.special)))
        day = today - _DAY
        while day <= last + (_DAYS_A_WEEK + 1) * _DAY:
            yield day
            day += _DAY

    def _boundaries(self, day: date) -> list[float]:
        """Return the instants of ``day`` at which anything can change, earliest first.

        The neighbours are looked at too: where the clock goes back over midnight, or skips a whole
        day, the wall times of one day fall on instants of another.
        """
        zone = _zone(self.zone)
        starts = _midnight(day).replace(tzinfo=zone).timestamp()
        ends = _midnight(day + _DAY).replace(tzinfo=zone).timestamp()
        walls = {wall for near in (day - _DAY, day, day + _DAY) for wall in self._walls(near)}
        # A wall time that the clock repeats is two instants.
        instants = {
            wall.replace(tzinfo=zone, fold=fold).timestamp() for wall in walls for fold in (0, 1)
        }
        instants.update(_clock_changes(zone, starts, ends))
        return sorted(instant for instant in instants if starts <= instant <= ends)

    def _walls(self, day: date) -> set[datetime]:
        minutes = {0, *(m for span in self._spans(day) for m in (span.opens_min, span.closes_min))}
        return {_midnight(day) + timedelta(minutes=minute) for minute in minutes}


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001


def _clock_changes(zone: ZoneInfo, starts: float, ends: float) -> Iterator[float]:
    """Give the second from which the zone's offset is another, if it changes between the two."""

    def offset(at: float) -> timedelta | None:
        return datetime.fromtimestamp(at, tz=zone).utcoffset()

    before, after = int(starts), int(ends)
    if offset(before) == offset(after):
        return
    while after - before > 1:
        middle = (before + after) // 2
        if offset(middle) == offset(starts):
            before = middle
        else:
            after = middle
    yield float(after)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise CalendarError(f"no such time zone: {name!r}") from fault
