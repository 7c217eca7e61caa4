"""Durations in buckets add up, differ and give percentiles."""

from itertools import accumulate
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.load.measures.buckets import Buckets

pytestmark = pytest.mark.unit

BOUNDS = (0.01, 0.1, 1.0)
COUNTS = st.lists(st.integers(0, 1000), min_size=4, max_size=4).map(tuple)


def buckets(counts: tuple[int, ...], total_s: float = 0.0) -> Buckets:
    return Buckets(bounds_s=BOUNDS, counts=counts, total_s=total_s)


@given(COUNTS)
def test_what_prometheus_counts_together_is_counted_apart(counts: tuple[int, ...]) -> None:
    together = list(accumulate(counts))
    assert Buckets.cumulative(BOUNDS, together, 7.0) == buckets(counts, 7.0)


@given(COUNTS, COUNTS)
def test_what_came_since_is_what_was_added(first: tuple[int, ...], more: tuple[int, ...]) -> None:
    assert buckets(first).plus(buckets(more)).since(buckets(first)) == buckets(more)


def test_after_a_restart_all_there_is_came_since() -> None:
    assert buckets((1, 0, 0, 0)).since(buckets((5, 5, 0, 0))) == buckets((1, 0, 0, 0))


@given(COUNTS.filter(any), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_takes_no_less_time(
    counts: tuple[int, ...], one: float, other: float
) -> None:
    some, more = (buckets(counts).quantile_s(share) for share in sorted((one, other)))
    assert some is not None
    assert more is not None
    assert some <= more


def test_durations_are_taken_to_be_evenly_spread_in_their_bucket() -> None:
    assert buckets((0, 10, 0, 0)).quantile_s(0.5) == pytest.approx(0.055)


def test_what_lies_beyond_the_last_bound_is_infinite() -> None:
    assert buckets((9, 0, 0, 1)).quantile_s(0.99) == inf


def test_of_no_durations_there_is_no_percentile() -> None:
    assert buckets((0, 0, 0, 0)).quantile_s(0.5) is None
