"""Durations counted in buckets, as the engine's histograms give them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Buckets:
    """How many durations were at most each bound; ``counts`` has one more, for those beyond.

    ``bounds_s`` are in seconds and ascend. ``counts`` are of each bucket alone.
    """

    bounds_s: tuple[float, ...]
    counts: tuple[int, ...]
    total_s: float

    @classmethod
    def cumulative(cls, bounds_s: Sequence[float], counts: Sequence[float], total_s: float) -> Self:
        """Read the way in which Prometheus counts: each bucket with all that is in smaller ones."""
        before = (0.0, *counts[:-1])
        alone = (int(count - less) for count, less in zip(counts, before, strict=True))
        return cls(bounds_s=tuple(bounds_s), counts=tuple(alone), total_s=total_s)

    @property
    def samples(self) -> int:
        """How many durations there are."""
        return sum(self.counts)

    def since(self, earlier: "Buckets | None") -> "Buckets":
        """Return what came after ``earlier``; all of it if whoever counts has begun anew since."""
        if earlier is None or any(
            now < then for now, then in zip(self.counts, earlier.counts, strict=True)
        ):
            return self
        return Buckets(
            bounds_s=self.bounds_s,
            counts=tuple(now - then for now, then in zip(self.counts, earlier.counts, strict=True)),
            total_s=self.total_s - earlier.total_s,
        )

    def plus(self, other: "Buckets") -> "Buckets":
        """Return both together; they have the same bounds."""
        return Buckets(
            bounds_s=self.bounds_s,
            counts=tuple(a + b for a, b in zip(self.counts, other.counts, strict=True)),
            total_s=self.total_s + other.total_s,
        )

    def quantile_s(self, share: float) -> float | None:
        """Return the duration that ``share`` of all do not exceed, evenly spread in its bucket.

        None when there are none; infinite when it lies beyond the last bound.
        """
        if not self.samples:
            return None
        wanted = share * self.samples
        lower_s = 0.0
        for bound_s, count, reached in zip(
            self.bounds_s, self.counts, accumulate(self.counts), strict=False
        ):
            if count and reached >= wanted:
                return lower_s + (bound_s - lower_s) * (wanted - (reached - count)) / count
            lower_s = bound_s
        return inf
