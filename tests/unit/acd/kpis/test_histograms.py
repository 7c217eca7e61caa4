"""Percentiles within five in a hundred of the truth, of parts as of the whole."""

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.kpis.histograms import Histogram
from acd.kpis.tallies import microseconds

pytestmark = pytest.mark.unit

durations = st.lists(st.floats(0, 90_000), min_size=1, max_size=200)


def of(durations_s: list[float]) -> Histogram:
    histogram = Histogram()
    for duration_s in durations_s:
        histogram.add(microseconds(duration_s))
    return histogram


@given(durations_s=durations, percent=st.sampled_from((50, 80, 95, 100)))
def test_a_percentile_is_within_five_in_a_hundred(durations_s: list[float], percent: int) -> None:
    true_s = sorted(durations_s)[ceil(len(durations_s) * percent / 100) - 1]
    assert of(durations_s).percentile_s(percent) == pytest.approx(true_s, rel=0.05, abs=0.0101)


@given(durations_s=durations, others_s=durations)
def test_parts_merge_to_the_whole(durations_s: list[float], others_s: list[float]) -> None:
    merged = of(durations_s)
    merged.merge(of(others_s).counts)
    assert merged == of(durations_s + others_s)


@given(durations_s=durations)
def test_what_is_taken_back_was_never_there(durations_s: list[float]) -> None:
    histogram = of(durations_s)
    for duration_s in durations_s:
        histogram.take_back(microseconds(duration_s))
    assert histogram == Histogram()
    assert histogram.percentile_s(50) is None
