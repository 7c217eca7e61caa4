"""What a caller may honestly be told of the wait that is still to come. Pure.

An estimate is a mean: about half of all callers wait longer. So it is padded until four out of five
wait no longer than they were told; the fewer are ahead, the wilder the chance, and the more it
takes. Then it is rounded up to a figure that people use.

What was told is a promise. A later figure that goes beyond it is not let slip: it is held back
while what was promised has not run out, and is then said with an apology.
"""

from dataclasses import dataclass
from math import ceil, sqrt

MINUTE_S = 60

FEW_MINUTES = 10
"""Up to so many minutes each has a figure of its own, beyond it only every fifth."""

ROUND_MINUTES = 5
MOST_MINUTES = 30
LONG_MINUTES = 60
"""What stands for more than half an hour, which is not put into figures."""

KEPT_Z = 0.8416
"""The normal quantile that four out of five stay below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A caller was told after ``told_after_s`` of waiting to be served within ``within_s``."""

    within_s: int
    told_after_s: float

    def left_s(self, waited_s: float) -> float:
        """Return how much of it is left; negative when it was broken."""
        return self.within_s - (waited_s - self.told_after_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tellable:
    """What may be said: 0 seconds for nothing. ``takes_longer`` has to be said with an apology."""

    expected_wait_s: int = 0
    takes_longer: bool = False


def padded_s(expected_s: float, position: int) -> float:
    """Return the wait that four out of five callers at ``position`` do not exceed.

    The wait at position n is a sum of n about equal exponential times, so its quantiles are those
    of a gamma distribution (in the approximation of Wilson and Hilferty, 1931).
    """
    stages = max(1, position)
    cube_root = 1 - 1 / (9 * stages) + KEPT_Z / (3 * sqrt(stages))
    return expected_s * float(cube_root**3)


def rounded_s(wait_s: float) -> int:
    """Return a figure that people use and that is no less than ``wait_s``."""
    minutes = max(1, ceil(wait_s / MINUTE_S))
    if minutes > FEW_MINUTES:
        minutes = ceil(minutes / ROUND_MINUTES) * ROUND_MINUTES
    return (minutes if minutes <= MOST_MINUTES else LONG_MINUTES) * MINUTE_S


def tellable(
    expected_s: float | None, position: int, *, waited_s: float, before: Promise | None
) -> Tellable:
    """Return what a caller may be told who was promised ``before``.

    Nothing is told while nobody can tell, as when no agent is there to serve.
    """
    if expected_s is None or position < 1:
        return Tellable()
    figure_s = rounded_s(padded_s(expected_s, position))
    if before is None or figure_s <= rounded_s(max(0.0, before.left_s(waited_s))):
        return Tellable(expected_wait_s=figure_s)
    if before.left_s(waited_s) > 0:
        return Tellable()
    return Tellable(expected_wait_s=figure_s, takes_longer=True)
