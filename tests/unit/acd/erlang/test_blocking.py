"""Lines without a queue, against published tables and against the other formulas."""

from math import exp, lgamma, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.erlang.blocking import LineClass, blocking, blocking_by_class, lines_for, load_for

pytestmark = pytest.mark.unit

# Offered erlangs at which a group blocks 1 %, from printed traffic tables.
AT_ONE_PERCENT = [(1, 0.0101), (5, 1.36), (10, 4.46), (15, 8.108), (20, 12.0), (50, 37.9)]
AT_ONE_PERCENT += [(100, 84.1), (200, 179.7)]


@pytest.mark.parametrize(("lines", "offered_erl"), AT_ONE_PERCENT)
def test_loads_at_one_percent_are_those_of_the_tables(lines: int, offered_erl: float) -> None:
    assert load_for(lines, 0.01) == pytest.approx(offered_erl, rel=3e-3)


def test_an_hour_of_1200_calls_of_100_seconds_needs_45_lines() -> None:
    assert lines_for(1200 / 36, 0.01) == 45


def test_one_line_offered_one_erlang_refuses_every_other_call() -> None:
    assert blocking(1, 1.0) == pytest.approx(0.5)


def test_without_load_nothing_is_refused_and_without_lines_everything() -> None:
    assert blocking(3, 0.0) == 0.0
    assert blocking(0, 3.0) == 1.0


@given(lines=st.integers(1, 300), offered_erl=st.floats(0.01, 400))
def test_blocking_is_the_last_term_of_the_truncated_poisson_sum(
    lines: int, offered_erl: float
) -> None:
    logs = [taken * log(offered_erl) - lgamma(taken + 1) for taken in range(lines + 1)]
    highest = max(logs)
    terms = [exp(one - highest) for one in logs]
    assert blocking(lines, offered_erl) == pytest.approx(terms[-1] / sum(terms), rel=1e-9)


@given(offered_erl=st.floats(0.01, 3000), target=st.floats(1e-4, 0.5))
def test_fewest_lines_meet_the_target_and_one_less_does_not(
    offered_erl: float, target: float
) -> None:
    lines = lines_for(offered_erl, target)
    assert blocking(lines, offered_erl) <= target < blocking(lines - 1, offered_erl)


def test_ten_thousand_lines_are_no_more_trouble_than_ten() -> None:
    assert blocking(10_000, 10_000.0) == pytest.approx(0.00794, rel=0.01)
    assert blocking_by_class(10_000, [LineClass(offered_erl=10_000.0)]) == pytest.approx(
        (blocking(10_000, 10_000.0),), rel=1e-9
    )


@given(
    lines=st.integers(1, 60),
    loads=st.lists(st.floats(0.1, 30), min_size=1, max_size=4),
)
def test_classes_that_keep_nothing_free_are_all_blocked_alike(
    lines: int, loads: list[float]
) -> None:
    shares = blocking_by_class(lines, [LineClass(offered_erl=load) for load in loads])
    assert shares == pytest.approx([blocking(lines, sum(loads))] * len(loads), rel=1e-9)


# 420 lines offered 420 erlangs, a tenth of them protected by so many lines.
PROTECTED = [(0, 0.0379, 0.0379), (1, 0.0039, 0.0432), (2, 0.00041, 0.0453), (3, 0.00004, 0.0470)]


@pytest.mark.parametrize(("kept", "protected", "others"), PROTECTED)
def test_each_line_kept_divides_the_blocking_of_those_it_is_kept_for(
    kept: int, protected: float, others: float
) -> None:
    shares = blocking_by_class(
        420, [LineClass(offered_erl=42.0), LineClass(offered_erl=378.0, kept_free=kept)]
    )
    assert shares == pytest.approx((protected, others), rel=0.1)


def test_a_class_that_leaves_all_lines_to_others_gets_none() -> None:
    shares = blocking_by_class(
        3, [LineClass(offered_erl=1.0), LineClass(offered_erl=1.0, kept_free=3)]
    )
    assert shares[1] == 1.0
    assert shares[0] == pytest.approx(blocking(3, 1.0))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: blocking(-1, 1.0),
        lambda: lines_for(1.0, 0.0),
        lambda: load_for(0, 0.5),
        lambda: blocking_by_class(2, [LineClass(offered_erl=-1.0)]),
    ],
)
def test_what_no_trunk_can_be_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"negative|refused"):
        wrong()  # type: ignore[operator]
