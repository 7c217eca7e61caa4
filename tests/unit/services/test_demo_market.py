"""The demonstration market moves, the same way every time, and never against the rules."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivrengine.services.quotes.demo_market import (
    SNAPSHOTS,
    DemoDay,
    DemoTerms,
    demo_day,
    demo_terms,
    limit_ticks,
)
from ivrengine.services.quotes.directory import LEAST_TICKS

pytestmark = pytest.mark.unit

some_terms = st.builds(
    DemoTerms,
    seed=st.integers(0, 2**32),
    code=st.from_regex(r"[036]\d{5}", fullmatch=True),
    reference=st.integers(LEAST_TICKS, 1_000_000),
    limit_pct=st.sampled_from((10, 20, 30)),
)
some_day = st.integers(1, 3_000_000)
some_snapshot = st.integers(0, SNAPSHOTS - 1)
MOUTAI = DemoTerms(seed=1, code="600519", reference=148_000, limit_pct=10)


@settings(max_examples=60, deadline=None)
@given(some_terms, some_day, some_snapshot)
def test_the_last_price_lies_between_low_and_high_and_these_within_the_limits(
    terms: DemoTerms, day: int, snapshot: int
) -> None:
    trade = demo_day(terms, day, snapshot)
    floor, ceiling = limit_ticks(trade.previous_close, terms.limit_pct)
    assert 1 <= floor <= trade.low <= trade.last <= trade.high <= ceiling
    assert trade.low <= trade.open <= trade.high


@settings(max_examples=60, deadline=None)
@given(some_terms, some_day)
def test_a_day_begins_where_the_day_before_ended(terms: DemoTerms, day: int) -> None:
    evening = demo_day(terms, day, SNAPSHOTS - 1)
    assert demo_day(terms, day + 1, 0).previous_close == evening.last


@settings(max_examples=40, deadline=None)
@given(some_terms, some_day, some_snapshot, some_snapshot)
def test_what_a_day_has_seen_only_widens_and_what_was_traded_only_grows(
    terms: DemoTerms, day: int, one: int, other: int
) -> None:
    earlier = demo_day(terms, day, min(one, other))
    later = demo_day(terms, day, max(one, other))
    assert later.high >= earlier.high
    assert later.low <= earlier.low
    assert later.volume >= earlier.volume >= 0
    assert later.open == earlier.open


@settings(max_examples=30, deadline=None)
@given(some_terms, some_day, st.integers(0, 2_000))
def test_high_and_low_are_the_extremes_of_the_prices_shown(
    terms: DemoTerms, day: int, snapshot: int
) -> None:
    shown = [demo_day(terms, day, number).last for number in range(snapshot % 40 + 1)]
    trade = demo_day(terms, day, snapshot % 40)
    assert (trade.low, trade.high, trade.last) == (min(shown), max(shown), shown[-1])


def test_a_known_seed_gives_the_same_trade_on_every_machine() -> None:
    assert demo_day(MOUTAI, 740_000, 14_400) == DemoDay(
        previous_close=160210, open=160237, high=163611, low=160114, last=162941, volume=3199300
    )


def test_the_price_moves_within_a_minute_and_from_day_to_day() -> None:
    minute = {demo_day(MOUTAI, 740_000, snapshot).last for snapshot in range(20)}
    closes = {demo_day(MOUTAI, day, 0).previous_close for day in range(740_000, 740_030)}
    assert len(minute) > 10
    assert len(closes) > 25


def test_another_seed_is_another_market() -> None:
    other = DemoTerms(seed=2, code="600519", reference=148_000, limit_pct=10)
    assert demo_day(MOUTAI, 740_000, 100) != demo_day(other, 740_000, 100)


def test_the_price_stays_near_its_reference_for_years() -> None:
    for day in range(740_000, 741_500):
        close = demo_day(MOUTAI, day, 0).previous_close
        assert 0.85 < close / MOUTAI.reference < 1.15


@pytest.mark.parametrize(
    ("price", "tick", "reference"),
    [("1480.00", "0.01", 148_000), ("4.100", "0.001", 4_100), ("3350.00", "0.01", 335_000)],
)
def test_a_reference_is_counted_in_ticks(price: str, tick: str, reference: int) -> None:
    terms = demo_terms(7, "600519", Decimal(price), Decimal(tick), limit_pct=20)
    assert terms == DemoTerms(seed=7, code="600519", reference=reference, limit_pct=20)
