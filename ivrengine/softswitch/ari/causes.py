"""Hang-up causes in our words and in ITU-T Q.850 numbers, which Asterisk speaks."""

from ivrengine.telephony import HangUpCause

_CODE = {
    HangUpCause.NORMAL: 16,
    HangUpCause.BUSY: 17,
    HangUpCause.NO_ANSWER: 19,
    HangUpCause.REJECTED: 21,
    HangUpCause.UNREACHABLE: 20,
    HangUpCause.UNKNOWN_NUMBER: 1,
    HangUpCause.CONGESTION: 34,
    HangUpCause.FAILED: 38,
}

_CAUSE = {
    1: HangUpCause.UNKNOWN_NUMBER,
    2: HangUpCause.UNREACHABLE,
    3: HangUpCause.UNREACHABLE,
    16: HangUpCause.NORMAL,
    17: HangUpCause.BUSY,
    18: HangUpCause.NO_ANSWER,
    19: HangUpCause.NO_ANSWER,
    20: HangUpCause.UNREACHABLE,
    21: HangUpCause.REJECTED,
    22: HangUpCause.UNKNOWN_NUMBER,
    26: HangUpCause.NORMAL,
    27: HangUpCause.UNREACHABLE,
    28: HangUpCause.UNKNOWN_NUMBER,
    31: HangUpCause.NORMAL,
    34: HangUpCause.CONGESTION,
    42: HangUpCause.CONGESTION,
    44: HangUpCause.CONGESTION,
}
"""Q.850 causes that telephones and carriers send in practice; every other one is a failure."""

_NOT_SAID = 0
"""Asterisk's number when nobody gave a cause; a plain BYE is such a case."""


def q850_code(cause: HangUpCause) -> int:
    """Return the number that makes Asterisk answer the far end accordingly."""
    return _CODE[cause]


def hang_up_cause(code: int) -> HangUpCause:
    """Return the cause that a number stands for; no number means a normal end."""
    if code == _NOT_SAID:
        return HangUpCause.NORMAL
    return _CAUSE.get(code, HangUpCause.FAILED)
