"""How a set of samples is spread, in milliseconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """``samples`` waits; ``missed`` tells after how many more orders no telephone rang at all.

    ``in_time`` is the share from 0 to 1, of samples and missed ones, that was within the target.
    """

    samples: int
    missed: int
    in_time: float
    quarter_ms: float
    median_ms: float
    three_quarters_ms: float
    p95_ms: float
    p99_ms: float
    worst_ms: float

    @classmethod
    def of(cls, waits_s: Sequence[float], *, missed: int, target_ms: float) -> Self:
        """Sum up at least two waits."""
        waits_ms = [wait * 1e3 for wait in waits_s]
        cuts = quantiles(waits_ms, n=100, method="inclusive")
        return cls(
            samples=len(waits_ms),
            missed=missed,
            in_time=sum(wait < target_ms for wait in waits_ms) / (len(waits_ms) + missed),
            quarter_ms=cuts[24],
            median_ms=cuts[49],
            three_quarters_ms=cuts[74],
            p95_ms=cuts[94],
            p99_ms=cuts[98],
            worst_ms=max(waits_ms),
        )
