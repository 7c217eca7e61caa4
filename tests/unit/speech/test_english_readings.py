from datetime import date, datetime, time
from decimal import Decimal

import pytest

from ivrengine.speech.readings import Readable, Reading
from ivrengine.values import Language
from tests.kit.speech import spoken

pytestmark = pytest.mark.unit


def english(value: Readable, reading: Reading) -> str:
    return spoken(value, reading, Language.ENGLISH)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (21, "twenty-one"),
        (100, "one hundred"),
        (105, "one hundred five"),
        (999, "nine hundred ninety-nine"),
        (1000, "one thousand"),
        (2002, "two thousand two"),
        (10_000, "ten thousand"),
        (21_105, "twenty-one thousand one hundred five"),
        (100_000, "one hundred thousand"),
        (1_000_000, "one million"),
        (2_000_003, "two million three"),
        (
            1_234_567_890,
            "one billion two hundred thirty-four million five hundred sixty-seven "
            "thousand eight hundred ninety",
        ),
        (5_000_000_000_000, "five trillion"),
        (1_500_000_000_000_000, "one thousand five hundred trillion"),
        (-40, "minus forty"),
    ],
)
def test_cardinals_go_in_sections_of_three_digits(number: int, said: str) -> None:
    assert english(number, Reading.CARDINAL) == said


@pytest.mark.parametrize(
    ("value", "reading", "said"),
    [
        ("600519", Reading.CODE, "six zero zero five one nine"),
        (
            "(010) 8888-1234",
            Reading.PHONE,
            "zero one zero eight eight eight eight one two three four",
        ),
        ("12.05", Reading.PRICE, "twelve point zero five yuan"),
        ("12.50", Reading.PRICE, "twelve point five zero yuan"),
        ("12.05", Reading.MONEY, "twelve yuan five fen"),
        ("12.50", Reading.MONEY, "twelve yuan fifty fen"),
        ("0", Reading.MONEY, "zero yuan"),
        ("0.07", Reading.MONEY, "seven fen"),
        ("-2", Reading.MONEY, "minus two yuan"),
        ("3.2", Reading.PERCENT, "three point two percent"),
        ("-3.2", Reading.PERCENT, "minus three point two percent"),
        ("3.20", Reading.CHANGE, "up three point two zero percent"),
        ("-3.2", Reading.CHANGE, "down three point two percent"),
        ("0", Reading.CHANGE, "unchanged"),
        ("3021.55", Reading.POINTS, "three thousand twenty-one point five five points"),
        ("1", Reading.POINTS, "one point"),
        ("1", Reading.SHARES, "one share"),
        ("200", Reading.SHARES, "two hundred shares"),
        ("1", Reading.LOTS, "one lot"),
        ("0", Reading.LOTS, "zero lots"),
        (61, Reading.DURATION, "one minute one second"),
        (7325, Reading.DURATION, "two hours two minutes five seconds"),
        (0, Reading.DURATION, "zero seconds"),
    ],
)
def test_numbers_get_what_belongs_to_them(value: str | int, reading: Reading, said: str) -> None:
    assert english(value, reading) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 21), "November twenty-first twenty twenty-six"),
        (date(2005, 2, 3), "February third two thousand five"),
        (date(2000, 1, 1), "January first two thousand"),
        (date(2010, 3, 31), "March thirty-first twenty ten"),
        (date(1905, 12, 12), "December twelfth nineteen zero five"),
        (date(1900, 5, 30), "May thirtieth nineteen hundred"),
    ],
)
def test_days_are_ordinals_and_years_go_in_pairs(day: date, said: str) -> None:
    assert english(day, Reading.DATE) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (time(0, 0), "twelve a.m."),
        (time(9, 30), "nine thirty a.m."),
        (time(12, 0), "twelve p.m."),
        (time(15, 5), "three zero five p.m."),
        (time(23, 59), "eleven fifty-nine p.m."),
    ],
)
def test_times_are_of_a_clock_of_twelve_hours(moment: time, said: str) -> None:
    assert english(moment, Reading.TIME) == said


def test_iso_text_is_read_like_what_it_means() -> None:
    assert english("2026-11-21T15:05:00", Reading.DATE_TIME) == english(
        datetime(2026, 11, 21, 15, 5),  # noqa: DTZ001
        Reading.DATE_TIME,
    )
    assert english("2026-11-21", Reading.DATE) == english(date(2026, 11, 21), Reading.DATE)
    assert english("15:05", Reading.TIME) == "three zero five p.m."


def test_decimals_are_never_rounded() -> None:
    assert english(Decimal("0.10"), Reading.DECIMAL) == "zero point one zero"
