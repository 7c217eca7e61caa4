"""Whether Asterisk answers orders late: then it has more to do than it can."""

from collections import deque
from typing import Final

from ivrengine.clock import Clock
from ivrengine.softswitch.ari.client import Operation

LATE_S: Final = 0.2
"""A whole order takes a hundredth of this from an Asterisk that has time."""

_LOOKS_BACK_S: Final = 2.0
_AT_LEAST: Final = 8
_SHARE: Final = 4


class Strain:
    """Counts late answers.

    Args:
        clock: the time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._answered: deque[tuple[float, bool]] = deque()
        self._late = 0

    def note(self, operation: str, seconds: float) -> None:
        """Take in that an order took so long, whether it was done, refused or not answered.

        To answer a caller takes as long as the caller's first sound, and tells nothing of Asterisk.
        """
        if operation == Operation.ANSWER:
            return
        is_late = seconds > LATE_S
        self._answered.append((self._clock.now(), is_late))
        self._late += is_late
        self._forget()

    def is_felt(self) -> bool:
        """Tell whether a quarter of the orders of the last two seconds were late.

        A few may be late for reasons of their own: an order can wait for a prompt on its leg.
        """
        self._forget()
        return len(self._answered) >= _AT_LEAST and self._late * _SHARE >= len(self._answered)

    def _forget(self) -> None:
        oldest = self._clock.now() - _LOOKS_BACK_S
        while self._answered and self._answered[0][0] < oldest:
            self._late -= self._answered.popleft()[1]
