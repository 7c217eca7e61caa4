from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from ivrengine.speech.readings import Readable, Reading
from ivrengine.values import Language, Money
from tests.kit.speech import spoken

pytestmark = pytest.mark.unit


def mandarin(value: Readable, reading: Reading) -> str:
    return spoken(value, reading, Language.MANDARIN)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "零"),
        (2, "二"),
        (10, "十"),
        (12, "十二"),
        (15, "十五"),
        (20, "二十"),
        (99, "九十九"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (115, "一百一十五"),
        (200, "二百"),
        (222, "二百二十二"),
        (1000, "一千"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
        (1100, "一千一百"),
        (2000, "两千"),
        (2002, "两千零二"),
        (2222, "两千二百二十二"),
        (10_000, "一万"),
        (10_001, "一万零一"),
        (10_015, "一万零一十五"),
        (10_100, "一万零一百"),
        (11_000, "一万一千"),
        (20_000, "两万"),
        (22_000, "两万两千"),
        (100_000, "十万"),
        (105_000, "十万五千"),
        (120_000, "十二万"),
        (1_020_000, "一百零二万"),
        (10_050_000, "一千零五万"),
        (100_000_000, "一亿"),
        (100_000_001, "一亿零一"),
        (100_001_000, "一亿零一千"),
        (100_150_000, "一亿零一十五万"),
        (110_000_000, "一亿一千万"),
        (200_000_000, "两亿"),
        (1_234_567_890, "十二亿三千四百五十六万七千八百九十"),
        (1_000_000_000_000, "一万亿"),
        (1_234_500_000_000, "一万两千三百四十五亿"),
        (2_000_200_020_002, "两万零二亿零两万零二"),
        (-7, "负七"),
    ],
)
def test_cardinals_go_in_sections_of_four_digits(number: int, said: str) -> None:
    assert mandarin(number, Reading.CARDINAL) == said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("600519", "六零零五幺九"),
        ("000001", "零零零零零幺"),
        ("1", "幺"),
        (8001, "八零零幺"),
        ("222", "二二二"),
    ],
)
def test_codes_are_said_digit_by_digit_with_yao_for_one(code: str | int, said: str) -> None:
    assert mandarin(code, Reading.CODE) == said


def test_telephone_numbers_may_be_written_as_people_write_them() -> None:
    assert mandarin("+86 138-0013-8000", Reading.PHONE) == "八六幺三八零零幺三八零零零"


@pytest.mark.parametrize(
    ("price", "said"),
    [
        ("12.05", "十二点零五元"),
        ("12.50", "十二点五零元"),
        ("0.01", "零点零一元"),
        ("2.00", "二点零零元"),
        ("2", "两元"),
        ("1688.88", "一千六百八十八点八八元"),
        ("10", "十元"),
        ("-3.20", "负三点二零元"),
        ("1.2345", "一点二三四五元"),
    ],
)
def test_prices_keep_the_zeros_of_their_tick(price: str, said: str) -> None:
    assert mandarin(Decimal(price), Reading.PRICE) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0", "零元"),
        ("12", "十二元"),
        ("12.05", "十二元零五分"),
        ("12.50", "十二元五角"),
        ("12.34", "十二元三角四分"),
        ("2.20", "两元两角"),
        ("0.30", "三角"),
        ("0.02", "两分"),
        ("12.02", "十二元零二分"),
        ("120500", "十二万零五百元"),
        ("-1.10", "负一元一角"),
        ("0.004", "零元"),
        ("-0.004", "零元"),
    ],
)
def test_money_is_said_in_yuan_jiao_and_fen(amount: str, said: str) -> None:
    assert mandarin(Decimal(amount), Reading.MONEY) == said


def test_money_of_the_engine_is_read_like_any_amount() -> None:
    assert mandarin(Money(Decimal("2.5")), Reading.MONEY) == "两元五角"


@pytest.mark.parametrize(
    ("value", "reading", "said"),
    [
        ("3.2", Reading.PERCENT, "百分之三点二"),
        ("-3.2", Reading.PERCENT, "负百分之三点二"),
        ("100", Reading.PERCENT, "百分之一百"),
        ("3.20", Reading.CHANGE, "涨百分之三点二零"),
        ("-0.05", Reading.CHANGE, "跌百分之零点零五"),
        ("0.00", Reading.CHANGE, "持平"),
        ("3021.55", Reading.POINTS, "三千零二十一点五五点"),
        ("12.05", Reading.DECIMAL, "十二点零五"),
        ("200", Reading.SHARES, "二百股"),
        ("2", Reading.SHARES, "两股"),
        ("0", Reading.SHARES, "零股"),
        ("2", Reading.LOTS, "两手"),
        ("12", Reading.LOTS, "十二手"),
        ("20000", Reading.SHARES, "两万股"),
    ],
)
def test_numbers_get_what_belongs_to_them(value: str, reading: Reading, said: str) -> None:
    assert mandarin(value, reading) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 21), "二零二六年十一月二十一日"),
        (date(2001, 1, 1), "二零零一年一月一日"),
        (date(1990, 12, 19), "一九九零年十二月十九日"),
    ],
)
def test_years_are_said_digit_by_digit_and_with_yi_for_one(day: date, said: str) -> None:
    assert mandarin(day, Reading.DATE) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (time(0, 0), "凌晨零点整"),
        (time(2, 2), "凌晨两点零二分"),
        (time(9, 30), "上午九点三十分"),
        (time(12, 0), "中午十二点整"),
        (time(14, 0), "下午两点整"),
        (time(15, 5), "下午三点零五分"),
        (time(22, 12), "晚上十点十二分"),
    ],
)
def test_times_name_the_part_of_the_day(moment: time, said: str) -> None:
    assert mandarin(moment, Reading.TIME) == said


def test_a_moment_is_its_date_and_then_its_time() -> None:
    moment = datetime(2026, 11, 21, 15, 5, 59)  # noqa: DTZ001
    assert mandarin(moment, Reading.DATE_TIME) == "二零二六年十一月二十一日下午三点零五分"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "零秒"),
        (2, "两秒"),
        (60, "一分钟"),
        (125, "两分钟五秒"),
        (3600, "一小时"),
        (7325, "两小时两分钟五秒"),
    ],
)
def test_durations_leave_out_what_is_zero(seconds: int, said: str) -> None:
    assert mandarin(seconds, Reading.DURATION) == said
    assert mandarin(timedelta(seconds=seconds), Reading.DURATION) == said
