"""Which numbers are called back."""

import pytest
from pydantic import ValidationError

from ivrengine.calls.calling_back.settings import CallingBackSettings

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("number", "allowed"),
    [
        ("13900000001", True),
        ("02155556666", True),
        ("051255556666", True),
        ("", False),
        ("110", False),
        ("95588", False),
        ("12345678901", False),
        ("00447700900123", False),
        ("0013900000001", False),
        ("13900000001;tag=1", False),
        ("+8613900000001", False),
    ],
)
def test_customers_are_called_and_nobody_at_the_houses_expense(number: str, allowed: bool) -> None:
    assert CallingBackSettings().allows(number) is allowed


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError, match="no pattern"):
        CallingBackSettings(allowed="(")
