"""Percentiles that add up: how many durations fell into each of a fixed row of ever wider buckets.

Every histogram has the same buckets, each a tenth wider than the one before, so two are added by
adding their counts, and a percentile is known to within five in a hundred.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, log

_GROWTH = 1.1
_LOG_GROWTH = log(_GROWTH)
_SMALLEST_US = 10_000
"""Durations below a hundredth of a second count as none."""


@dataclass(slots=True)
class Histogram:
    """Durations by bucket; bucket 0 holds those that count as none."""

    counts: dict[int, int] = field(default_factory=dict)

    def add(self, duration_us: int) -> None:
        """Count one duration."""
        bucket = _bucket(duration_us)
        self.counts[bucket] = self.counts.get(bucket, 0) + 1

    def take_back(self, duration_us: int) -> None:
        """Undo the counting of a duration that turned out not to be over."""
        bucket = _bucket(duration_us)
        self.counts[bucket] -= 1
        if not self.counts[bucket]:
            del self.counts[bucket]

    def merge(self, counts: Mapping[int, int]) -> None:
        """Count what another histogram has counted."""
        for bucket, number in counts.items():
            self.counts[bucket] = self.counts.get(bucket, 0) + number

    def percentile_s(self, percent: float) -> float | None:
        """Return the duration that ``percent`` of all do not exceed; None when there is none."""
        total = sum(self.counts.values())
        wanted = max(1, ceil(total * percent / 100))
        seen = 0
        for bucket in sorted(self.counts):
            seen += self.counts[bucket]
            if seen >= wanted:
                return _middle_s(bucket)
        return None


def _bucket(duration_us: int) -> int:
    if duration_us < _SMALLEST_US:
        return 0
    return 1 + int(log(duration_us / _SMALLEST_US) / _LOG_GROWTH)


def _middle_s(bucket: int) -> float:
    return float(_SMALLEST_US / 1e6 * _GROWTH ** (bucket - 0.5)) if bucket else 0.0
