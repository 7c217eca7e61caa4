"""Keys that callers pressed while no engine was there: whoever takes a call up may want them.

The softswitch tells the next engine of them before that engine knows whose they are.
"""

from collections import deque
from collections.abc import Iterable

from ivrengine.telephony import DigitPressed, LegId

KEYS_REMEMBERED = 20_000
"""Of all callers together: some dozens for each of several hundred."""


class MissedKeys:
    """Remembers the keys on legs that nobody serves yet, until the first reconciliation is over."""

    def __init__(self) -> None:
        self._keys: deque[DigitPressed] | None = deque(maxlen=KEYS_REMEMBERED)

    def take(self, key: DigitPressed) -> bool:
        """Remember a key; False when that is of no use any more."""
        if self._keys is None:
            return False
        self._keys.append(key)
        return True

    def of(self, leg: LegId) -> Iterable[DigitPressed]:
        """Return what was pressed on a leg, in order."""
        return [key for key in self._keys or () if key.leg == leg]

    def forget(self) -> None:
        """Forget all keys, and remember none from here on."""
        self._keys = None
