"""Whether Asterisk answers orders late: then it has as much to do as it can, or more."""

from collections import deque
from typing import Final

from ivrengine.clock import Clock
from ivrengine.softswitch.ari.client import Operation

LATE_S: Final = 0.2
"""A whole order takes a hundredth of this from an Asterisk that has time."""

SLOW_S: Final = 0.1
"""So late that callers feel it: a tenth of a second is felt as at once."""

_LOOKS_BACK_S: Final = 2.0
_AT_LEAST: Final = 8
_LATE_SHARE: Final = 4
_SLOW_SHARE: Final = 10


class Strain:
    """Counts late answers.

    Args:
        clock: the time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._answered: deque[tuple[float, bool, bool]] = deque()
        self._late = 0
        self._slow = 0

    def note(self, operation: str, seconds: float) -> None:
        """Take in that an order took so long, whether it was done, refused or not answered.

        To answer a caller takes as long as the caller's first sound, and tells nothing of Asterisk.
        """
        if operation == Operation.ANSWER:
            return
        is_late, is_slow = seconds > LATE_S, seconds > SLOW_S
        self._answered.append((self._clock.now(), is_late, is_slow))
        self._late += is_late
        self._slow += is_slow
        self._forget()

    def is_felt(self) -> bool:
        """Tell whether a quarter of the orders of the last two seconds were late.

        A few may be late for reasons of their own: an order can wait for a prompt on its leg.
        """
        self._forget()
        return self._is_much(self._late, _LATE_SHARE)

    def begins(self) -> bool:
        """Tell whether a tenth of the orders of the last two seconds took longer than is felt."""
        self._forget()
        return self._is_much(self._slow, _SLOW_SHARE)

    def _is_much(self, some: int, share: int) -> bool:
        return len(self._answered) >= _AT_LEAST and some * share >= len(self._answered)

    def _forget(self) -> None:
        oldest = self._clock.now() - _LOOKS_BACK_S
        while self._answered and self._answered[0][0] < oldest:
            _, is_late, is_slow = self._answered.popleft()
            self._late -= is_late
            self._slow -= is_slow
