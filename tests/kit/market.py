"""What the demonstration market says of a security at a moment, and how that is spoken."""

from ivrengine.services.quotes.directory import load_directory
from ivrengine.services.quotes.embedded_feed import EmbeddedFeed
from ivrengine.services.quotes.model import Found, SecurityCode
from ivrengine.services.quotes.service import Quotes
from ivrengine.services.quotes.settings import QuoteSettings
from ivrengine.services.quotes.speech import spoken
from ivrengine.speech.readings import Readable, Reading, read_out
from ivrengine.values import Language


class StoppedClock:
    """A clock that stands at one moment."""

    def __init__(self, now: float) -> None:
        self._now = now

    def now(self) -> float:
        """That moment."""
        return self._now


async def spoken_quote(code: str, at: float, language: str) -> list[str]:
    """The prompts that tell the quote of a share as the market stood `at` (epoch seconds)."""
    settings = QuoteSettings()
    directory = load_directory(settings.securities)
    feed = EmbeddedFeed(directory, StoppedClock(at), seed=settings.demo_seed)
    answer = await Quotes(directory, feed, settings).by_code(SecurityCode(code), at)
    assert isinstance(answer, Found), answer
    values = spoken(answer).values

    def said(name: str, reading: Reading) -> list[str]:
        value = values[name]
        assert isinstance(value, Readable)
        return list(read_out(value, reading, Language(language)))

    flat = values["direction"] == "flat"
    return [
        f"security.{code}",
        *read_out(code, Reading.CODE, Language(language)),
        "quotes.last",
        *said("last", Reading.PRICE),
        f"quotes.{values['direction']}",
        *([] if flat else said("change_percent", Reading.PERCENT)),
        "quotes.high",
        *said("high", Reading.PRICE),
        "quotes.low",
        *said("low", Reading.PRICE),
        "quotes.as_of",
        *said("as_of", Reading.TIME),
    ]
