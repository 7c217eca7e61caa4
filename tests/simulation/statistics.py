"""Means of what depends on what came before: batches of it, and how far off their mean may be."""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev

_BATCHES = 20
_STUDENT_T = 3.883
"""Of 19 degrees of freedom: the mean lies farther off once in a thousand times."""


def band(values: Sequence[float]) -> tuple[float, float]:
    """Return the bounds between which the true mean lies, but for once in a thousand times.

    Neighbours are alike, so the values are cut into batches long enough to know little of each
    other, and the spread of the batches' means is what counts.
    """
    size = len(values) // _BATCHES
    means = [fmean(values[start : start + size]) for start in range(0, size * _BATCHES, size)]
    half = _STUDENT_T * stdev(means) / sqrt(_BATCHES)
    return fmean(means) - half, fmean(means) + half


def assert_agrees(values: Sequence[float], expected: float, *, within: float) -> None:
    """Assert that ``expected`` lies in the band, which must itself be no wider than ``within``.

    ``within`` is relative to what is expected and keeps a band from agreeing with everything.
    """
    low, high = band(values)
    assert low <= expected <= high, f"{expected} is outside of {low} .. {high}"
    assert high - low <= 2 * within * expected, f"{low} .. {high} says little of {expected}"
