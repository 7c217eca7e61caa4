"""What a visit to the agents is told, by whomever, in the order in which it goes on its way.

All of it passes through the inbox of the call, so that a visit does one thing at a time.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from acd.model import ContactId
from ivrengine.agents.ports import VisitEvent
from ivrengine.calls.talk.orders import TakeOver, TalkAnswer, TalkOrder
from ivrengine.flow.inputs import Input
from ivrengine.telephony import LegEvent


class Phase(StrEnum):
    """How far the visit has come."""

    SEEKING = "seeking"
    ANNOUNCING = "announcing"
    TALKING = "talking"
    OVER = "over"


class Alarm(IntEnum):
    """The time limits that a visit sets."""

    WHISPER = 1
    """On what an agent is told before the caller is joined."""
    WAY = 2
    """On the search for whom a caller was handed to."""
    CALL = 3
    """On the answer of whoever is called to a conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The agents' side tells what becomes of ``contact``: the caller's own, or a consultation."""

    contact: ContactId
    event: VisitEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Overheard:
    """Something happened on a leg that talks with the caller, or is being called to."""

    event: LegEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Somebody orders something for the conversation, and waits for the answer."""

    order: TalkOrder | TakeOver
    reply: "asyncio.Future[TalkAnswer]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Elapsed:
    """A time limit of the visit is over."""

    alarm: Alarm


News = Told | Overheard | Asked | Elapsed
NewsSink = Callable[[News], None]
"""Takes news at once; must neither wait nor raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterMenu:
    """The caller was sent to a flow, from its beginning; an empty name is the dialplan's entry."""

    flow: str


Answer = Input | EnterMenu | None
"""What the caller's flow is to know, or where the caller goes instead of back into it."""
