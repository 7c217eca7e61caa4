"""Whether memory grows, and how processor time grows with calls: as far as the figures can tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import log
from statistics import StatisticsError, fmean, linear_regression
from typing import Final

BLOCKS: Final = 12
"""Readings that follow each other are alike; means of twelve blocks are nearly independent."""

_STUDENT_T_10: Final = 2.228
"""Student's 97.5th percentile with ten degrees of freedom: as many as blocks, less two."""

_WARM_UP_SHARE: Final = 0.2
_LEAST_S: Final = 240.0
"""What a shorter time shows is how a process takes what it needs, not whether it grows for ever."""

_HOUR_S: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A straight line through a series: its rise per hour, and between what that surely lies.

    ``low_per_hour`` and ``high_per_hour`` enclose it with a confidence of 95 %; ``level`` is the
    mean. The first fifth of the series is left out: a process that has begun takes what it needs.
    """

    per_hour: float
    low_per_hour: float
    high_per_hour: float
    level: float
    over_s: float


def trend_of(at_s: Sequence[float], values: Sequence[float]) -> Trend | None:
    """Fit a line; None when there are too few values, or they are of too short a time."""
    begun = round(len(values) * _WARM_UP_SHARE)
    times, kept = at_s[begun:], values[begun:]
    if len(kept) < 2 * BLOCKS or times[-1] - times[0] < _LEAST_S:
        return None
    block_of = [index * BLOCKS // len(kept) for index in range(len(kept))]
    xs, ys = _means(block_of, times), _means(block_of, kept)
    rise, start = linear_regression(xs, ys)
    residuals = sum((y - (start + rise * x)) ** 2 for x, y in zip(xs, ys, strict=True))
    spread = sum((x - fmean(xs)) ** 2 for x in xs)
    margin = _STUDENT_T_10 * (residuals / (BLOCKS - 2) / spread) ** 0.5
    return Trend(
        per_hour=rise * _HOUR_S,
        low_per_hour=(rise - margin) * _HOUR_S,
        high_per_hour=(rise + margin) * _HOUR_S,
        level=fmean(kept),
        over_s=times[-1] - times[0],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """``cost`` goes as calls to the power of ``exponent``: 1 is linear, 2 is square.

    ``levels`` are the pairs of calls and cores that this was fitted to.
    """

    exponent: float
    levels: tuple[tuple[float, float], ...]


def growth_of(levels: Sequence[tuple[float, float]]) -> Growth | None:
    """Fit a power of the calls to the cores.

    None with fewer than three different levels, or if the most calls are not twice the fewest: then
    what else differed between the levels, such as callers refused, would be taken for growth.
    """
    usable = [(calls, cores) for calls, cores in sorted(levels) if calls > 0 and cores > 0]
    if len({calls for calls, _ in usable}) < 3 or usable[-1][0] < 2 * usable[0][0]:
        return None
    try:
        exponent, _ = linear_regression(
            [log(calls) for calls, _ in usable], [log(cores) for _, cores in usable]
        )
    except StatisticsError:
        return None
    return Growth(exponent=exponent, levels=tuple(usable))


def _means(block_of: Sequence[int], values: Sequence[float]) -> list[float]:
    pairs = zip(block_of, values, strict=True)
    return [fmean(value for _, value in block) for _, block in groupby(pairs, lambda pair: pair[0])]
