"""Prices of the demonstration market: a pure function of seed, security and time.

Nothing is stored and nothing runs: the price of any moment, past or future, is computed from
hashes, the same on every machine. All arithmetic is in whole ticks. A day's closes come first, by
interpolating between random anchors some days apart, so that two neighbouring closes are always
well within the daily limit; within the day, the price walks from one close to the next on a random
bridge. The demonstration market never closes: its day runs from midnight to midnight.
"""

import hashlib
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SNAPSHOT_S = 3
"""Seconds from one price to the next, as in the exchanges' level-1 feeds."""

SNAPSHOTS = 24 * 3600 // SNAPSHOT_S
"""Prices of one day."""

_ANCHOR_DAYS = 8
_ANCHOR_BP = 1200
_JITTER_BP = 80
_BRIDGE_SPREAD = 6270
"""Standard deviation at midday of the bridge of :func:`_walk`: 73.9 a step, times half the root
of the number of steps."""
_INDEX_LIMIT_PCT = 10
"""An index has no limit by rule; the demonstration gives it one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoTerms:
    """What the price of one security depends on; ``reference`` is in ticks."""

    seed: int
    code: str
    reference: int
    limit_pct: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDay:
    """A day's trade up to one of its snapshots, in ticks and shares."""

    previous_close: int
    open: int
    high: int
    low: int
    last: int
    volume: int


def demo_terms(
    seed: int, code: str, price: Decimal, tick: Decimal, *, limit_pct: int | None
) -> DemoTerms:
    """Return the terms of a security whose price moves about ``price``."""
    return DemoTerms(
        seed=seed,
        code=code,
        reference=int((price / tick).to_integral_value(rounding=ROUND_HALF_UP)),
        limit_pct=limit_pct or _INDEX_LIMIT_PCT,
    )


def demo_day(terms: DemoTerms, day: int, snapshot: int) -> DemoDay:
    """Return the trade of day number ``day`` up to ``snapshot``, from 0 to ``SNAPSHOTS`` - 1."""
    path = _path(terms, day)
    so_far = path[: snapshot + 1]
    return DemoDay(
        previous_close=_close(terms, day - 1),
        open=int(path[0]),
        high=int(so_far.max()),
        low=int(so_far.min()),
        last=int(so_far[-1]),
        volume=_volume(terms, day, snapshot),
    )


def limit_ticks(previous_close: int, limit_pct: int) -> tuple[int, int]:
    """Return a day's lowest and highest price, rounded half up, never below one tick."""
    low = (previous_close * (100 - limit_pct) + 50) // 100
    high = (previous_close * (100 + limit_pct) + 50) // 100
    return max(low, 1), high


@lru_cache(maxsize=64)
def _path(terms: DemoTerms, day: int) -> NDArray[np.int32]:
    """Return every price of a day; 115 kB each, so only the busiest securities are kept."""
    before, after = _close(terms, day - 1), _close(terms, day)
    low, high = limit_ticks(before, terms.limit_pct)
    step = np.arange(1, SNAPSHOTS + 1, dtype=np.int64)
    walk = _walk(terms, day)
    bridge = walk * SNAPSHOTS - step * walk[-1]
    swing = max(before // 100, 2)
    moved = (bridge * swing) // (SNAPSHOTS * _BRIDGE_SPREAD) + (after - before) * step // SNAPSHOTS
    path: NDArray[np.int32] = np.clip(before + moved, low, high).astype(np.int32)
    return path


def _walk(terms: DemoTerms, day: int) -> NDArray[np.int64]:
    steps = np.frombuffer(_chance(terms, "walk", day, SNAPSHOTS), dtype=np.uint8)
    return np.cumsum(steps.astype(np.int64) * 2 - 255) // 2


def _close(terms: DemoTerms, day: int) -> int:
    anchor, since = divmod(day, _ANCHOR_DAYS)
    before, after = (_anchor_bp(terms, number) for number in (anchor, anchor + 1))
    trend_bp = (before * (_ANCHOR_DAYS - since) + after * since) // _ANCHOR_DAYS
    jitter_bp = _within(terms, "jitter", day, _JITTER_BP)
    return max(terms.reference * (10_000 + trend_bp + jitter_bp) // 10_000, 1)


def _anchor_bp(terms: DemoTerms, anchor: int) -> int:
    return _within(terms, "anchor", anchor, _ANCHOR_BP)


def _volume(terms: DemoTerms, day: int, snapshot: int) -> int:
    """Return the shares traded so far: an even flow to a total that differs from day to day."""
    lots_a_day = 50_000 + _within(terms, "volume", day, 30_000)
    return lots_a_day * (snapshot + 1) // SNAPSHOTS * 100


def _within(terms: DemoTerms, purpose: str, number: int, bound: int) -> int:
    """Return a whole number from -bound to bound."""
    drawn = int.from_bytes(_chance(terms, purpose, number, 8))
    return drawn % (2 * bound + 1) - bound


def _chance(terms: DemoTerms, purpose: str, number: int, size: int) -> bytes:
    seed = f"{terms.seed}/{terms.code}/{purpose}/{number}"
    return hashlib.shake_128(seed.encode()).digest(size)
