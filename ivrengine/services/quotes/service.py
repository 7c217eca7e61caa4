"""Answers a caller's question for a quote."""

from typing import assert_never

import structlog

from ivrengine.services.quotes.directory import Directory
from ivrengine.services.quotes.model import (
    FeedDown,
    Found,
    NotQuoted,
    Quote,
    QuoteAnswer,
    Security,
    SecurityCode,
    Unavailable,
    Unknown,
)
from ivrengine.services.quotes.ports import MarketFeed
from ivrengine.services.quotes.rules import Freshness, freshness
from ivrengine.services.quotes.settings import QuoteSettings
from ivrengine.services.quotes.speech import BY_CODE, spoken
from ivrengine.services.registry import Action, ActionContext, ActionResult, Arguments

log = structlog.get_logger(__name__)


class Quotes:
    """The action ``quotes.by_code``."""

    def __init__(self, directory: Directory, feed: MarketFeed, settings: QuoteSettings) -> None:
        self._directory = directory
        self._feed = feed
        self._settings = settings

    def actions(self) -> tuple[Action, ...]:
        """Return what flows can ask of quotes."""
        return (Action(name="quotes.by_code", spec=BY_CODE, run=self._by_code),)

    async def by_code(self, code: SecurityCode, now: float) -> QuoteAnswer:
        """Return the quote of a code, judged by its age at ``now`` (epoch seconds)."""
        listing = self._directory.find(code)
        if listing is None:
            return Unknown()
        answer = await self._feed.quote(code)
        match answer:
            case Quote():
                return self._judged(listing.security, answer, now)
            case NotQuoted():
                return Unavailable(reason="the feed does not know a listed code")
            case FeedDown(reason=reason):
                return Unavailable(reason=reason)
            case _:
                assert_never(answer)

    def _judged(self, security: Security, quote: Quote, now: float) -> QuoteAnswer:
        age = freshness(
            quote,
            now,
            delayed_after_s=self._settings.delayed_after_s,
            stale_after_s=self._settings.stale_after_s,
        )
        if age is Freshness.STALE:
            return Unavailable(reason=f"the last quote is {now - quote.at:.0f} s old")
        return Found(security=security, quote=quote, delayed=age is Freshness.DELAYED)

    async def _by_code(self, context: ActionContext, arguments: Arguments) -> ActionResult:
        code = SecurityCode(arguments.text("code"))
        answer = await self.by_code(code, context.now)
        if isinstance(answer, Unavailable):
            log.warning("quote_unavailable", code=code, reason=answer.reason)
        return spoken(answer)
