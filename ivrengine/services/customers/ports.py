"""What identifying callers needs of the world: the customers, and somebody who checks PINs."""

from typing import Protocol

from ivrengine.services.customers.model import Customer, CustomerNumber, PinHash
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
