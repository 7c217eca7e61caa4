"""Numbers are read out and understood again by a listener that knows nothing of how they were."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivrengine.speech.readings import Reading
from ivrengine.values import Language
from tests.kit.speech import spoken

pytestmark = pytest.mark.unit

_DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: number for number, word in enumerate(_ONES)} | {
    word: 10 * number for number, word in enumerate(_TENS, start=2)
}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}


def understand_mandarin(heard: str) -> int:
    """Split at the greatest unit: what stands before it counts it, what follows is added."""
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if unit in heard:
            before, _, after = heard.rpartition(unit)
            return understand_mandarin(before) * size + (understand_mandarin(after) if after else 0)
    total, digit = 0, 0
    for position, sign in enumerate(heard):
        if sign in _SMALL:
            total += (1 if position == 0 and sign == "十" else digit) * _SMALL[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def understand_english(heard: str) -> int:
    total, group = 0, 0
    for word in heard.replace("-", " ").split():
        if word in _SCALES:
            total, group = total + group * _SCALES[word], 0
        elif word == "hundred":
            group *= 100
        else:
            group += _WORDS[word]
    return total + group


_NUMBERS = st.one_of(
    st.integers(0, 10**13),
    st.integers(0, 10**5),
    # Few digits among many zeros: where 零 is easily said once too often or too rarely.
    st.lists(st.sampled_from("0000012"), min_size=1, max_size=13).map(
        lambda digits: int("".join(digits))
    ),
)


@settings(deadline=None)
@given(_NUMBERS)
def test_every_number_is_understood_in_mandarin(number: int) -> None:
    assert understand_mandarin(spoken(number, Reading.CARDINAL, Language.MANDARIN)) == number


@settings(deadline=None)
@given(_NUMBERS)
def test_every_number_is_understood_in_english(number: int) -> None:
    assert understand_english(spoken(number, Reading.CARDINAL, Language.ENGLISH)) == number


@settings(deadline=None)
@given(_NUMBERS.filter(bool))
def test_mandarin_never_says_two_zeros_in_a_row_nor_one_at_the_end(number: int) -> None:
    said = spoken(number, Reading.CARDINAL, Language.MANDARIN)
    assert "零零" not in said
    assert not said.endswith("零")


@settings(deadline=None)
@given(_NUMBERS)
def test_two_is_liang_before_thousands_and_greater_and_er_elsewhere(number: int) -> None:
    said = spoken(number, Reading.CARDINAL, Language.MANDARIN)
    assert "二千" not in said
    assert "两百" not in said
    assert not said.endswith("两")
    assert "十两" not in said
