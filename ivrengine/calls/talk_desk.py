"""Orders for agents' conversations from whoever is not on the line: the API."""

import asyncio
from collections.abc import Callable, Iterable

import structlog

from ivrengine.agents.roster import Roster
from ivrengine.calls.session import CallSession
from ivrengine.calls.talk.orders import (
    NoAgent,
    NoSuchTarget,
    NotNow,
    TalkAnswer,
    TalkOrder,
    TalkVerb,
    parse_target,
)
from ivrengine.values import AgentNumber

log = structlog.get_logger(__name__)

ANSWERED_WITHIN_S = 5.0
"""How long a call may take to deal with what is before this in its inbox."""


class TalkDesk:
    """Takes orders to the calls that they are for.

    Args:
        sessions: returns the calls that are served.
        roster: returns the agents in force.
    """

    def __init__(
        self, sessions: Callable[[], Iterable[CallSession]], roster: Callable[[], Roster]
    ) -> None:
        self._sessions = sessions
        self._roster = roster

    async def order(self, agent: AgentNumber, verb: TalkVerb, to: str = "") -> TalkAnswer:
        """Order something for an agent's conversation; returns when it is done or cannot be.

        ``to`` is whom a transfer or a consultation is for, such as ``agent:8002``.
        """
        if agent not in self._roster().agents:
            return NoAgent()
        target = parse_target(to) if to else None
        if verb in (TalkVerb.TRANSFER, TalkVerb.CONSULT) and target is None:
            return NoSuchTarget(target=to)
        served = (each.visit for each in self._sessions())
        visit = next((each for each in served if each is not None and each.agent == agent), None)
        if visit is None:
            return NotNow(why=f"agent {agent} serves nobody")
        try:
            async with asyncio.timeout(ANSWERED_WITHIN_S):
                return await visit.ask(TalkOrder(verb=verb, target=target))
        except TimeoutError:
            log.warning("order_not_answered", agent=agent, verb=verb)
            return NotNow(why="the call did not answer in time")
