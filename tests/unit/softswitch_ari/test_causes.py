"""Our words for the end of a leg survive the way to Asterisk and back."""

import pytest

from ivrengine.softswitch.ari.causes import hang_up_cause, q850_code
from ivrengine.telephony import HangUpCause

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("cause", list(HangUpCause))
def test_each_cause_has_a_number_that_means_it(cause: HangUpCause) -> None:
    assert hang_up_cause(q850_code(cause)) is cause


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (0, HangUpCause.NORMAL),
        (3, HangUpCause.UNREACHABLE),
        (18, HangUpCause.NO_ANSWER),
        (26, HangUpCause.NORMAL),
        (28, HangUpCause.UNKNOWN_NUMBER),
        (42, HangUpCause.CONGESTION),
        (999, HangUpCause.FAILED),
        (-1, HangUpCause.FAILED),
    ],
)
def test_what_carriers_send_is_understood(code: int, cause: HangUpCause) -> None:
    assert hang_up_cause(code) is cause
