"""Pure arithmetic of quotes: change, limits, age."""

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from ivrengine.services.quotes.model import Direction, Quote

_HUNDREDTH = Decimal("0.01")


class Freshness(StrEnum):
    """How far a quote can be relied on."""

    FRESH = "fresh"
    DELAYED = "delayed"
    STALE = "stale"


def change(quote: Quote) -> Decimal:
    """Return how far the price has moved from the previous close, signed."""
    return quote.last - quote.previous_close


def change_percent(quote: Quote) -> Decimal:
    """Return the move from the previous close in percent, to two places, signed."""
    exact = change(quote) * 100 / quote.previous_close
    return exact.quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)


def direction(quote: Quote) -> Direction:
    """Tell whether the price stands above, below or at the previous close."""
    moved = change(quote)
    if moved > 0:
        return Direction.UP
    return Direction.DOWN if moved < 0 else Direction.FLAT


def price_limits(previous_close: Decimal, limit_pct: int, tick: Decimal) -> tuple[Decimal, Decimal]:
    """Return the lowest and the highest price of a day.

    The exchanges round the limit price half up to the tick (trading rules of the Shanghai,
    Shenzhen and Beijing exchanges, section on price limits).
    """
    width = previous_close * limit_pct / 100
    return _on_grid(previous_close - width, tick), _on_grid(previous_close + width, tick)


def freshness(
    quote: Quote, now: float, *, delayed_after_s: float, stale_after_s: float
) -> Freshness:
    """Judge a quote's age; out of trading hours the last one stays good however old it is."""
    age_s = now - quote.at
    if not quote.trading or age_s <= delayed_after_s:
        return Freshness.FRESH
    return Freshness.DELAYED if age_s <= stale_after_s else Freshness.STALE


def _on_grid(price: Decimal, tick: Decimal) -> Decimal:
    ticks = (price / tick).to_integral_value(rounding=ROUND_HALF_UP)
    return ticks * tick
