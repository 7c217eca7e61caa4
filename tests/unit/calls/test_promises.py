"""What callers are told of their wait: padded, round, and never raised without an apology."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ivrengine.calls.promises import (
    LONG_MINUTES,
    MOST_MINUTES,
    Promise,
    Tellable,
    padded_s,
    rounded_s,
    tellable,
)

pytestmark = pytest.mark.unit

# The 80 % quantile of a gamma distribution of mean 1, by the number of stages (tables of R).
QUANTILES = {1: 1.6094, 2: 1.4972, 5: 1.3442, 20: 1.1815, 100: 1.0831}

waits = st.floats(0, 7200)
positions = st.integers(1, 500)


@pytest.mark.parametrize(("position", "quantile"), QUANTILES.items())
def test_four_of_five_callers_wait_no_longer_than_they_are_told(
    position: int, quantile: float
) -> None:
    assert padded_s(1000, position) == pytest.approx(1000 * quantile, rel=0.01)


@pytest.mark.parametrize(
    ("wait_s", "minutes"),
    [
        (0, 1),
        (59.9, 1),
        (60, 1),
        (60.1, 2),
        (600, 10),
        (601, 15),
        (900, 15),
        (1790, 30),
        (1801, LONG_MINUTES),
        (9999, LONG_MINUTES),
    ],
)
def test_figures_are_round_and_rounded_up(wait_s: float, minutes: int) -> None:
    assert rounded_s(wait_s) == minutes * 60


def test_nothing_is_told_while_nobody_can_tell() -> None:
    assert tellable(None, 3, waited_s=0, before=None) == Tellable()
    assert tellable(60, 0, waited_s=0, before=None) == Tellable()


def told(expected_s: float, waited_s: float, before: Promise | None) -> Tellable:
    # At a position so far back nothing but the rounding is added.
    return tellable(expected_s / padded_s(1, 10**9), 10**9, waited_s=waited_s, before=before)


def test_what_was_promised_may_be_said_again_and_be_made_less() -> None:
    before = Promise(within_s=240, told_after_s=0)
    assert told(239, 30, before) == Tellable(expected_wait_s=240)
    assert told(100, 30, before) == Tellable(expected_wait_s=120)


def test_more_than_is_left_of_a_promise_is_kept_back_while_it_holds() -> None:
    before = Promise(within_s=240, told_after_s=10)
    assert told(239, 130, before) == Tellable()


def test_more_than_was_promised_is_said_with_an_apology_once_the_promise_is_broken() -> None:
    before = Promise(within_s=240, told_after_s=10)
    assert told(100, 251, before) == Tellable(expected_wait_s=120, takes_longer=True)
    assert told(30, 251, before) == Tellable(expected_wait_s=60)


@given(waits, positions)
def test_a_first_figure_is_never_less_than_what_is_expected(wait_s: float, position: int) -> None:
    figure = tellable(wait_s, position, waited_s=0, before=None).expected_wait_s
    assert figure >= min(wait_s, MOST_MINUTES * 60)
    assert figure % 60 == 0


@given(waits, positions, positions)
def test_who_stands_further_back_is_not_padded_more(wait_s: float, ahead: int, back: int) -> None:
    assume(ahead <= back)
    assert padded_s(wait_s, back) <= padded_s(wait_s, ahead) + 1e-9


@given(st.lists(st.tuples(waits, st.floats(1, 120)), max_size=20), positions)
def test_no_caller_hears_a_promise_raised_without_an_apology(
    course: list[tuple[float, float]], position: int
) -> None:
    waited_s, promise = 0.0, None
    for expected_s, pause_s in course:
        waited_s += pause_s
        now = tellable(expected_s, position, waited_s=waited_s, before=promise)
        if not now.expected_wait_s:
            continue
        if promise is not None and not now.takes_longer:
            assert now.expected_wait_s <= rounded_s(max(0.0, promise.left_s(waited_s)))
        if now.takes_longer:
            assert promise is not None
            assert promise.left_s(waited_s) <= 0
        promise = Promise(within_s=now.expected_wait_s, told_after_s=waited_s)
