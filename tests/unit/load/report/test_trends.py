"""Trends of memory and of processor time are told no surer than they are."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.load.report.trends import growth_of, trend_of

pytestmark = pytest.mark.unit


@given(st.floats(-5, 5), st.floats(10, 1000))
def test_a_straight_line_is_found_again(rise_per_s: float, level: float) -> None:
    at_s = [float(second) for second in range(400)]
    trend = trend_of(at_s, [level + rise_per_s * second for second in at_s])
    assert trend is not None
    assert trend.per_hour == pytest.approx(rise_per_s * 3600, abs=1e-3)
    assert trend.low_per_hour == pytest.approx(trend.high_per_hour, abs=1e-3)


@given(st.integers(0, 50))
def test_noise_is_no_rise(seed: int) -> None:
    chance = random.Random(seed)
    at_s = [float(second) for second in range(600)]
    trend = trend_of(at_s, [100 + chance.gauss(0, 5) for _ in at_s])
    assert trend is not None
    margin = trend.high_per_hour - trend.low_per_hour
    assert trend.low_per_hour - margin < 0 < trend.high_per_hour + margin


def test_what_is_taken_while_warming_up_is_no_rise() -> None:
    at_s = [float(second) for second in range(400)]
    trend = trend_of(at_s, [min(second, 70.0) for second in at_s])
    assert trend is not None
    assert trend.per_hour == pytest.approx(0)


def test_few_readings_or_a_short_time_have_no_trend() -> None:
    assert trend_of([0.0, 300.0, 600.0], [1.0, 2.0, 3.0]) is None
    at_s = [float(second) for second in range(200)]
    assert trend_of(at_s, at_s) is None


@given(st.floats(0.5, 2.5))
def test_the_power_of_a_growth_is_found_again(exponent: float) -> None:
    growth = growth_of([(calls, 0.01 * calls**exponent) for calls in (480.0, 120.0, 240.0)])
    assert growth is not None
    assert growth.exponent == pytest.approx(exponent)
    assert [calls for calls, _ in growth.levels] == [120, 240, 480]


def test_levels_close_to_each_other_show_no_growth() -> None:
    assert growth_of([(140.0, 0.1), (142.0, 0.17), (144.0, 0.1)]) is None


def test_two_levels_show_no_growth() -> None:
    assert growth_of([(120.0, 0.1), (240.0, 0.2), (240.0, 0.21)]) is None
