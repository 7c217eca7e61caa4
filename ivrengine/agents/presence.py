"""What agents ask for, from wherever they ask: the telephone, the API, the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from acd.agent_states import Presence, PresenceTrigger, Work
from acd.commands import Command, NoteMove
from acd.events import (
    AgentEvent,
    AgentGotNotReady,
    AgentGotReady,
    AgentLoggedIn,
    AgentLoggedOut,
    WrapUpEnded,
)
from acd.model import AgentId
from acd.state import Desk
from ivrengine.agents.dispatcher import Dispatcher
from ivrengine.values import AgentNumber


class Wish(StrEnum):
    """What an agent can ask for."""

    LOG_IN = "login"
    GET_READY = "ready"
    GET_NOT_READY = "not-ready"
    LOG_OUT = "logout"
    END_WRAP_UP = "end-wrap-up"


class Answer(StrEnum):
    """What became of a wish; one that holds already counts as granted."""

    GRANTED = "granted"
    AFTER_CALL = "after-call"
    """It is granted when the call that the agent is engaged in is over."""
    REFUSED = "refused"
    """It makes no sense in the agent's present state."""
    UNKNOWN_AGENT = "unknown-agent"


REASONS = {
    "1": "break",
    "2": "meal",
    "3": "meeting",
    "4": "training",
    "5": "paperwork",
    "6": "other",
}
"""Why an agent is not ready, by the digit that says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granting:
    """How a wish is told to the router, and what the agent's state must show when it is granted."""

    presence: Presence
    trigger: PresenceTrigger


_GRANTINGS = {
    Wish.GET_READY: Granting(presence=Presence.AVAILABLE, trigger=PresenceTrigger.GET_READY),
    Wish.GET_NOT_READY: Granting(presence=Presence.AUX, trigger=PresenceTrigger.GO_NOT_READY),
    Wish.LOG_OUT: Granting(presence=Presence.LOGGED_OUT, trigger=PresenceTrigger.LOG_OUT),
}


class PresenceDesk:
    """Takes agents' wishes to the dispatcher and tells what became of them."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    async def ask(self, agent: AgentNumber, wish: Wish, reason: str = "") -> Answer:
        """Have a wish granted, if it can be; ``reason`` says why an agent is not ready."""
        id_ = AgentId(agent)
        if self._dispatcher.router.desk(id_) is None:
            return Answer.UNKNOWN_AGENT
        said = await self._dispatcher.tell(_as_event(id_, wish, reason))
        desk = self._dispatcher.router.desk(id_)
        if desk is None:
            return Answer.UNKNOWN_AGENT
        return _answer(wish, desk, said)


def _as_event(agent: AgentId, wish: Wish, reason: str) -> AgentEvent:
    match wish:
        case Wish.LOG_IN:
            return AgentLoggedIn(agent=agent)
        case Wish.GET_READY:
            return AgentGotReady(agent=agent)
        case Wish.GET_NOT_READY:
            return AgentGotNotReady(agent=agent, reason=reason)
        case Wish.LOG_OUT:
            return AgentLoggedOut(agent=agent)
        case Wish.END_WRAP_UP:
            return WrapUpEnded(agent=agent)
        case _:
            assert_never(wish)


def _answer(wish: Wish, desk: Desk, said: Sequence[Command]) -> Answer:
    if wish is Wish.END_WRAP_UP:
        ended = any(isinstance(c, NoteMove) and c.before == Work.ACW for c in said)
        return Answer.GRANTED if ended else Answer.REFUSED
    if wish is Wish.LOG_IN:
        return Answer.GRANTED if desk.logged_in else Answer.REFUSED
    granting = _GRANTINGS[wish]
    if desk.pending is not None:
        waits = desk.pending.trigger is granting.trigger
        return Answer.AFTER_CALL if waits else Answer.REFUSED
    return Answer.GRANTED if desk.presence is granting.presence else Answer.REFUSED
