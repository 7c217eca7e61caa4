"""How durations are spread."""

import pytest

from ivrengine.load.measures.spread import Spread

pytestmark = pytest.mark.unit


def test_percentiles_are_taken_in_order() -> None:
    spread = Spread.of(n / 100 for n in range(100, -1, -1))
    assert spread is not None
    assert spread.samples == 101
    assert spread.median_s == pytest.approx(0.50)
    assert spread.p95_s == pytest.approx(0.95)
    assert spread.p99_s == pytest.approx(0.99)
    assert spread.worst_s == pytest.approx(1.0)


def test_one_duration_is_all_of_them() -> None:
    spread = Spread.of([0.2])
    assert spread is not None
    assert (spread.samples, spread.median_s, spread.p99_s, spread.worst_s) == (1, 0.2, 0.2, 0.2)


def test_nothing_measured_has_no_spread() -> None:
    assert Spread.of([]) is None
