"""What supervisors do to distribution: move who waits, force agents' states, ask why.

Every order names who gave it, takes effect before it returns, and is logged with who and when,
whether or not it could be done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from acd.agent_states import PresenceTrigger
from acd.commands import Command, CountLate
from acd.events import AgentForced, ContactMoved
from acd.explanations import Explanation
from acd.model import AgentId, ContactId, QueueName
from ivrengine.agents.desk import Desk
from ivrengine.agents.dispatcher import Dispatcher
from ivrengine.agents.orders import Done, NotPossible, OrderAnswer, UnknownAgent
from ivrengine.values import AgentNumber

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveOrder:
    """Move a waiting contact; what is None stays. ``contact`` may be a call, which has one.

    ``queue`` or ``agent`` (not both) is where it waits on, ``band`` and ``head_start_s`` (seconds
    that count as waited beforehand) alter its place.
    """

    contact: str
    by: str
    queue: str | None = None
    agent: AgentNumber | None = None
    band: int | None = None
    head_start_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceOrder:
    """Put an agent into a presence, whatever the agent does; a conversation is let finish."""

    agent: AgentNumber
    presence: PresenceTrigger
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a contact stands, and which agents are rung for it or serve it."""

    explanation: Explanation
    with_agents: tuple[AgentNumber, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotThere:
    """No contact of that name waits or talks."""


MoveAnswer = Standing | NotThere | NotPossible

_OBSTACLES = {
    "unknown queue": "there is no such queue",
    "unstaffed queue": "nobody is logged in there who could serve it",
    "callback exists": "that queue has a callback to this number already",
    "as ordered": "it stands as ordered already",
    "left": "it left meanwhile",
}

_WANT_LOGGED_IN = frozenset({PresenceTrigger.GET_READY, PresenceTrigger.GO_NOT_READY})


class Supervision:
    """Carries out supervisors' orders.

    Args:
        dispatcher: is told of them.
        desk: shows agents.
        call_of: returns the call that a contact belongs to.
    """

    def __init__(
        self, dispatcher: Dispatcher, desk: Desk, call_of: Callable[[ContactId], str]
    ) -> None:
        self._dispatcher = dispatcher
        self._desk = desk
        self._call_of = call_of

    def explain(self, name: str) -> Standing | None:
        """Return how a contact, or the contact of a call, stands; None when there is none."""
        contact = self._contact(name)
        explanation = None if contact is None else self._dispatcher.router.explain(contact)
        if explanation is None:
            return None
        offers = self._dispatcher.router.offers()
        agents = (AgentNumber(each.agent) for each in offers if each.contact == contact)
        return Standing(explanation=explanation, with_agents=tuple(agents))

    async def move(self, order: MoveOrder) -> MoveAnswer:
        """Move a waiting contact, or say why not."""
        answer = await self._move(order)
        refused = answer.why if isinstance(answer, NotPossible) else ""
        log.warning(
            "contact_moved",
            by=order.by,
            contact=order.contact,
            queue=order.queue,
            agent=order.agent,
            band=order.band,
            head_start_s=order.head_start_s,
            refused="there is no such contact" if isinstance(answer, NotThere) else refused,
        )
        return answer

    async def force(self, order: ForceOrder) -> OrderAnswer:
        """Put an agent into a presence, or say why not."""
        answer = await self._force(order)
        log.warning(
            "agent_forced",
            by=order.by,
            agent=order.agent,
            presence=order.presence,
            reason=order.reason,
            refused="" if isinstance(answer, Done) else type(answer).__name__,
        )
        return answer

    def end_call(self, number: AgentNumber, *, by: str) -> OrderAnswer:
        """End the conversation of an agent, whose caller goes on as after any; or say why not.

        It is over when the agent's leg is gone, moments after this returns.
        """
        ended = self._dispatcher.end_conversation(AgentId(number))
        log.warning("call_ended_by_order", by=by, agent=number, done=ended)
        agent = self._desk.agent(number)
        if agent is None:
            return UnknownAgent()
        if not ended:
            return NotPossible(why=f"agent {number} is in no conversation with a caller")
        return Done(agent=agent)

    async def _move(self, order: MoveOrder) -> MoveAnswer:
        contact = self._contact(order.contact)
        if contact is None:
            return NotThere()
        obstacle = self._obstacle(order)
        if obstacle:
            return NotPossible(why=obstacle)
        said = await self._dispatcher.tell(
            ContactMoved(
                contact=contact,
                by=order.by,
                queue=None if order.queue is None else QueueName(order.queue),
                agent=None if order.agent is None else AgentId(order.agent),
                band=order.band,
                head_start_s=order.head_start_s,
            )
        )
        late = _late(said)
        if late is not None and late.state != "as ordered":
            why = _OBSTACLES.get(late.state, f"it does not wait, but is {late.state}")
            return NotPossible(why=why)
        return self.explain(contact) or NotThere()

    def _obstacle(self, order: MoveOrder) -> str:
        roster = self._dispatcher.roster
        if order.queue is not None and order.queue not in roster.queues:
            return f"there is no queue {order.queue}"
        if order.agent is not None and order.agent not in roster.agents:
            return f"there is no agent {order.agent}"
        return ""

    async def _force(self, order: ForceOrder) -> OrderAnswer:
        if order.agent not in self._dispatcher.roster.agents:
            return UnknownAgent()
        await self._dispatcher.tell(
            AgentForced(
                agent=AgentId(order.agent),
                presence=order.presence,
                by=order.by,
                reason=order.reason,
            )
        )
        agent = self._desk.agent(order.agent)
        if agent is None:
            return UnknownAgent()
        if agent.state == "logged_out" and order.presence in _WANT_LOGGED_IN:
            return NotPossible(why=f"agent {order.agent} is not logged in")
        return Done(agent=agent)

    def _contact(self, name: str) -> ContactId | None:
        """Return the contact called ``name``, or the newest one of the call ``name``."""
        visits = self._dispatcher.router.visits()
        own = [
            each.contact for each in visits if name in (each.contact, self._call_of(each.contact))
        ]
        return own[-1] if own else None


def _late(said: Sequence[Command]) -> CountLate | None:
    """Return what kept a contact from being moved."""
    late = (each for each in said if isinstance(each, CountLate))
    return next((each for each in late if each.trigger == ContactMoved.__name__), None)
