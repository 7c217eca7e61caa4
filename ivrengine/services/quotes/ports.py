"""What quotes need of the world: a market feed."""

from typing import Protocol

from ivrengine.services.quotes.model import FeedAnswer, SecurityCode


class MarketFeed(Protocol):
    """A source of quotes.

    A feed that is down or slow answers :class:`~ivrengine.services.quotes.model.FeedDown` and does
    not raise; whoever asks sets the deadline.
    """

    async def quote(self, code: SecurityCode) -> FeedAnswer:
        """Return the newest snapshot of a security."""
        ...
