"""The demonstration market as a feed: quotes that move, on any machine, with no network."""

from decimal import Decimal

from ivrengine.clock import MARKET_ZONE, Clock, local_time
from ivrengine.services.quotes.demo_market import SNAPSHOT_S, demo_day, demo_terms
from ivrengine.services.quotes.directory import Directory
from ivrengine.services.quotes.model import FeedAnswer, NotQuoted, Quote, SecurityCode

SOURCE = "demonstration"


class EmbeddedFeed:
    """A :class:`~ivrengine.services.quotes.ports.MarketFeed` over the demonstration market."""

    def __init__(self, directory: Directory, clock: Clock, *, seed: int) -> None:
        self._directory = directory
        self._clock = clock
        self._seed = seed

    async def quote(self, code: SecurityCode) -> FeedAnswer:
        """Return the snapshot of this moment."""
        listing = self._directory.find(code)
        if listing is None:
            return NotQuoted()
        security, tick = listing.security, listing.security.price_tick
        terms = demo_terms(self._seed, code, listing.demo_price, tick, limit_pct=security.limit_pct)
        day, snapshot, at = _moment(self._clock.now())
        trade = demo_day(terms, day, snapshot)
        return Quote(
            code=code,
            last=_price(trade.last, tick),
            previous_close=_price(trade.previous_close, tick),
            open=_price(trade.open, tick),
            high=_price(trade.high, tick),
            low=_price(trade.low, tick),
            volume=trade.volume,
            at=at,
            trading=True,
            source=SOURCE,
        )


def _price(ticks: int, tick: Decimal) -> Decimal:
    return ticks * tick


def _moment(now: float) -> tuple[int, int, float]:
    """Return the day's number, the number of its newest snapshot, and the time of that."""
    whole = int(now)
    local = local_time(whole, MARKET_ZONE)
    second = local.hour * 3600 + local.minute * 60 + local.second
    return local.toordinal(), second // SNAPSHOT_S, float(whole - second % SNAPSHOT_S)
