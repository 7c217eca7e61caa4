"""Change, limits and age of quotes."""

from decimal import Decimal

import pytest

from ivrengine.services.quotes.model import Direction, Quote, SecurityCode
from ivrengine.services.quotes.rules import (
    Freshness,
    change,
    change_percent,
    direction,
    freshness,
    price_limits,
)

pytestmark = pytest.mark.unit


def a_quote(
    last: str = "10.00", previous_close: str = "10.00", *, at: float = 1000.0, trading: bool = True
) -> Quote:
    price = Decimal(last)
    return Quote(
        code=SecurityCode("600000"),
        last=price,
        previous_close=Decimal(previous_close),
        open=price,
        high=price,
        low=price,
        volume=100,
        at=at,
        trading=trading,
        source="test",
    )


@pytest.mark.parametrize(
    ("last", "previous_close", "moved", "percent", "where"),
    [
        ("10.50", "10.00", "0.50", "5.00", Direction.UP),
        ("9.99", "10.00", "-0.01", "-0.10", Direction.DOWN),
        ("10.00", "10.00", "0.00", "0.00", Direction.FLAT),
        ("1480.00", "1479.99", "0.01", "0.00", Direction.UP),
        ("0.371", "0.370", "0.001", "0.27", Direction.UP),
        ("8.01", "8.00", "0.01", "0.13", Direction.UP),
        ("7.99", "8.00", "-0.01", "-0.13", Direction.DOWN),
    ],
)
def test_change_is_counted_from_the_previous_close(
    last: str, previous_close: str, moved: str, percent: str, where: Direction
) -> None:
    quote = a_quote(last, previous_close)
    assert change(quote) == Decimal(moved)
    assert str(change_percent(quote)) == percent
    assert direction(quote) is where


@pytest.mark.parametrize(
    ("previous_close", "limit_pct", "tick", "low", "high"),
    [
        ("10.00", 10, "0.01", "9.00", "11.00"),
        ("10.05", 10, "0.01", "9.05", "11.06"),
        ("9.99", 20, "0.01", "7.99", "11.99"),
        ("4.105", 10, "0.001", "3.695", "4.516"),
        ("22.22", 30, "0.01", "15.55", "28.89"),
    ],
)
def test_limits_are_rounded_half_up_to_the_tick(
    previous_close: str, limit_pct: int, tick: str, low: str, high: str
) -> None:
    limits = price_limits(Decimal(previous_close), limit_pct, Decimal(tick))
    assert limits == (Decimal(low), Decimal(high))


@pytest.mark.parametrize(
    ("age_s", "trading", "expected"),
    [
        (0.0, True, Freshness.FRESH),
        (30.0, True, Freshness.FRESH),
        (30.1, True, Freshness.DELAYED),
        (900.0, True, Freshness.DELAYED),
        (900.1, True, Freshness.STALE),
        (60_000.0, False, Freshness.FRESH),
    ],
)
def test_a_quote_ages_only_while_its_market_trades(
    age_s: float, trading: bool, expected: Freshness
) -> None:
    quote = a_quote(at=1000.0, trading=trading)
    judged = freshness(quote, 1000.0 + age_s, delayed_after_s=30.0, stale_after_s=900.0)
    assert judged is expected
