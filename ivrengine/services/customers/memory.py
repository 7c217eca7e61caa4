"""Wrong PINs in memory: for the terminal, for tests, and for as long as a database is away."""

from collections import OrderedDict

from ivrengine.services.customers.model import CustomerNumber, WrongInARow

NUMBERS_REMEMBERED = 10_000
"""Far more than are keyed wrong while a database is away; whoever is forgotten may try anew."""


class MemoryWrongPins:
    """A :class:`~ivrengine.services.customers.ports.WrongPins` that forgets at exit."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[CustomerNumber, WrongInARow] = OrderedDict()

    async def of(self, number: CustomerNumber) -> WrongInARow:
        """Return how often in a row somebody was wrong about the PIN of a number, and when."""
        return self._wrong.get(number, WrongInARow())

    async def wrong(self, number: CustomerNumber, at: float) -> int:
        """Count a try at ``at``; return how many there were in a row with it."""
        before = self._wrong.pop(number, WrongInARow())
        self._wrong[number] = WrongInARow(count=before.count + 1, last_at=at)
        while len(self._wrong) > NUMBERS_REMEMBERED:
            self._wrong.popitem(last=False)
        return before.count + 1

    async def right(self, number: CustomerNumber) -> None:
        """Forget what was wrong before a right PIN."""
        self._wrong.pop(number, None)
