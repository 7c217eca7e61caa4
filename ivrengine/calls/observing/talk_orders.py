"""Orders for the conversation of an agent from whoever is not on the line, taken to its call."""

import asyncio
from collections.abc import Callable, Iterable

import structlog

from ivrengine.calls.observing.talks import Talk
from ivrengine.calls.session import CallSession
from ivrengine.calls.talk.orders import Accepted, NotNow, TakeOver, TalkAnswer, TalkOrder
from ivrengine.telephony import LegId
from ivrengine.values import AgentNumber

log = structlog.get_logger(__name__)

ANSWERED_WITHIN_S = 5.0
"""How long a call may take to deal with what is before this in its inbox."""


class TalkOrders:
    """Takes orders to the calls that they are for.

    Args:
        sessions: returns the calls that are served.
    """

    def __init__(self, sessions: Callable[[], Iterable[CallSession]]) -> None:
        self._sessions = sessions

    async def ask(self, talk: Talk, order: TalkOrder | TakeOver) -> TalkAnswer:
        """Order something for a conversation; returns when it is done, or cannot be done."""
        found = (each.visit for each in self._sessions() if each.context.call == talk.call)
        visit = next(found, None)
        if visit is None or visit.agent != talk.agent:
            return NotNow(why=f"agent {talk.agent} serves nobody")
        try:
            async with asyncio.timeout(ANSWERED_WITHIN_S):
                return await visit.ask(order)
        except TimeoutError:
            log.warning("order_not_answered", call=talk.call)
            return NotNow(why="the call did not answer in time")

    async def take_over(self, talk: Talk, supervisor: AgentNumber, leg: LegId) -> bool:
        """Put ``supervisor``, on ``leg``, in the place of the agent of ``talk``."""
        answer = await self.ask(talk, TakeOver(supervisor=supervisor, leg=leg))
        return isinstance(answer, Accepted)
