"""What the process of the telephones tells, a line each: one rang, was answered, was free again."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang:
    """A call came in; ``at_s`` is the monotonic moment at which the kernel had its INVITE."""

    agent: str
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The agent picked up."""

    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Freed:
    """The call of an agent is over, whoever ended it."""

    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strange:
    """Something that must not be: a second call at a telephone in use, an answer nobody took."""

    agent: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffed:
    """Every telephone is registered."""


News = Rang | Answered | Freed | Strange | Staffed

_STAFFED: Final = "staffed"


def written(news: News) -> str:
    """Return the line for a piece of news, without its end."""
    match news:
        case Rang(agent=agent, at_s=at_s):
            return f"rang {agent} {at_s!r}"
        case Answered(agent=agent):
            return f"answered {agent}"
        case Freed(agent=agent):
            return f"freed {agent}"
        case Strange(agent=agent, what=what):
            return f"strange {agent} {what}"
        case Staffed():
            return _STAFFED


def read(line: str) -> News:
    """Read what :func:`written` made.

    Raises:
        ValueError: it made no such line.
    """
    match line.split(" ", 2):
        case ["rang", agent, at_s]:
            return Rang(agent=agent, at_s=float(at_s))
        case ["answered", agent]:
            return Answered(agent=agent)
        case ["freed", agent]:
            return Freed(agent=agent)
        case ["strange", agent, what]:
            return Strange(agent=agent, what=what)
        case [word] if word == _STAFFED:
            return Staffed()
        case _:
            raise ValueError(f"no news of a telephone: {line!r}")
