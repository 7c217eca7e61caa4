"""How a set of measured durations is spread."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import quantiles
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """All in seconds. With few samples the higher percentiles lie close to the worst one."""

    samples: int
    median_s: float
    p95_s: float
    p99_s: float
    worst_s: float

    @classmethod
    def of(cls, durations_s: Iterable[float]) -> Self | None:
        """Sum up durations; None when there are none."""
        ordered = sorted(durations_s)
        if not ordered:
            return None
        cuts = quantiles(ordered, n=100, method="inclusive") if len(ordered) > 1 else ordered * 99
        return cls(
            samples=len(ordered),
            median_s=cuts[49],
            p95_s=cuts[94],
            p99_s=cuts[98],
            worst_s=ordered[-1],
        )
