"""Read-outs in English, as spoken in America: no "and" after hundreds, ordinal days, a.m. and p.m.

Digits are spoken one by one in codes and after the point, with "zero" for 0. Numbers to 99, and
the hundreds and thousands to nine, are whole fragments so that they keep their melody.
"""

from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal

_SCALES = (
    (10**12, "num.trillion"),
    (10**9, "num.billion"),
    (10**6, "num.million"),
    (10**3, "num.thousand"),
)


def code(digits: str) -> tuple[str, ...]:
    """Say 600519 as six zero zero five one nine."""
    return (*(f"num.digit.{digit}" for digit in digits[:-1]), f"num.last.{digits[-1]}")


def cardinal(number: int) -> tuple[str, ...]:
    """Say 21105 as twenty-one thousand one hundred five."""
    if number < 0:
        return ("num.minus", *_natural(-number))
    return tuple(_natural(number))


def decimal(number: Decimal) -> tuple[str, ...]:
    """Say 12.05 as twelve point zero five."""
    minus = ["num.minus"] if number < 0 else []
    whole, _, fraction = f"{abs(number):f}".partition(".")
    spoken = [*minus, *_natural(int(whole))]
    if fraction:
        spoken += ["num.point", *(f"num.{digit}" for digit in fraction)]
    return tuple(spoken)


def price(yuan: Decimal) -> tuple[str, ...]:
    """Say 12.05 as twelve point zero five yuan."""
    return (*decimal(yuan), "unit.yuan")


def money(yuan: Decimal) -> tuple[str, ...]:
    """Say 12.05 as twelve yuan five fen; there is no English word for a jiao in use."""
    fen_total = int((abs(yuan) * 100).to_integral_value(rounding=ROUND_HALF_UP))
    whole, fen = divmod(fen_total, 100)
    spoken = ["num.minus"] if yuan < 0 and fen_total else []
    if whole or not fen:
        spoken += [*_natural(whole), "unit.yuan"]
    if fen:
        spoken += [*_natural(fen), "unit.fen"]
    return tuple(spoken)


def percent(number: Decimal) -> tuple[str, ...]:
    """Say -3.2 as minus three point two percent."""
    return (*decimal(number), "unit.percent")


def change(number: Decimal) -> tuple[str, ...]:
    """Say 3.2 as up three point two percent, -3.2 as down, and 0 as unchanged."""
    if number == 0:
        return ("change.unchanged",)
    return ("change.up" if number > 0 else "change.down", *percent(abs(number)))


def points(number: Decimal) -> tuple[str, ...]:
    """Say 3021.55 as three thousand twenty-one point five five points."""
    return (*decimal(number), "unit.point" if number == 1 else "unit.points")


def counted(number: int, unit: str) -> tuple[str, ...]:
    """Say the number, then the thing, in the plural unless there is exactly one."""
    return (*cardinal(number), f"unit.{unit}" if number == 1 else f"unit.{unit}s")


def calendar_date(day: date) -> tuple[str, ...]:
    """Say 2026-11-21 as November twenty-first twenty twenty-six."""
    return (f"date.month.{day.month}", f"date.day.{day.day}", *_year(day.year))


def time_of_day(moment: time) -> tuple[str, ...]:
    """Say 15:05 as three zero five p.m. and 14:00 as two p.m."""
    spoken = [f"num.{moment.hour % 12 or 12}"]
    if 0 < moment.minute < 10:
        spoken.append("num.0")
    if moment.minute:
        spoken.append(f"num.{moment.minute}")
    return (*spoken, "time.morning" if moment.hour < 12 else "time.afternoon")


def duration(seconds: int) -> tuple[str, ...]:
    """Say 7325 as two hours two minutes five seconds."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    spoken: list[str] = []
    for number, unit in ((hours, "hour"), (minutes, "minute"), (rest, "second")):
        if number:
            spoken += counted(number, unit)
    return tuple(spoken) or counted(0, "second")


def _natural(number: int) -> list[str]:
    if 1000 <= number < 10_000:
        return [f"num.{number // 1000 * 1000}", *_rest(number % 1000)]
    for scale, fragment in _SCALES:
        if number >= scale:
            return [*_natural(number // scale), fragment, *_rest(number % scale)]
    if number >= 100:
        return [f"num.{number // 100 * 100}", *_rest(number % 100)]
    return [f"num.{number}"]


def _rest(number: int) -> list[str]:
    return _natural(number) if number else []


def _year(year: int) -> list[str]:
    """Say 2026 as twenty twenty-six, 2005 as two thousand five, 1905 as nineteen zero five."""
    century, rest = divmod(year, 100)
    if (century % 10 == 0 and rest < 10) or century < 10:
        return _natural(year)
    if rest == 0:
        return [f"num.{century}", "num.hundred"]
    zero = ["num.0"] if rest < 10 else []
    return [f"num.{century}", *zero, f"num.{rest}"]
