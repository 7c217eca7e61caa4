"""What a visit to the agents is told, by whomever, in the order in which it goes on its way.

All of it passes through the inbox of the call, so that a visit does one thing at a time.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from acd.model import ContactId
from ivrengine.agents.ports import VisitEvent
from ivrengine.calls.talk.orders import TakeOver, TalkAnswer, TalkOrder
from ivrengine.telephony import LegEvent


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

    alarm: int


News = Told | Overheard | Asked | Elapsed
NewsSink = Callable[[News], None]
"""Takes news at once; must neither wait nor raise."""
