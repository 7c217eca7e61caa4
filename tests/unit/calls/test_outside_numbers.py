"""Which numbers outside may be called: what is not allowed is forbidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ivrengine.calls.talk.numbers import OutsideNumbers, Verdict

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "number", ["13900000007", "051265551234", "02165551234", "65551234", "4008123456", "95588"]
)
def test_ordinary_numbers_may_be_called(number: str) -> None:
    assert OutsideNumbers().verdict(number) is Verdict.ALLOWED


@pytest.mark.parametrize("number", ["110", "112", "119", "120"])
def test_emergency_numbers_have_a_verdict_of_their_own(number: str) -> None:
    assert OutsideNumbers().verdict(number) is Verdict.EMERGENCY


@pytest.mark.parametrize(
    "number",
    ["", "1", "0085212345678", "00442071234567", "13900000007x", " 13900000007", "16800000"],
)
def test_whatever_matches_no_pattern_is_forbidden(number: str) -> None:
    assert OutsideNumbers().verdict(number) is Verdict.FORBIDDEN


@given(st.text())
def test_nothing_but_digits_is_ever_allowed(text: str) -> None:
    if OutsideNumbers().verdict(text) is Verdict.ALLOWED:
        assert text.isdecimal()


def test_a_pattern_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(ValidationError, match="is no pattern"):
        OutsideNumbers(allowed=("(",))
