"""A quote as outcomes and values that a flow can speak."""

from typing import assert_never

from ivrengine.clock import MARKET_ZONE, local_time
from ivrengine.services.quotes.model import (
    Found,
    QuoteAnswer,
    SecurityCode,
    Unavailable,
    Unknown,
)
from ivrengine.services.quotes.rules import change, change_percent, direction
from ivrengine.services.registry import OK, ActionResult, ActionSpec, Value, ValueKind
from ivrengine.values import PromptId

UNKNOWN = "unknown"
UNAVAILABLE = "unavailable"

BY_CODE = ActionSpec(
    arguments={"code": ValueKind.TEXT},
    outcomes=(OK, UNKNOWN, UNAVAILABLE),
    values={
        "name_prompt": ValueKind.PROMPT,
        "kind": ValueKind.TEXT,
        "last": ValueKind.DECIMAL,
        "change": ValueKind.DECIMAL,
        "change_percent": ValueKind.DECIMAL,
        "direction": ValueKind.TEXT,
        "open": ValueKind.DECIMAL,
        "high": ValueKind.DECIMAL,
        "low": ValueKind.DECIMAL,
        "as_of": ValueKind.MOMENT,
        "delayed": ValueKind.YES_NO,
    },
)


def name_prompt(code: SecurityCode) -> PromptId:
    """Return the prompt that speaks a security's short name."""
    return PromptId(f"security.{code}")


def spoken(answer: QuoteAnswer) -> ActionResult:
    """Return what a flow speaks of an answer.

    ``change`` and ``change_percent`` are without sign: ``direction`` (``up``, ``down``, ``flat``)
    tells it. ``as_of`` is the market's local time. ``kind`` tells shares from funds and from an
    index, whose numbers are points and not yuan.
    """
    match answer:
        case Found():
            return ActionResult(outcome=OK, values=_values(answer))
        case Unknown():
            return ActionResult(outcome=UNKNOWN)
        case Unavailable():
            return ActionResult(outcome=UNAVAILABLE)
        case _:
            assert_never(answer)


def _values(found: Found) -> dict[str, Value]:
    quote = found.quote
    return {
        "name_prompt": name_prompt(quote.code),
        "kind": found.security.kind.value,
        "last": quote.last,
        "change": abs(change(quote)),
        "change_percent": abs(change_percent(quote)),
        "direction": direction(quote).value,
        "open": quote.open,
        "high": quote.high,
        "low": quote.low,
        "as_of": local_time(quote.at, MARKET_ZONE),
        "delayed": found.delayed,
    }
