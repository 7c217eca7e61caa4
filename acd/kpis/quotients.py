"""What reports are made with: quotients that are None when there is nothing to divide by."""

from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K")
FORMULAS_VERSION = 1
"""Raised whenever a formula changes its meaning, and part of every report."""


def ratio(part: float, whole: float) -> float | None:
    """Return ``part / whole``, None of nothing."""
    return part / whole if whole > 0 else None


def seconds(duration_us: float) -> float:
    """Return microseconds in seconds."""
    return duration_us / 1e6


def mean_s(duration_us: int, number: int) -> float | None:
    """Return the mean of ``number`` durations in seconds, None of none."""
    return seconds(duration_us) / number if number else None


def of(counts: Mapping[K, int], *keys: K) -> int:
    """Return the sum of the counts of ``keys``."""
    return sum(counts.get(key, 0) for key in keys)
