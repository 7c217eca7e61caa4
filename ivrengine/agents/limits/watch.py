"""Watches every agent against the time limits of the roster, with one timer each.

Nothing polls: whenever an agent's presence or work moves, what comes due next is worked out anew
from the agent's state, so that a restarted engine goes on where another ended. An agent who was
away for too long is signed out by an order like a supervisor's; what lasts too long is told of once
for each stretch, and left to supervisors.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from acd.agent_states import PRESENCE, WORK, PresenceTrigger
from acd.commands import Command, NoteMove
from acd.events import AgentForced, AgentGotNotReady, Event
from acd.model import AgentId, QueueName, ReservationId
from acd.router import Router
from acd.state import Desk, Visit
from ivrengine.agents.limits.spells import Absence, Spell, absence, spells
from ivrengine.agents.roster import Roster
from ivrengine.clock import Clock
from ivrengine.values import AgentNumber

log = structlog.get_logger(__name__)

BY_TIME_LIMIT = "time limit"
"""Stands as who gave the order to sign an agent out."""

_OF_AGENTS = frozenset({PRESENCE.name, WORK.name})


def _nothing(_: object) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitObservers:
    """Who is told; neither may wait nor raise."""

    overlong: Callable[[Spell], None] = _nothing
    signed_out: Callable[[Absence], None] = _nothing


class AgentWatch:
    """Signs absent agents out, and tells of what lasts too long.

    Args:
        router: is read, and never told anything.
        roster: returns the roster in force.
        clock: the time of the limits.
        order: takes the order that signs an agent out.
        observers: are told besides the log.
    """

    def __init__(
        self,
        router: Router,
        roster: Callable[[], Roster],
        clock: Clock,
        *,
        order: Callable[[AgentForced], None],
        observers: LimitObservers | None = None,
    ) -> None:
        self._router = router
        self._roster = roster
        self._clock = clock
        self._order = order
        self._observers = observers or LimitObservers()
        self._timers: dict[AgentId, asyncio.TimerHandle] = {}
        self._queues: dict[AgentId, QueueName] = {}
        self._told: dict[AgentId, tuple[Spell, ...]] = {}
        self._is_running = False

    async def run(self) -> None:
        """Watch until cancelled."""
        self._is_running = True
        try:
            self.look_at_all()
            await asyncio.Event().wait()
        finally:
            self._is_running = False
            for timer in self._timers.values():
                timer.cancel()
            self._timers.clear()

    def look_at_all(self) -> None:
        """Work out anew what comes due for everybody: at the start, and after a reload."""
        for desk in self._router.desks():
            self._look_at(desk.agent)

    def applied(self, event: Event, commands: Sequence[Command], _at: float) -> None:
        """Take note of what distribution was told, and of the moves that came of it."""
        agents = [
            AgentId(command.subject)
            for command in commands
            if isinstance(command, NoteMove) and command.machine in _OF_AGENTS
        ]
        if isinstance(event, AgentGotNotReady | AgentForced):
            # Another reason for the same presence is no move.
            agents.append(event.agent)
        for agent in dict.fromkeys(agents):
            self._look_at(agent)

    def overlong(self, agent: AgentNumber) -> tuple[str, ...]:
        """Return what ``agent`` has been doing for too long, as words; nothing for most."""
        return tuple(spell.doing.value for spell in self._told.get(AgentId(agent), ()))

    def _look_at(self, agent: AgentId) -> None:
        timer = self._timers.pop(agent, None)
        if timer is not None:
            timer.cancel()
        desk = self._router.desk(agent)
        if desk is None or not self._is_running:
            self._told.pop(agent, None)
            self._queues.pop(agent, None)
            return
        now = self._clock.now()
        going_on = self._spells(desk)
        self._tell(agent, tuple(spell for spell in going_on if spell.due_at <= now))
        away = self._absence(desk)
        if away is not None and away.due_at <= now:
            self._sign_out(away)
            return
        dues = [spell.due_at for spell in going_on if spell.due_at > now]
        dues += [] if away is None else [away.due_at]
        if dues:
            loop = asyncio.get_running_loop()
            self._timers[agent] = loop.call_later(min(dues) - now, self._look_at, agent)

    def _absence(self, desk: Desk) -> Absence | None:
        """Return when an agent is to be signed out; supervisors never are."""
        roster = self._roster()
        settings = roster.agents.get(AgentNumber(desk.agent))
        if settings is None or settings.supervisor:
            return None
        return absence(desk, roster.sign_out)

    def _spells(self, desk: Desk) -> tuple[Spell, ...]:
        visit = self._visit(desk.reservation)
        if visit is not None:
            # After-call work is for the queue of a contact that is gone by then.
            self._queues[desk.agent] = visit.queue
        queue = self._queues.get(desk.agent, QueueName(""))
        return tuple(spells(desk, visit, queue, self._roster().line(queue).overlong))

    def _visit(self, reservation: ReservationId | None) -> Visit | None:
        if reservation is None:
            return None
        offer = self._router.offer(reservation)
        return None if offer is None else self._router.visit(offer.contact)

    def _tell(self, agent: AgentId, overlong: tuple[Spell, ...]) -> None:
        for spell in overlong:
            if spell not in self._told.get(agent, ()):
                log.warning(
                    "agent_overlong",
                    agent=agent,
                    queue=spell.queue,
                    state=spell.doing,
                    limit_s=spell.limit_s,
                )
                self._observers.overlong(spell)
        if overlong:
            self._told[agent] = overlong
        else:
            self._told.pop(agent, None)

    def _sign_out(self, away: Absence) -> None:
        log.warning("agent_signed_out", agent=away.agent, why=str(away))
        self._observers.signed_out(away)
        self._order(
            AgentForced(
                agent=away.agent,
                presence=PresenceTrigger.LOG_OUT,
                by=BY_TIME_LIMIT,
                reason=str(away),
            )
        )
