"""Whose newest conversation was which: a fold over the journal, and what agents note of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from ivrengine.agents.orders import NotPossible, UnknownAgent
from ivrengine.agents.queue_settings import QueueSettings
from ivrengine.agents.roster import Roster
from ivrengine.agents.wrap_up_codes import NoSuchCode, NoteAnswer, Noted, NoteOrder
from ivrengine.calls.facts import AnyFact, CallEnded, PersonJoined, PersonLeft, PersonSought
from ivrengine.calls.journal import Journal
from ivrengine.calls.talk_facts import WrapUpNoted
from ivrengine.clock import Clock
from ivrengine.values import AgentNumber, CallId

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Conversation:
    call: CallId
    queue: str
    over_at: float | None = None
    is_noted: bool = False


class WrapUpNotes:
    """Takes what agents note; subscribe it to the journal behind all that keep facts.

    Args:
        journal: where notes become facts of the call.
        roster: gives the queues in force.
        clock: the time.
    """

    def __init__(self, journal: Journal, roster: Callable[[], Roster], clock: Clock) -> None:
        self._journal = journal
        self._roster = roster
        self._clock = clock
        self._queues: dict[CallId, str] = {}
        self._newest: dict[AgentNumber, _Conversation] = {}

    def __call__(self, fact: AnyFact) -> None:
        """Take in one fact."""
        match fact:
            case PersonSought(call=call, queue=queue):
                self._queues[call] = queue
            case PersonJoined(call=call, agent=agent):
                queue = self._queues.get(call, "")
                self._newest[AgentNumber(agent)] = _Conversation(call=call, queue=queue)
            case PersonLeft(call=call, agent=agent, at=at):
                self._change(AgentNumber(agent), call, lambda was: replace(was, over_at=at))
            case WrapUpNoted(call=call, agent=agent):
                self._change(AgentNumber(agent), call, lambda was: replace(was, is_noted=True))
            case CallEnded(call=call):
                self._queues.pop(call, None)
            case _:
                pass

    def _change(
        self, agent: AgentNumber, call: CallId, change: Callable[[_Conversation], _Conversation]
    ) -> None:
        newest = self._newest.get(agent)
        if newest is not None and newest.call == call:
            self._newest[agent] = change(newest)

    def note(self, order: NoteOrder) -> NoteAnswer:
        """Note a code for an agent's newest conversation, which may still go on, or say why not.

        A second note takes the place of the first: the newest in the record counts.
        """
        if order.agent not in self._roster().agents:
            return UnknownAgent()
        newest = self._newest.get(order.agent)
        if newest is None:
            return NotPossible(why=f"agent {order.agent} had no conversation to note anything of")
        known = self._codes(order.agent, newest.queue)
        if order.code not in known:
            return NoSuchCode(known=tuple(known))
        self._journal.note(
            WrapUpNoted(
                call=newest.call,
                at=self._clock.now(),
                agent=order.agent,
                queue=newest.queue,
                code=order.code,
                note=order.note,
            )
        )
        log.info("wrap_up_noted", agent=order.agent, call=newest.call, code=order.code)
        return Noted(call=newest.call, queue=newest.queue, code=order.code)

    def owes(self, agent: AgentNumber) -> bool:
        """Tell whether an agent has yet to note the code of a conversation that is over."""
        newest = self._newest.get(agent)
        if newest is None or newest.over_at is None or newest.is_noted:
            return False
        queue = self._roster().queues.get(newest.queue)
        within_s = None if queue is None else queue.wrap_up_code_within_s
        return within_s is not None and self._clock.now() < newest.over_at + within_s

    def _codes(self, agent: AgentNumber, queue: str) -> Sequence[str]:
        """Return the codes of a queue; of a call by number, those of all queues of the agent."""
        roster = self._roster()
        asked = roster.queues.get(queue)
        queues: Sequence[QueueSettings] = (
            [asked]
            if asked is not None
            else [roster.queues[name] for name in sorted(roster.queues_of(agent))]
        )
        return list(dict.fromkeys(code.code for each in queues for code in each.wrap_up_codes))
