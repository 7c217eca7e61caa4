"""What the dialplan says of each security: the fragments that the engine's own menu would play."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from ivrengine.clock import Clock
from ivrengine.services.quotes.directory import load_directory
from ivrengine.services.quotes.embedded_feed import EmbeddedFeed
from ivrengine.services.quotes.model import Direction, Found, SecurityCode, SecurityKind
from ivrengine.services.quotes.service import Quotes
from ivrengine.services.quotes.settings import QuoteSettings
from ivrengine.services.quotes.speech import spoken
from ivrengine.services.registry import Value
from ivrengine.speech.readings.reading import Readable, Reading, read_out
from ivrengine.values import Language, PromptId

_DIRECTIONS: Final = {direction.value: PromptId(f"quotes.{direction}") for direction in Direction}


class Readouts:
    """What is said of the securities of a list, at the demonstration market's present prices."""

    def __init__(self, settings: QuoteSettings, clock: Clock) -> None:
        directory = load_directory(settings.securities)
        feed = EmbeddedFeed(directory, clock, seed=settings.demo_seed)
        self.codes: Sequence[SecurityCode] = [listing.security.code for listing in directory]
        self._quotes = Quotes(directory, feed, settings)
        self._clock = clock

    async def of(self, code: SecurityCode, language: Language) -> Sequence[PromptId]:
        """Return the prompts that tell a quote, in order; none for a code that is not listed."""
        answer = await self._quotes.by_code(code, self._clock.now())
        return _fragments(answer, language) if isinstance(answer, Found) else ()


def _fragments(found: Found, language: Language) -> Sequence[PromptId]:
    """Say what node ``tell`` of the demonstration's flow ``quotes`` says."""
    values = spoken(found).values

    def said(name: str, reading: Reading) -> Sequence[PromptId]:
        return read_out(_readable(values[name]), reading, language)

    is_index = found.security.kind is SecurityKind.INDEX
    amount = Reading.POINTS if is_index else Reading.PRICE
    direction = str(values["direction"])
    percent = () if direction == Direction.FLAT else said("change_percent", Reading.PERCENT)
    return (
        *said("name_prompt", Reading.PROMPT),
        *read_out(found.quote.code.removeprefix("sh"), Reading.CODE, language),
        PromptId("quotes.last"),
        *said("last", amount),
        _DIRECTIONS[direction],
        *percent,
        PromptId("quotes.high"),
        *said("high", amount),
        PromptId("quotes.low"),
        *said("low", amount),
        PromptId("quotes.as_of"),
        *said("as_of", Reading.TIME),
    )


def _readable(value: Value) -> Readable:
    assert isinstance(value, str | Decimal | datetime)
    return value
