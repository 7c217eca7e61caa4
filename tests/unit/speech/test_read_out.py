from datetime import date, time
from decimal import Decimal

import pytest

from ivrengine.errors import SpeechError
from ivrengine.speech.readings import Readable, Reading, read_out
from ivrengine.values import Language, Secret
from tests.kit.speech import house_catalogue

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("value", "reading"),
    [
        ("12a", Reading.CODE),
        ("", Reading.CODE),
        ("١٢", Reading.CODE),
        ("12 34", Reading.CODE),
        (None, Reading.CODE),
        (Secret("111222"), Reading.CODE),
        (Secret("111222"), Reading.CARDINAL),
        (True, Reading.CARDINAL),
        ("1.5", Reading.CARDINAL),
        ("twelve", Reading.PRICE),
        ("NaN", Reading.PRICE),
        ("Infinity", Reading.MONEY),
        (10**16, Reading.CARDINAL),
        ("0.123456789", Reading.DECIMAL),
        (-1, Reading.SHARES),
        ("2.5", Reading.LOTS),
        (-1, Reading.DURATION),
        (time(12, 0), Reading.DATE),
        (date(2026, 1, 1), Reading.TIME),
        ("2026-02-30", Reading.DATE),
        ("25:00", Reading.TIME),
        ("Menu.Main", Reading.PROMPT),
        ("menu", Reading.PROMPT),
        (5, Reading.PROMPT),
    ],
)
def test_what_cannot_be_read_that_way_is_refused(value: Readable, reading: Reading) -> None:
    for language in Language:
        with pytest.raises(SpeechError):
            read_out(value, reading, language)


@pytest.mark.parametrize("reading", [Reading.CODE, Reading.PRICE, Reading.DATE, Reading.PROMPT])
def test_a_refusal_does_not_tell_the_value(reading: Reading) -> None:
    with pytest.raises(SpeechError) as refused:
        read_out("80000001x", reading, Language.MANDARIN)
    assert "80000001" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_prompt_id_is_its_own_reading() -> None:
    assert read_out("security.600519", Reading.PROMPT, Language.ENGLISH) == ("security.600519",)


def test_every_fragment_of_every_reading_is_in_the_catalogue() -> None:
    samples: dict[Reading, list[Readable]] = {
        Reading.CODE: ["0123456789", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        Reading.PHONE: ["+86 1234567890"],
        Reading.CARDINAL: [*range(-2, 100), *range(100, 10_000, 111), 10**4, 10**6, 10**9, 10**12],
        Reading.DECIMAL: [Decimal("-0.0123456")],
        Reading.PRICE: [2, Decimal("9.99")],
        Reading.MONEY: [Decimal(fen) / 100 for fen in range(-100, 1200, 7)],
        Reading.PERCENT: [Decimal("3.2")],
        Reading.CHANGE: [1, 0, -1],
        Reading.POINTS: [1, 2],
        Reading.SHARES: [0, 1, 2],
        Reading.LOTS: [0, 1, 2],
        Reading.DATE: [
            *(date(2026, 1, day) for day in range(1, 32)),
            *(date(1900, month, 1) for month in range(1, 13)),
        ],
        Reading.TIME: [time(hour, minute) for hour in range(24) for minute in (0, 1, 30)],
        Reading.DATE_TIME: ["2026-11-21T15:05"],
        Reading.DURATION: [0, 3661, 7322],
        Reading.PROMPT: ["system.goodbye"],
    }
    assert samples.keys() == set(Reading)
    missing = {
        (fragment, language)
        for reading, values in samples.items()
        for value in values
        for language in Language
        for fragment in read_out(value, reading, language)
        if not house_catalogue().has(fragment, language)
    }
    assert missing == set()
