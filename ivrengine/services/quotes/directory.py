"""The list of securities: which codes there are, read from an operator's CSV file."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ivrengine.errors import ConfigError
from ivrengine.services.quotes.model import Market, Security, SecurityCode, SecurityKind

COLUMNS = (
    "code",
    "name_zh",
    "name_en",
    "market",
    "kind",
    "price_tick",
    "lot_size",
    "limit_pct",
    "demo_price",
)

LEAST_TICKS = 100
"""Least price of the demonstration market: below, one tick is too coarse for the daily limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A line of the list. ``demo_price`` is where the demonstration market moves about, in yuan."""

    security: Security
    demo_price: Decimal


class Directory:
    """The securities by code, in the order of the list."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        self._listings = {listing.security.code: listing for listing in listings}

    def __len__(self) -> int:
        return len(self._listings)

    def __iter__(self) -> Iterator[Listing]:
        return iter(self._listings.values())

    def find(self, code: SecurityCode) -> Listing | None:
        """Return the line of a code."""
        return self._listings.get(code)


def load_directory(path: Path) -> Directory:
    """Read the list of securities.

    Raises:
        ConfigError: the file cannot be read or is wrong; every fault is named with its line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigError(
            f"the list of securities {path} cannot be read: {fault}",
            remedy="set quotes.securities to a CSV file in UTF-8",
        ) from fault
    return parse_directory(text, str(path))


def parse_directory(text: str, name: str) -> Directory:
    """Parse the list of securities; ``name`` stands before the line number of a fault.

    Raises:
        ConfigError: one fault a line, all of them.
    """
    rows = csv.reader(text.splitlines(), strict=True)
    listings: dict[SecurityCode, Listing] = {}
    faults: list[str] = []
    try:
        if tuple(next(rows, ())) != COLUMNS:
            raise ConfigError(f"{name}:1: the columns must be {','.join(COLUMNS)}")
        for row in rows:
            try:
                listing = _listing(row)
                if listing.security.code in listings:
                    raise ValueError(f"{listing.security.code} is listed twice")
                listings[listing.security.code] = listing
            except ValueError as fault:
                faults.append(f"{name}:{rows.line_num}: {fault}")
    except csv.Error as fault:
        faults.append(f"{name}:{rows.line_num}: {fault}")
    if faults:
        raise ConfigError("\n".join(faults))
    return Directory(listings.values())


def _listing(row: list[str]) -> Listing:
    if len(row) != len(COLUMNS):
        raise ValueError(f"{len(row)} fields where {len(COLUMNS)} are expected")
    code, name_zh, name_en, market, kind, tick, lot_size, limit_pct, demo_price = row
    if not (code.removeprefix("sh").isdecimal() and len(code.removeprefix("sh")) == 6):
        raise ValueError(f"{code!r} is not a code of six digits, or of sh and six digits")
    security = Security(
        code=SecurityCode(code),
        name_zh=name_zh,
        name_en=name_en,
        market=Market(market),
        kind=SecurityKind(kind),
        price_tick=_positive(tick, "price_tick"),
        lot_size=int(lot_size) if lot_size else None,
        limit_pct=int(limit_pct) if limit_pct else None,
    )
    price = _positive(demo_price, "demo_price")
    if price % security.price_tick:
        raise ValueError(f"demo_price {price} is no multiple of price_tick {tick}")
    if price < security.price_tick * LEAST_TICKS:
        raise ValueError(f"demo_price {price} is less than {LEAST_TICKS} ticks")
    return Listing(security=security, demo_price=price)


def _positive(number: str, column: str) -> Decimal:
    try:
        value = Decimal(number)
    except InvalidOperation:
        raise ValueError(f"{column} {number!r} is not a number") from None
    if not (value.is_finite() and value > 0):
        raise ValueError(f"{column} {number} is not above zero")
    return value
