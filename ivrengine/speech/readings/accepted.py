"""What may be read: the check of a value against the class of its reading.

Refusals name the class and the type but never the value, which may be somebody's account.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from ivrengine.errors import SpeechError
from ivrengine.speech.prompt_ids import PROMPT_ID
from ivrengine.speech.readings.speaker import LIMIT
from ivrengine.values import Money

_DIGITS = re.compile(r"[0-9]+")
_MAX_DECIMALS = 8


def as_digits(value: object, *, separated: bool = False) -> str:
    """Return the digits of a code; ``separated`` allows what people write between them."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        _refuse(value, "a code")
    digits = re.sub(r"[ \-()]", "", value).removeprefix("+") if separated else value
    if not _DIGITS.fullmatch(digits):
        _refuse(value, "a code")
    return digits


def as_amount(value: object) -> Decimal:
    """Return a finite number with at most eight decimals."""
    if isinstance(value, Money):
        return value.yuan
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        _refuse(value, "a number")
    try:
        number = Decimal(value)
    except InvalidOperation:
        _refuse(value, "a number")
    if not number.is_finite() or abs(number) >= LIMIT or _decimals(number) > _MAX_DECIMALS:
        _refuse(value, "a number of sixteen digits at most")
    return number


def as_whole(value: object) -> int:
    """Return a number without a fraction."""
    number = as_amount(value)
    if number != int(number):
        _refuse(value, "a whole number")
    return int(number)


def as_count(value: object) -> int:
    """Return a whole number that is not negative."""
    number = as_whole(value)
    if number < 0:
        _refuse(value, "a count")
    return number


def as_seconds(value: object) -> int:
    """Return a duration in whole seconds, rounded down."""
    if isinstance(value, timedelta):
        value = int(value.total_seconds())
    if isinstance(value, Decimal):
        value = int(as_amount(value))
    return as_count(value)


def as_date(value: object) -> date:
    """Return the day of a date, a moment or their ISO text."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return _from_iso(value, "a date").date()


def as_time(value: object) -> time:
    """Return the time of day of a time, a moment or their ISO text."""
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time):
        return value
    if isinstance(value, str):
        try:
            return time.fromisoformat(value)
        except ValueError:
            return _from_iso(value, "a time").time()
    _refuse(value, "a time")


def as_prompt_id(value: object) -> str:
    """Return a dotted prompt id."""
    if not isinstance(value, str) or not PROMPT_ID.fullmatch(value):
        _refuse(value, "a prompt id")
    return value


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _from_iso(value: object, wanted: str) -> datetime:
    if not isinstance(value, str):
        _refuse(value, wanted)
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        _refuse(value, wanted)


def _refuse(value: object, wanted: str) -> NoReturn:
    # No cause is chained: its message would show the value.
    raise SpeechError(f"cannot read a {type(value).__name__} as {wanted}") from None
