"""Figures that tests measure without judging them, gathered from all workers into one table."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import quantiles
from typing import Final

import pytest

PROPERTY: Final = "measured"


@dataclass(frozen=True, slots=True)
class Measures:
    """Where one test files its figures; they travel with its report."""

    node: pytest.Item

    def note(self, name: str, seconds: float) -> None:
        """Files one figure under a name that other tests may share."""
        self.node.user_properties.append((PROPERTY, [name, seconds]))


def table(reports: Iterable[pytest.TestReport]) -> Iterator[str]:
    """The lines to print: for each name how many, median, 95th percentile and worst."""
    figures: dict[str, list[float]] = defaultdict(list)
    for report in reports:
        for key, value in report.user_properties:
            if key == PROPERTY and isinstance(value, list | tuple):
                figures[str(value[0])].append(float(value[1]))
    for name, seconds in sorted(figures.items()):
        median, late = _at(seconds, 50), _at(seconds, 95)
        worst = max(seconds)
        yield (
            f"{name:<40} n={len(seconds):<4} median {median * 1000:7.1f} ms   "
            f"p95 {late * 1000:7.1f} ms   worst {worst * 1000:7.1f} ms"
        )


def _at(seconds: list[float], percent: int) -> float:
    if len(seconds) == 1:
        return seconds[0]
    return quantiles(seconds, n=100, method="inclusive")[percent - 1]
