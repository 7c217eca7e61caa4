"""What a quote is, of which security, and what can come instead of one."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NewType

SecurityCode = NewType("SecurityCode", str)
"""Six digits as callers key them; a Shanghai index has ``sh`` before them, because the same six
digits are a Shenzhen share (000001 is a bank there and the composite index in Shanghai)."""


class Market(StrEnum):
    """A stock exchange."""

    SHANGHAI = "SH"
    SHENZHEN = "SZ"
    BEIJING = "BJ"


class SecurityKind(StrEnum):
    """What can be quoted; an index cannot be traded."""

    SHARE = "share"
    FUND = "fund"
    INDEX = "index"


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """A listed security and the terms of its trade.

    ``price_tick`` is in yuan (in points for an index). ``lot_size`` is the smallest order to buy
    and ``limit_pct`` how far a day's price may move from the previous close; an index has neither.
    """

    code: SecurityCode
    name_zh: str
    name_en: str
    market: Market
    kind: SecurityKind
    price_tick: Decimal
    lot_size: int | None
    limit_pct: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The state of a security's trade; prices in yuan on the tick grid, points for an index.

    ``volume`` counts shares since the open. ``at`` is the epoch second of the snapshot, ``trading``
    tells that newer ones are to be expected, and ``source`` names the feed.
    """

    code: SecurityCode
    last: Decimal
    previous_close: Decimal
    open: Decimal
    high: Decimal
    low: Decimal
    volume: int
    at: float
    trading: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotQuoted:
    """The feed knows no such code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDown:
    """The feed has no answer now; ``reason`` is for logs, not for callers."""

    reason: str


FeedAnswer = Quote | NotQuoted | FeedDown


class Direction(StrEnum):
    """Where a price stands against the previous close."""

    UP = "up"
    DOWN = "down"
    FLAT = "flat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A quote fit to be spoken; ``delayed`` tells that it is older than quotes should be."""

    security: Security
    quote: Quote
    delayed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """No security has this code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """The security exists, but there is no quote of it that could be told."""

    reason: str


QuoteAnswer = Found | Unknown | Unavailable
