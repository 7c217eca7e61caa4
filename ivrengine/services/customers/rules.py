"""How often a caller may be wrong: in one call, and about one number over all calls. Pure."""

from collections import OrderedDict
from dataclasses import dataclass

from ivrengine.services.customers.model import WrongInARow
from ivrengine.values import CallId

CALLS_REMEMBERED = 10_000
"""Many times the calls that are up at once; who is forgotten may try anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lockout:
    """Nobody is listened to about a number for ``for_s`` seconds after ``after`` wrong PINs."""

    after: int
    for_s: float

    def holds(self, wrong: WrongInARow, now: float) -> bool:
        """Tell whether nobody is listened to at ``now``."""
        return wrong.count >= self.after and now < wrong.last_at + self.for_s

    def allows(self, nth: int, before: WrongInARow) -> bool:
        """Tell whether the ``nth`` try in a row may be looked at, where ``before`` was known.

        Of many at once that all knew the same only as many may as one after the other. Once the
        time is over one may, and the next one waits as long again.
        """
        is_the_next = nth == before.count + 1
        return nth <= self.after or (before.count >= self.after and is_the_next)


class WrongTries:
    """Counts wrong PINs by call."""

    def __init__(self, *, per_call: int) -> None:
        self._per_call = per_call
        self._by_call: OrderedDict[CallId, int] = OrderedDict()

    def are_used_up(self, call: CallId) -> bool:
        """Tell whether a call may not try any more."""
        return self._by_call.get(call, 0) >= self._per_call

    def wrong(self, call: CallId) -> None:
        """Count a wrong PIN."""
        self._by_call[call] = self._by_call.pop(call, 0) + 1
        while len(self._by_call) > CALLS_REMEMBERED:
            self._by_call.popitem(last=False)

    def right(self, call: CallId) -> None:
        """Forget what was wrong before a right PIN."""
        self._by_call.pop(call, None)
