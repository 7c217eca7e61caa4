from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.calendars import CalendarError, Hours, Span, SpecialDay

pytestmark = pytest.mark.unit

OFFICE = (Span(opens_min=9 * 60, closes_min=17 * 60 + 30),)
WEEK = (OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, (), ())
SHANGHAI = Hours(
    zone="Asia/Shanghai",
    weekly=WEEK,
    special=(
        SpecialDay(day=date(2026, 10, 1)),
        SpecialDay(day=date(2026, 10, 10), spans=(Span(opens_min=600, closes_min=720),)),
    ),
)


def at(text: str, zone: str = "Asia/Shanghai", *, fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()


@pytest.mark.parametrize(
    ("when", "is_open"),
    [
        ("2026-09-30 08:59:59", False),
        ("2026-09-30 09:00:00", True),
        ("2026-09-30 17:29:59", True),
        ("2026-09-30 17:30:00", False),
        ("2026-10-01 12:00:00", False),
        ("2026-10-03 12:00:00", False),
        ("2026-10-10 10:00:00", True),
        ("2026-10-10 12:00:00", False),
    ],
)
def test_a_queue_is_open_on_its_weekly_times_unless_the_day_is_special(
    when: str, is_open: bool
) -> None:
    assert SHANGHAI.is_open(at(when)) is is_open


@pytest.mark.parametrize(
    ("when", "changes"),
    [
        ("2026-09-30 08:00:00", "2026-09-30 09:00:00"),
        ("2026-09-30 09:00:00", "2026-09-30 17:30:00"),
        ("2026-09-30 17:30:00", "2026-10-02 09:00:00"),
        ("2026-10-09 18:00:00", "2026-10-10 10:00:00"),
        ("2026-10-10 12:00:00", "2026-10-12 09:00:00"),
    ],
)
def test_the_next_change_skips_holidays_and_weekends(when: str, changes: str) -> None:
    assert SHANGHAI.next_change(at(when)) == at(changes)


def test_what_is_always_open_or_always_closed_never_changes() -> None:
    whole_day = (Span(opens_min=0, closes_min=1440),)
    assert Hours(zone="Europe/Berlin", weekly=(whole_day,) * 7).next_change(0.0) is None
    assert Hours(zone="Europe/Berlin", weekly=((),) * 7).next_change(0.0) is None


def test_an_opening_far_ahead_is_found() -> None:
    spans = (Span(opens_min=60, closes_min=120),)
    hours = Hours(
        zone="Asia/Shanghai",
        weekly=((),) * 7,
        special=(SpecialDay(day=date(2027, 5, 1), spans=spans),),
    )
    assert hours.next_change(at("2026-01-01 00:00:00")) == at("2027-05-01 01:00:00")


NIGHT = Hours(zone="Europe/Berlin", weekly=((Span(opens_min=150, closes_min=300),),) * 7)


def test_an_opening_in_the_hour_that_the_clock_skips_comes_when_the_clock_has_skipped_it() -> None:
    before = at("2026-03-29 01:00:00", "Europe/Berlin")
    assert NIGHT.next_change(before) == at("2026-03-29 03:00:00", "Europe/Berlin")


def test_an_hour_that_the_clock_repeats_is_open_twice() -> None:
    first = at("2026-10-25 02:30:00", "Europe/Berlin")
    again = at("2026-10-25 02:30:00", "Europe/Berlin", fold=1)
    assert again - first == 3600
    hours = Hours(zone="Europe/Berlin", weekly=((Span(opens_min=150, closes_min=165),),) * 7)
    closes = hours.next_change(first)
    assert closes == first + 900
    assert hours.next_change(closes) == again


@pytest.mark.parametrize(
    ("opens_min", "closes_min"), [(-1, 10), (10, 10), (20, 10), (0, 1441), (1440, 1441)]
)
def test_a_span_lies_within_a_day(opens_min: int, closes_min: int) -> None:
    with pytest.raises(CalendarError):
        Span(opens_min=opens_min, closes_min=closes_min)


def test_a_zone_that_is_not_there_a_short_week_and_a_date_named_twice_are_refused() -> None:
    with pytest.raises(CalendarError, match="Mars"):
        Hours(zone="Mars/Olympus", weekly=WEEK)
    with pytest.raises(CalendarError, match="6"):
        Hours(zone="Asia/Shanghai", weekly=WEEK[:6])
    with pytest.raises(CalendarError, match="twice"):
        Hours(zone="Asia/Shanghai", weekly=WEEK, special=(SpecialDay(day=date(2026, 10, 1)),) * 2)


# Zones with clock changes of an hour, of half an hour, at midnight, and of a whole day.
ZONES = (
    "Asia/Shanghai",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Pacific/Apia",
)
QUARTERS = st.integers(0, 96)
SPANS = st.lists(st.tuples(QUARTERS, QUARTERS), max_size=3).map(
    lambda pairs: tuple(
        Span(opens_min=15 * min(pair), closes_min=15 * max(pair))
        for pair in pairs
        if pair[0] != pair[1]
    )
)
# Around the turns of 2011, when Apia skipped a day, and of 2026.
MOMENTS = st.sampled_from((1_325_100_000, 1_774_700_000, 1_792_800_000, 1_775_300_000))


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    weekly=st.tuples(*[SPANS] * 7),
    start=MOMENTS,
    quarter=st.integers(0, 400),
    data=st.data(),
)
def test_the_next_change_is_what_looking_at_every_quarter_of_an_hour_finds(
    zone: str, weekly: tuple[tuple[Span, ...], ...], start: int, quarter: int, data: st.DataObject
) -> None:
    moment = float(start - start % 900 + quarter * 900)
    day = datetime.fromtimestamp(moment, tz=ZoneInfo(zone)).date()
    special = (SpecialDay(day=day, spans=data.draw(SPANS)),) if data.draw(st.booleans()) else ()
    hours = Hours(zone=zone, weekly=weekly, special=special)
    # Every boundary and clock change lies on a quarter of an hour.
    looked = (moment + quarter * 900 for quarter in range(1, 3 * 24 * 4))
    found = next((t for t in looked if hours.is_open(t) != hours.is_open(moment)), None)
    change = hours.next_change(moment)
    if found is not None:
        assert change == found
    else:
        assert change is None or change > moment + 3 * 24 * 3600 - 900
