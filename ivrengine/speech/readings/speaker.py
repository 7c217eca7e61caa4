"""What a language must be able to say; each language is one module that satisfies this protocol.

All functions return prompt ids in the order of speech and expect values that ``accepted`` has
checked: numbers are finite and below :data:`LIMIT`, codes are digits and not empty.
"""

from datetime import date, time
from decimal import Decimal
from typing import Protocol

LIMIT = 10**16
"""Numbers from here on are refused: no market or account holds one."""


class Speaker(Protocol):
    """The read-outs of one language."""

    def code(self, digits: str) -> tuple[str, ...]:
        """Say digits one by one, the last with a falling voice."""
        ...

    def cardinal(self, number: int) -> tuple[str, ...]:
        """Say a whole number, negative ones too."""
        ...

    def decimal(self, number: Decimal) -> tuple[str, ...]:
        """Say a number with all the decimals that it carries."""
        ...

    def price(self, yuan: Decimal) -> tuple[str, ...]:
        """Say a price with the decimals of its tick."""
        ...

    def money(self, yuan: Decimal) -> tuple[str, ...]:
        """Say an amount in coins, rounded to the fen."""
        ...

    def percent(self, number: Decimal) -> tuple[str, ...]:
        """Say a number of percent."""
        ...

    def change(self, number: Decimal) -> tuple[str, ...]:
        """Say a rise or a fall in percent."""
        ...

    def points(self, number: Decimal) -> tuple[str, ...]:
        """Say a number of index points."""
        ...

    def counted(self, number: int, unit: str) -> tuple[str, ...]:
        """Say a number of things; ``unit`` is the last part of their prompt id under ``unit``."""
        ...

    def calendar_date(self, day: date) -> tuple[str, ...]:
        """Say year, month and day."""
        ...

    def time_of_day(self, moment: time) -> tuple[str, ...]:
        """Say hour and minute; seconds are left out."""
        ...

    def duration(self, seconds: int) -> tuple[str, ...]:
        """Say hours, minutes and seconds, leaving out those that are zero."""
        ...
