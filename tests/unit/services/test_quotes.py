"""A caller's question for a quote, answered from a feed."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from ivrengine.clock import MARKET_ZONE
from ivrengine.services.quotes.directory import COLUMNS, Directory, load_directory, parse_directory
from ivrengine.services.quotes.embedded_feed import EmbeddedFeed
from ivrengine.services.quotes.model import (
    FeedAnswer,
    FeedDown,
    NotQuoted,
    Quote,
    SecurityCode,
)
from ivrengine.services.quotes.service import Quotes
from ivrengine.services.quotes.settings import DEMO_SECURITIES, QuoteSettings
from ivrengine.services.registry import ActionContext, ActionResult, Actions
from ivrengine.values import CallId, Language, PhoneNumber

pytestmark = pytest.mark.unit

NOON = datetime(2026, 11, 20, 12, 0, 0, tzinfo=MARKET_ZONE)
DIRECTORY = parse_directory(
    f"{','.join(COLUMNS)}\n600519,贵州茅台,Kweichow Moutai,SH,share,0.01,100,10,1480.00\n", "test"
)
QUOTE = Quote(
    code=SecurityCode("600519"),
    last=Decimal("1450.00"),
    previous_close=Decimal("1480.00"),
    open=Decimal("1470.00"),
    high=Decimal("1475.00"),
    low=Decimal("1449.99"),
    volume=1200,
    at=NOON.timestamp(),
    trading=True,
    source="test",
)


class ClockAt:
    def __init__(self, at: float) -> None:
        self.at = at

    def now(self) -> float:
        return self.at


class FeedOf:
    """A feed with one answer to everything."""

    def __init__(self, answer: FeedAnswer) -> None:
        self._answer = answer

    async def quote(self, _: SecurityCode) -> FeedAnswer:
        return self._answer


async def asked(answer: FeedAnswer, code: str = "600519", *, after_s: float = 1.0) -> ActionResult:
    quotes = Quotes(DIRECTORY, FeedOf(answer), QuoteSettings())
    asker = ActionContext(
        call=CallId("call"),
        caller=PhoneNumber("13800138000"),
        language=Language.ENGLISH,
        now=NOON.timestamp() + after_s,
    )
    return await Actions(quotes.actions()).call("quotes.by_code", asker, {"code": code})


async def test_a_quote_comes_with_all_that_is_spoken() -> None:
    assert await asked(QUOTE) == ActionResult(
        outcome="ok",
        values={
            "name_prompt": "security.600519",
            "kind": "share",
            "last": Decimal("1450.00"),
            "change": Decimal("30.00"),
            "change_percent": Decimal("2.03"),
            "direction": "down",
            "open": Decimal("1470.00"),
            "high": Decimal("1475.00"),
            "low": Decimal("1449.99"),
            "as_of": NOON,
            "delayed": False,
        },
    )


async def test_an_old_quote_is_told_as_delayed() -> None:
    result = await asked(QUOTE, after_s=31.0)
    assert (result.outcome, result.values["delayed"]) == ("ok", True)


async def test_a_stale_quote_is_not_told() -> None:
    assert await asked(QUOTE, after_s=901.0) == ActionResult(outcome="unavailable")


async def test_the_last_quote_of_a_closed_market_is_told_the_day_after() -> None:
    result = await asked(replace(QUOTE, trading=False), after_s=50_000.0)
    assert (result.outcome, result.values["delayed"]) == ("ok", False)


@pytest.mark.parametrize("code", ["600518", "", "贵州茅台", "600519 "])
async def test_a_code_that_is_not_listed_is_unknown(code: str) -> None:
    assert await asked(QUOTE, code) == ActionResult(outcome="unknown")


@pytest.mark.parametrize("answer", [FeedDown(reason="line is down"), NotQuoted()])
async def test_a_listed_code_without_a_quote_is_unavailable(answer: FeedAnswer) -> None:
    assert await asked(answer) == ActionResult(outcome="unavailable")


async def test_the_embedded_feed_answers_for_every_listed_code() -> None:
    directory = load_directory(DEMO_SECURITIES)
    clock = ClockAt(NOON.timestamp())
    feed = EmbeddedFeed(directory, clock, seed=1)
    for listing in directory:
        answer = await feed.quote(listing.security.code)
        assert isinstance(answer, Quote)
        assert answer.source == "demonstration"
        for price in (answer.last, answer.previous_close, answer.high, answer.low):
            assert price % listing.security.price_tick == 0
            assert price.as_tuple().exponent == listing.security.price_tick.as_tuple().exponent


async def test_the_embedded_feed_stamps_a_quote_with_its_snapshot_every_three_seconds() -> None:
    feed = EmbeddedFeed(DIRECTORY, clock := ClockAt(0.0), seed=1)
    stamps = []
    for after_s in (0.0, 2.999, 3.0, 5.5, 86_399.0):
        clock.at = NOON.timestamp() + after_s
        answer = await feed.quote(SecurityCode("600519"))
        assert isinstance(answer, Quote)
        stamps.append(answer.at - NOON.timestamp())
    assert stamps == [0.0, 0.0, 3.0, 3.0, 86_397.0]


async def test_midnight_in_the_market_begins_a_new_day() -> None:
    midnight = datetime(2026, 11, 21, 0, 0, 0, tzinfo=MARKET_ZONE).timestamp()
    feed = EmbeddedFeed(DIRECTORY, clock := ClockAt(midnight - 1), seed=1)
    evening = await feed.quote(SecurityCode("600519"))
    clock.at = midnight
    morning = await feed.quote(SecurityCode("600519"))
    assert isinstance(evening, Quote)
    assert isinstance(morning, Quote)
    assert morning.previous_close == evening.last
    assert morning.open == morning.high == morning.low == morning.last
    assert morning.volume < evening.volume


async def test_the_embedded_feed_knows_no_code_that_is_not_listed() -> None:
    feed = EmbeddedFeed(Directory([]), ClockAt(0.0), seed=1)
    assert await feed.quote(SecurityCode("600519")) == NotQuoted()
