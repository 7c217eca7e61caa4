"""What one caller does during one call, with every waiting time drawn, and as one line of text."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from ivrengine.errors import ConfigError


class Verb(StrEnum):
    """What callers do. The last three are also how a call may be ended by the other side."""

    LISTEN = "listens"
    PRESS = "presses"
    SPEAK = "speaks"
    WAIT = "waits"
    TALK = "talks"
    UNTIL_LET_GO = "is let go"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One step: a length in seconds, or keys where the verb is to press some."""

    verb: Verb
    seconds: float = 0.0
    keys: str = ""

    def __str__(self) -> str:
        return f"{self.verb} {self.keys or f'{self.seconds:.2f}'}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what `str` gave.

        Raises:
            ConfigError: it is no act.
        """
        verb, _, rest = text.strip().rpartition(" ")
        try:
            known = Verb(verb)
            if known is Verb.PRESS:
                return cls(verb=known, keys=rest)
            return cls(verb=known, seconds=float(rest))
        except ValueError as fault:
            raise ConfigError(f"{text!r} is nothing that a caller does") from fault


Script = tuple[Act, ...]


def render(script: Sequence[Act]) -> str:
    """Return a script as one line, without semicolons: those part fields in SIPp's files."""
    return ", ".join(map(str, script))


def read_script(text: str) -> Script:
    """Read a line that `render` gave.

    Raises:
        ConfigError: a part of it is no act.
    """
    return tuple(Act.read(part) for part in text.split(","))
