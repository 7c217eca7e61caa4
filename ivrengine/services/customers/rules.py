"""How often a caller may be wrong. Pure."""

from collections import Counter, OrderedDict

from ivrengine.services.customers.model import CustomerNumber
from ivrengine.values import CallId

CALLS_REMEMBERED = 10_000
"""Many times the calls that are up at once; who is forgotten may try anew."""


class WrongTries:
    """Counts wrong PINs by call, and by customer since the last right one."""

    def __init__(self, *, per_call: int) -> None:
        self._per_call = per_call
        self._by_call: OrderedDict[CallId, int] = OrderedDict()
        self._by_customer: Counter[CustomerNumber] = Counter()

    def are_used_up(self, call: CallId) -> bool:
        """Tell whether a call may not try any more."""
        return self._by_call.get(call, 0) >= self._per_call

    def of_customer(self, customer: CustomerNumber) -> int:
        """Return how often in a row somebody was wrong about a customer's PIN."""
        return self._by_customer[customer]

    def wrong(self, call: CallId, customer: CustomerNumber | None) -> None:
        """Count a wrong PIN; ``customer`` is None when there is no such customer."""
        self._by_call[call] = self._by_call.pop(call, 0) + 1
        while len(self._by_call) > CALLS_REMEMBERED:
            self._by_call.popitem(last=False)
        if customer is not None:
            self._by_customer[customer] += 1

    def right(self, call: CallId, customer: CustomerNumber) -> None:
        """Forget what was wrong before a right PIN."""
        self._by_call.pop(call, None)
        self._by_customer.pop(customer, None)
