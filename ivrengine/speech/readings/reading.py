"""The classes of read-outs, and the one function that makes them.

What each language does with a value stands in its own module (``mandarin``, ``english``); here a
value is only checked against its class and handed over.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from ivrengine.speech.readings import english, mandarin
from ivrengine.speech.readings.accepted import (
    as_amount,
    as_count,
    as_date,
    as_digits,
    as_prompt_id,
    as_seconds,
    as_time,
    as_whole,
)
from ivrengine.speech.readings.speaker import Speaker
from ivrengine.values import Language, Money, PromptId, Secret

Readable = str | int | Decimal | Money | date | datetime | time | timedelta | Secret | None
"""What may be handed to :func:`read_out`; a secret or nothing at all is always refused."""


class Reading(StrEnum):
    """How a value is to be read. The value of a member is its name in flow files."""

    CODE = "code"
    """Digit by digit; in Mandarin 1 is 幺."""
    PHONE = "phone"
    """A telephone or agent number: a code that may hold spaces, hyphens and a leading plus."""
    CARDINAL = "cardinal"
    """A whole number."""
    DECIMAL = "decimal"
    """A number as written: digits after the point one by one, trailing zeros kept."""
    PRICE = "price"
    """A decimal in yuan: the zeros of its tick are kept."""
    MONEY = "money"
    """An amount in yuan, jiao and fen (in English yuan and fen)."""
    PERCENT = "percent"
    """A number of percent, not a fraction: 3.2 is three point two percent."""
    CHANGE = "change"
    """Percent of rise or fall: up, down, or unchanged."""
    POINTS = "points"
    """Points of an index."""
    SHARES = "shares"
    """A whole number of shares (股)."""
    LOTS = "lots"
    """A whole number of lots (手)."""
    DATE = "date"
    """Year, month and day."""
    TIME = "time"
    """Hour and minute on a clock of twelve hours, with the part of the day."""
    DATE_TIME = "date-time"
    """A date, then a time."""
    DURATION = "duration"
    """Whole seconds as hours, minutes and seconds."""
    PROMPT = "prompt"
    """A prompt id that a service answered with, such as a security's name: itself."""


SPEAKERS: dict[Language, Speaker] = {Language.MANDARIN: mandarin, Language.ENGLISH: english}


def read_out(value: Readable, reading: Reading, language: Language) -> tuple[PromptId, ...]:
    """Return the prompts that say ``value``, in the order in which they are to be played.

    Numbers are taken as ``int``, ``Decimal`` or their digits as text; dates and times also in ISO
    8601. Aware times are read as they stand: bring them to the market's zone first.

    Raises:
        SpeechError: ``value`` cannot be read that way; the message never holds the value.
    """
    ids = _fragments(value, reading, SPEAKERS[language])
    return tuple(PromptId(fragment) for fragment in ids)


def _fragments(value: Readable, reading: Reading, speaker: Speaker) -> tuple[str, ...]:
    match reading:
        case Reading.CODE:
            return speaker.code(as_digits(value))
        case Reading.PHONE:
            return speaker.code(as_digits(value, separated=True))
        case Reading.CARDINAL:
            return speaker.cardinal(as_whole(value))
        case Reading.DECIMAL:
            return speaker.decimal(as_amount(value))
        case Reading.PRICE:
            return speaker.price(as_amount(value))
        case Reading.MONEY:
            return speaker.money(as_amount(value))
        case Reading.PERCENT:
            return speaker.percent(as_amount(value))
        case Reading.CHANGE:
            return speaker.change(as_amount(value))
        case Reading.POINTS:
            return speaker.points(as_amount(value))
        case Reading.SHARES:
            return speaker.counted(as_count(value), "share")
        case Reading.LOTS:
            return speaker.counted(as_count(value), "lot")
        case Reading.DATE:
            return speaker.calendar_date(as_date(value))
        case Reading.TIME:
            return speaker.time_of_day(as_time(value))
        case Reading.DATE_TIME:
            return (*speaker.calendar_date(as_date(value)), *speaker.time_of_day(as_time(value)))
        case Reading.DURATION:
            return speaker.duration(as_seconds(value))
        case Reading.PROMPT:
            return (as_prompt_id(value),)
        case _:
            assert_never(reading)
