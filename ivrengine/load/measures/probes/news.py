"""What the process of the probes tells, a line each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from ivrengine.load.measures.probe_call import ProbeCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Every telephone is there and knows the prompts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A call was begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A call was answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """A call is over."""

    call: ProbeCall


News = Listening | Begun | Answered | Over

_WORDS: Final[Mapping[str, News]] = {
    "listening": Listening(),
    "begun": Begun(),
    "answered": Answered(),
}
_CALL: Final = TypeAdapter(ProbeCall)


def written(news: News) -> bytes:
    """Return the line for a piece of news."""
    if isinstance(news, Over):
        return b"over " + _CALL.dump_json(news.call) + b"\n"
    return f"{type(news).__name__.lower()}\n".encode("ascii")


def read(line: bytes) -> News:
    """Read what :func:`written` made.

    Raises:
        ValueError: it made no such line.
    """
    word, _, rest = line.rstrip(b"\n").partition(b" ")
    if word == b"over":
        return Over(call=_CALL.validate_json(rest))
    try:
        return _WORDS[word.decode("ascii", "replace")]
    except KeyError:
        raise ValueError(f"no news of a probe: {line!r}") from None
