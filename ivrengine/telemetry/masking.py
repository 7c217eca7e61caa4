"""The second net under secrets: masks what must not be in a log line, wherever it stands.

The first net is the types: ``Secret`` and ``PhoneNumber`` show a mask wherever they are printed.
This one catches what reached a line as plain text: fields with a telling name, and telephone,
card and identity numbers or passwords inside any text, also of exceptions and of other libraries.
"""

import re
from collections.abc import Mapping

from ivrengine.values import PhoneNumber

MASK = "******"

_TELLING = re.compile(
    r"(^|_)(pin|password|passwd|secret|token|authorization|cookie|api_key)s?($|_)", re.IGNORECASE
)
_ASSIGNED = re.compile(
    r"""(?P<name>\b(?:pin|password|passwd|secret|token|api[_-]?key)["']?\s*[=:]\s*["']?)[^\s"',;&)}]+""",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\b(?P<name>bearer\s+|basic\s+)[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE)
_USER_INFO = re.compile(r"(?P<name>://[^\s/:@]+:)[^\s/@]+(?=@)")
_PHONE = re.compile(r"(?<![\d.-])(?:\+?86)?(?:1[3-9]\d{9}|0[1-9]\d{8,10})(?![\d-])")
_SUSPICIOUS = re.compile(r"\d{10}|[=:]|\b(?:bearer|basic)\b", re.IGNORECASE)
"""Without one of these nothing in a text can need a mask: most lines are done here."""
_LEAST_PERSONAL = 10**10
"""Least number that could be a telephone's."""
_CARD = re.compile(r"(?<![\d.-])\d{15,19}[\dXx]?(?![\d-])")


def masked_line(line: Mapping[str, object]) -> dict[str, object]:
    """Return a log line with every field masked that needs it."""
    return {name: masked(value, name) for name, value in line.items()}


def masked(value: object, name: str = "") -> object:
    """Return ``value`` fit for a log; ``name`` is the field that it stands in.

    What is neither a number, a text, a list nor a mapping becomes its text.
    """
    if _TELLING.search(name):
        return MASK
    match value:
        case None | bool() | float():
            return value
        case int():
            return value if abs(value) < _LEAST_PERSONAL else masked_text(str(value))
        case Mapping():
            return {str(key): masked(inner, str(key)) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [masked(inner) for inner in value]
        case BaseException():
            return masked_text(f"{type(value).__name__}: {value}")
        case _:
            return masked_text(str(value))


def masked_text(text: str) -> str:
    """Mask what looks like a number of a person or like a password in a text."""
    if _SUSPICIOUS.search(text) is None:
        return text
    for pattern in (_ASSIGNED, _BEARER, _USER_INFO):
        text = pattern.sub(rf"\g<name>{MASK}", text)
    text = _CARD.sub(_keep_ends, text)
    return _PHONE.sub(_keep_ends, text)


def _keep_ends(found: re.Match[str]) -> str:
    return PhoneNumber(found.group()).masked()
