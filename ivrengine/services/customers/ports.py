"""What identifying callers needs of the world: the customers, and somebody who checks PINs."""

from typing import Protocol

from ivrengine.services.customers.model import (
    Customer,
    CustomerNumber,
    PinHash,
    WrongInARow,
)
from ivrengine.values import Secret


class Customers(Protocol):
    """The customers there are at the moment."""

    def find(self, number: CustomerNumber) -> Customer | None:
        """Return the customer of an account or customer number."""
        ...


class PinChecker(Protocol):
    """Compares PINs with what is kept of them."""

    async def fits(self, pin: Secret, kept: PinHash | None) -> bool:
        """Tell whether ``pin`` is the one that is kept; never where nothing is kept."""
        ...


class WrongPins(Protocol):
    """How often in a row callers were wrong about the PIN of a number that they keyed.

    Numbers that no customer has are counted like all others: a count tells nobody who is one.
    """

    async def of(self, number: CustomerNumber) -> WrongInARow:
        """Return how often, and when last; raises StorageError when that cannot be known."""
        ...

    async def wrong(self, number: CustomerNumber, at: float) -> int:
        """Count a try at ``at``, and return how many there were in a row with it.

        Raises:
            StorageError: it may not be kept.
        """
        ...

    async def right(self, number: CustomerNumber) -> None:
        """Forget what was wrong before a right PIN; raises StorageError when that is not done."""
        ...
