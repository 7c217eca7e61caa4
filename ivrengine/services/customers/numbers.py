"""Telephone numbers in one form, however a carrier or a customer writes them. Pure.

The form is that of E.164 without the plus: country code, area code, subscriber.
"""

from ivrengine.services.customers.settings import NumberingSettings
from ivrengine.values import PhoneNumber

_BETWEEN_DIGITS = frozenset(" -./()")
_MOBILE_DIGITS = 11
_MOBILE_SECOND = frozenset("3456789")
_LOCAL_DIGITS = range(7, 9)
_LEAST_WITH_COUNTRY = 11
"""Digits of the shortest number that can begin with a country code: no local one is as long."""


def normalised(number: PhoneNumber, plan: NumberingSettings) -> str:
    """Return ``number`` in its one form, empty when it is none.

    A number that fits nothing keeps its digits behind the country code, so that two spellings of
    it still agree.
    """
    written = "".join(sign for sign in number.digits if sign not in _BETWEEN_DIGITS)
    has_plus = written.startswith("+")
    digits = written.removeprefix("+")
    if not (digits.isascii() and digits.isdecimal()):
        return ""
    if has_plus:
        return digits
    if digits.startswith(plan.international_prefix):
        return digits.removeprefix(plan.international_prefix)
    if plan.trunk_prefix and digits.startswith(plan.trunk_prefix):
        return plan.country_code + digits.removeprefix(plan.trunk_prefix)
    if _is_mobile(digits):
        return plan.country_code + digits
    if digits.startswith(plan.country_code) and len(digits) >= _LEAST_WITH_COUNTRY:
        return digits
    if len(digits) in _LOCAL_DIGITS:
        return plan.country_code + plan.area_code + digits
    return plan.country_code + digits


def _is_mobile(digits: str) -> bool:
    """Tell whether ``digits`` are a Chinese mobile number, which has no area code."""
    return len(digits) == _MOBILE_DIGITS and digits[0] == "1" and digits[1] in _MOBILE_SECOND
