"""When queues are open, as an operator sets it: the shape of calendars.yaml."""

import datetime
import re
from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

from acd.calendars import DAY_MIN, CalendarError, Hours, Span, SpecialDay
from ivrengine.agents.settings import FROZEN

_TIMES = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_EXAMPLE = 'write "09:00-17:30", or "22:00-24:00" and the rest on the next day'


def _span(written: str) -> Span:
    match = _TIMES.fullmatch(written.strip())
    if match is None:
        raise ValueError(f"{written!r} is no time of a day: {_EXAMPLE}")
    begin_h, begin_min, end_h, end_min = map(int, match.groups())
    if begin_min >= 60 or end_min >= 60:
        raise ValueError(f"{written!r} has more than 59 minutes")
    begin, end = begin_h * 60 + begin_min, end_h * 60 + end_min
    if not begin < end <= DAY_MIN:
        raise ValueError(f"{written!r} does not end after it begins, on the same day: {_EXAMPLE}")
    return Span(opens_min=begin, closes_min=end)


def _readable(written: str) -> str:
    _span(written)
    return written


Times = tuple[Annotated[str, AfterValidator(_readable)], ...]
"""Times of one day, such as ``09:00-11:30``."""


class WeekSettings(BaseModel):
    """Times of each day of the week; a day that is left out is closed."""

    model_config = FROZEN

    mon: Times = Field(default=(), description="Monday")
    tue: Times = Field(default=(), description="Tuesday")
    wed: Times = Field(default=(), description="Wednesday")
    thu: Times = Field(default=(), description="Thursday")
    fri: Times = Field(default=(), description="Friday")
    sat: Times = Field(default=(), description="Saturday")
    sun: Times = Field(default=(), description="Sunday")

    def days(self) -> tuple[Times, ...]:
        """Return the times of the seven days, Monday first."""
        return (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)


class HolidaySettings(BaseModel):
    """A day, or several in a row, that are not like the others of their week."""

    model_config = FROZEN

    day: datetime.date = Field(description="the date, or the first of several")
    to: datetime.date | None = Field(default=None, description="the last of several dates")
    name: str = Field(default="", description="what it is, for people")
    open: Times = Field(default=(), description="times that are open all the same; none: closed")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if not self.day <= (self.to or self.day) <= self.day + datetime.timedelta(days=366):
            raise ValueError("`to` is to lie after `day`, by a year at most")
        return self

    def dates(self) -> Iterable[datetime.date]:
        """Return every date of it."""
        count = ((self.to or self.day) - self.day).days + 1
        return (self.day + datetime.timedelta(days=n) for n in range(count))


class CalendarSettings(BaseModel):
    """The opening times of some queues."""

    model_config = FROZEN

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]*$", description="what queues call it")
    zone: str = Field(default="Asia/Shanghai", description="whose clock it goes by, an IANA name")
    weekly: WeekSettings = Field(description="times of a usual week")
    holidays: tuple[HolidaySettings, ...] = Field(
        default=(), description="dates that differ from the week"
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        try:
            self.as_hours()
        except CalendarError as fault:
            raise ValueError(str(fault)) from None
        return self

    def as_hours(self) -> Hours:
        """Return it as the router is told it."""
        return Hours(
            zone=self.zone,
            weekly=tuple(_spans(times) for times in self.weekly.days()),
            special=tuple(
                SpecialDay(day=date, spans=_spans(holiday.open))
                for holiday in self.holidays
                for date in holiday.dates()
            ),
        )


def _spans(times: Times) -> tuple[Span, ...]:
    return tuple(map(_span, times))
