"""Which numbers a ticket may have: easy to say, and telling nothing of other tickets."""

from collections.abc import Callable

from ivrengine.services.mailbox.model import TicketNumber

TICKET_DIGITS = 7

_LOWEST = 10 ** (TICKET_DIGITS - 1)
_COUNT = 9 * _LOWEST

Chance = Callable[[int], int]
"""Returns an unguessable whole number from 0 up to, not including, its argument."""


def draw_number(chance: Chance) -> TicketNumber:
    """Draw a ticket number: no leading zero and no key three times in a row.

    Drawn, not counted, so that nobody learns a number by leaving a message before or after.
    """
    while True:
        digits = str(_LOWEST + chance(_COUNT))
        if is_speakable(digits):
            return TicketNumber(digits)


def is_speakable(digits: str) -> bool:
    """Tell whether a listener can keep the digits apart: never three alike in a row."""
    triples = zip(digits, digits[1:], digits[2:], strict=False)
    return not any(first == second == third for first, second, third in triples)
