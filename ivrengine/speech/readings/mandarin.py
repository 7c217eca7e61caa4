"""Read-outs in Mandarin.

Numbers go in sections of four digits (万, 亿). One 零 stands for any run of zeros inside a number
and none for zeros at its end. 十 to 十九 drop their 一 only at the start. 2 is 两 before 千, 万, 亿
and measure words (两元, 两点), and 二 everywhere else (二百, 十二, 零点二). In codes 1 is 幺; in
years and decimals it is 一. Whole fragments (二十一, 三百, 两千) keep the tones of their syllables
together.
"""

from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal

_WAN = 10**4
_YI = 10**8


def code(digits: str) -> tuple[str, ...]:
    """Say 600519 as 六零零五幺九."""
    return (*(f"num.digit.{digit}" for digit in digits[:-1]), f"num.last.{digits[-1]}")


def cardinal(number: int) -> tuple[str, ...]:
    """Say 10015 as 一万零一十五."""
    if number < 0:
        return ("num.minus", *_natural(-number, leads=True))
    return tuple(_natural(number, leads=True))


def decimal(number: Decimal) -> tuple[str, ...]:
    """Say 12.05 as 十二点零五."""
    minus = ["num.minus"] if number < 0 else []
    whole, _, fraction = f"{abs(number):f}".partition(".")
    spoken = [*minus, *_natural(int(whole), leads=True)]
    if fraction:
        spoken += ["num.point", *(f"num.{digit}" for digit in fraction)]
    return tuple(spoken)


def price(yuan: Decimal) -> tuple[str, ...]:
    """Say 12.05 as 十二点零五元, and a bare 2 as 两元."""
    if yuan == 2 and "." not in f"{yuan:f}":
        return ("num.liang", "unit.yuan")
    return (*decimal(yuan), "unit.yuan")


def money(yuan: Decimal) -> tuple[str, ...]:
    """Say 12.05 as 十二元零五分 and 2.50 as 两元五角."""
    fen_total = int((abs(yuan) * 100).to_integral_value(rounding=ROUND_HALF_UP))
    whole, rest = divmod(fen_total, 100)
    jiao, fen = divmod(rest, 10)
    spoken = ["num.minus"] if yuan < 0 and fen_total else []
    if whole or not rest:
        spoken += counted(whole, "yuan")
    if jiao:
        spoken += counted(jiao, "jiao")
    if fen and whole and not jiao:
        spoken += ["num.0", f"num.{fen}", "unit.fen"]
    elif fen:
        spoken += counted(fen, "fen")
    return tuple(spoken)


def percent(number: Decimal) -> tuple[str, ...]:
    """Say 3.2 as 百分之三点二 and -3.2 as 负百分之三点二."""
    minus = ("num.minus",) if number < 0 else ()
    return (*minus, "unit.percent", *decimal(abs(number)))


def change(number: Decimal) -> tuple[str, ...]:
    """Say 3.2 as 涨百分之三点二, -3.2 as 跌百分之三点二 and 0 as 持平."""
    if number == 0:
        return ("change.unchanged",)
    return ("change.up" if number > 0 else "change.down", *percent(abs(number)))


def points(number: Decimal) -> tuple[str, ...]:
    """Say 3021.55 as 三千零二十一点五五点."""
    return (*decimal(number), "unit.point")


def counted(number: int, unit: str) -> tuple[str, ...]:
    """Say 2 as 两 and anything else as a cardinal, then the measure word."""
    spoken = ("num.liang",) if number == 2 else cardinal(number)
    return (*spoken, f"unit.{unit}")


def calendar_date(day: date) -> tuple[str, ...]:
    """Say 2026-11-21 as 二零二六年十一月二十一日."""
    year = (f"num.{digit}" for digit in f"{day.year:04d}")
    return (*year, "date.year", f"date.month.{day.month}", f"date.day.{day.day}")


def time_of_day(moment: time) -> tuple[str, ...]:
    """Say 15:05 as 下午三点零五分 and 14:00 as 下午两点整."""
    spoken = [_part_of_day(moment.hour), *counted(_hour(moment.hour), "oclock")]
    if moment.minute == 0:
        return (*spoken, "time.sharp")
    if moment.minute < 10:
        spoken.append("num.0")
    return (*spoken, f"num.{moment.minute}", "time.minute")


def duration(seconds: int) -> tuple[str, ...]:
    """Say 7325 as 两小时两分钟五秒."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    spoken: list[str] = []
    for number, unit in ((hours, "hour"), (minutes, "minute"), (rest, "second")):
        if number:
            spoken += counted(number, unit)
    return tuple(spoken) or counted(0, "second")


def _hour(hour: int) -> int:
    return hour if hour <= 12 else hour - 12


def _part_of_day(hour: int) -> str:
    if hour < 6:
        return "time.dawn"
    if hour < 12:
        return "time.morning"
    if hour < 13:
        return "time.noon"
    return "time.afternoon" if hour < 18 else "time.evening"


def _natural(number: int, *, leads: bool) -> list[str]:
    """Say a number >= 0; ``leads`` tells that nothing was said before it."""
    if number >= _YI:
        high, low = divmod(number, _YI)
        return [*_multiplier(high, leads=leads), "num.yi", *_after(low, _YI)]
    if number >= _WAN:
        high, low = divmod(number, _WAN)
        return [*_multiplier(high, leads=leads), "num.wan", *_after(low, _WAN)]
    if number >= 1000:
        return [f"num.{number // 1000 * 1000}", *_after(number % 1000, 1000)]
    if number >= 100:
        return [f"num.{number // 100 * 100}", *_after(number % 100, 100)]
    if 10 <= number < 20 and not leads:
        return ["num.1", f"num.{number}"]
    return [f"num.{number}"]


def _multiplier(number: int, *, leads: bool) -> list[str]:
    return ["num.liang"] if number == 2 else _natural(number, leads=leads)


def _after(rest: int, unit: int) -> list[str]:
    """Say what follows a unit: with 零 before it where its highest place is empty."""
    if rest == 0:
        return []
    zero = ["num.0"] if rest < unit // 10 else []
    return [*zero, *_natural(rest, leads=False)]
