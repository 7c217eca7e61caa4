"""Puts a supervisor in the place of an agent, by way of the call in which the agent talks."""

import asyncio
from collections.abc import Callable, Iterable

import structlog

from ivrengine.calls.observing.talks import Talk
from ivrengine.calls.session import CallSession
from ivrengine.calls.talk.orders import Accepted, TakeOver
from ivrengine.telephony import LegId
from ivrengine.values import AgentNumber

log = structlog.get_logger(__name__)

ANSWERED_WITHIN_S = 5.0
"""How long a call may take to deal with what is before this in its inbox."""


class TakingOver:
    """Orders calls to let a supervisor serve.

    Args:
        sessions: returns the calls that are served.
    """

    def __init__(self, sessions: Callable[[], Iterable[CallSession]]) -> None:
        self._sessions = sessions

    async def __call__(self, talk: Talk, supervisor: AgentNumber, leg: LegId) -> bool:
        """Put ``supervisor``, on ``leg``, in the place of the agent of ``talk``."""
        found = (each.visit for each in self._sessions() if each.context.call == talk.call)
        visit = next(found, None)
        if visit is None or visit.agent != talk.agent:
            return False
        try:
            async with asyncio.timeout(ANSWERED_WITHIN_S):
                answer = await visit.ask(TakeOver(supervisor=supervisor, leg=leg))
        except TimeoutError:
            log.warning("take_over_not_answered", call=talk.call)
            return False
        return isinstance(answer, Accepted)
