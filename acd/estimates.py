"""How long a caller has yet to wait, from who is ahead, who serves, and how it went of late.

With n others ahead, s agents, μ the rate at which a busy agent becomes free and θ the rate at which
a waiting caller gives up, the line moves at rate s·μ + j·θ while j others are still ahead, so the
wait for an agent is the sum over j = 0..n of 1 / (s·μ + j·θ). To it comes the usual time from the
ringing of the agent's telephone to the conversation.

An estimate knows queues, and not what single callers need beyond them, nor bands: whoever comes
later and is served first makes it too short. How true the announced ones were is counted with the
other figures of a queue.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from math import log1p

from acd.agent_states import Presence
from acd.commands import EndVisit
from acd.followed import BUSY, Activity, FollowedAgent, FollowedContact, Listener
from acd.model import AgentId, ContactId, Disposition, QueueName
from acd.pace import Pace, Rates
from acd.shares import Shares

_SERVES = BUSY | {Activity.IDLE, Activity.OUTSIDE}
_CONVERSED = BUSY - {Activity.RINGING}
_SUMMED_ONE_BY_ONE = 12
_FEWEST_AGENTS = 1e-9
_SUPPOSED = Rates(handling_s=240.0, patience_s=300.0, answer_s=6.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateRules:
    """What is supposed before anything is known, and how long the past counts.

    What lies ``memory_s`` back counts about a third. ``supposed`` counts as ``supposed_calls``
    calls. Every ``refresh_s`` the shares of queues in common agents are reckoned anew.
    """

    memory_s: float = 3600.0
    supposed: Rates = _SUPPOSED
    supposed_calls: float = 10.0
    refresh_s: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatesState:
    """A snapshot of what was learnt; who serves is in the snapshot of whoever follows the floor."""

    now: float = 0.0
    refreshed_at: float = 0.0
    everywhere: Pace = field(default_factory=lambda: Pace(at=0.0))
    paces: tuple[tuple[QueueName, Pace], ...] = ()
    in_line: tuple[tuple[ContactId, QueueName], ...] = ()
    rung_at: tuple[tuple[ContactId, float], ...] = ()
    busy_for: tuple[tuple[AgentId, QueueName], ...] = ()


class Estimates(Listener):
    """Estimates for every queue, each in a time that does not grow with the number of callers."""

    def __init__(self, rules: EstimateRules | None = None) -> None:
        self._rules = rules or EstimateRules()
        self._now = self._refreshed_at = 0.0
        self._shares = Shares()
        self._everywhere = Pace(at=0.0)
        self._paces: dict[QueueName, Pace] = {}
        self._in_line: dict[ContactId, QueueName] = {}
        self._rung_at: dict[ContactId, float] = {}
        self._busy_for: dict[AgentId, QueueName] = {}

    def expected_wait_s(self, queue: QueueName, ahead: int) -> float | None:
        """Return how long a caller with ``ahead`` others before it waits until an agent answers.

        Never negative, and never less for more others ahead. None when no agent of the queue is
        there to serve: logged out, not ready, not responding or out of reach, all of them.
        """
        agents = self._shares.agents(queue)
        if agents < _FEWEST_AGENTS:
            return None
        rates = self.rates(queue)
        waiting = self._paces[queue].waiting if queue in self._paces else 0
        # Whoever is free while others wait is free for none of them.
        still_ahead = ahead - (self._shares.free(queue) if waiting == 0 else 0)
        if still_ahead < 0:
            return rates.answer_s
        freed_per_s, gone_per_s = agents / rates.handling_s, 1 / rates.patience_s
        return rates.answer_s + _time_to_move(still_ahead, freed_per_s, gone_per_s)

    def rates(self, queue: QueueName) -> Rates:
        """Return how long things take in ``queue``; of what is not known there, as everywhere."""
        memory_s, calls = self._rules.memory_s, self._rules.supposed_calls
        everywhere = replace(self._everywhere)
        everywhere.come_to(self._now, memory_s)
        usual = everywhere.rates(self._rules.supposed, calls)
        if queue not in self._paces:
            return usual
        pace = replace(self._paces[queue])
        pace.come_to(self._now, memory_s)
        return pace.rates(usual, calls)

    def agents(self, queue: QueueName) -> float:
        """Return how many agents serve ``queue``, those of several queues by their share."""
        return self._shares.agents(queue)

    # What happens.

    def entered(self, contact: FollowedContact, now: float) -> None:
        """See a caller begin to wait."""
        self._stand(contact.contact, contact.queue, now)

    def moved(self, contact: FollowedContact, left: QueueName, now: float) -> None:
        """See a caller go from one line to another."""
        if not contact.callback:
            self._step_out(contact.contact, now, gone=True)
            self._stand(contact.contact, contact.queue, now)

    def offered(self, contact: FollowedContact, agent: FollowedAgent, now: float) -> None:
        """See a telephone ring."""
        self._rung_at[contact.contact] = now

    def joined(self, contact: FollowedContact, now: float) -> None:
        """See a caller answered."""
        self._step_out(contact.contact, now, gone=False)
        rung_at = self._rung_at.pop(contact.contact, None)
        if rung_at is not None:
            for pace in self._both(contact.queue, now):
                pace.answered += 1
                pace.answer_s += max(0.0, now - rung_at)

    def parted(self, contact: FollowedContact, now: float) -> None:
        """See a caller wait again whose conversation was lost."""
        if not contact.callback:
            self._stand(contact.contact, contact.queue, now)

    def ended(self, contact: FollowedContact, end: EndVisit, now: float) -> None:
        """See a caller go; one who will be called back keeps the place in line."""
        self._rung_at.pop(contact.contact, None)
        stays = end.disposition is Disposition.CALLBACK_REGISTERED
        self._step_out(contact.contact, now, gone=not stays)

    def changed(self, agent: FollowedAgent, before: Activity, now: float) -> None:
        """See an agent come, go, become busy or free."""
        self._hear(now)
        was_busy, is_busy = before in BUSY, agent.activity in BUSY
        # Whoever is found in a conversation during after-call work is done with that work.
        if was_busy and (not is_busy or before is Activity.WRAPPING_UP):
            self._become_free(agent.agent, now, conversed=before in _CONVERSED)
        if is_busy and agent.agent not in self._busy_for and agent.serving_queue is not None:
            self._busy_for[agent.agent] = agent.serving_queue
            for pace in self._both(agent.serving_queue, now):
                pace.busy += 1
        self._take_agent(agent)

    def wished(self, agent: FollowedAgent, now: float) -> None:
        """See an agent want contacts, or none."""
        self._hear(now)
        self._take_agent(agent)

    def staffed(self, agent: FollowedAgent, queues: frozenset[QueueName]) -> None:
        """See an agent assigned to other queues."""
        self._take_agent(agent)

    def _take_agent(self, agent: FollowedAgent) -> None:
        # Who is at after-call work, or a call of their own, may want no contact when that is over.
        serves = agent.activity in _SERVES and agent.presence is Presence.AVAILABLE
        self._shares.take(
            agent.agent,
            agent.queues if serves else None,
            is_free=agent.activity is Activity.IDLE,
        )

    def _become_free(self, agent: AgentId, now: float, *, conversed: bool) -> None:
        queue = self._busy_for.pop(agent, None)
        if queue is not None:
            for pace in self._both(queue, now):
                pace.busy -= 1
                pace.freed += conversed

    def _stand(self, contact: ContactId, queue: QueueName, now: float) -> None:
        if contact not in self._in_line:
            self._in_line[contact] = queue
            for pace in self._both(queue, now):
                pace.waiting += 1

    def _step_out(self, contact: ContactId, now: float, *, gone: bool) -> None:
        queue = self._in_line.pop(contact, None)
        if queue is not None:
            for pace in self._both(queue, now):
                pace.waiting -= 1
                pace.gone += gone

    def _both(self, queue: QueueName, now: float) -> tuple[Pace, Pace]:
        """Return the paces of ``queue`` and of everywhere, brought up to ``now``."""
        self._hear(now)
        pace = self._paces.get(queue)
        if pace is None:
            pace = self._paces[queue] = Pace(at=now)
        pace.come_to(now, self._rules.memory_s)
        self._everywhere.come_to(now, self._rules.memory_s)
        return pace, self._everywhere

    def _hear(self, now: float) -> None:
        self._now = max(self._now, now)
        if now - self._refreshed_at < self._rules.refresh_s:
            return
        self._refreshed_at = now
        for pace in self._paces.values():
            pace.come_to(now, self._rules.memory_s)
        self._paces = {name: pace for name, pace in self._paces.items() if not pace.is_forgotten}
        self._rework()

    def _rework(self) -> None:
        memory_s = self._rules.memory_s
        self._shares.rework({name: pace.load(memory_s) for name, pace in self._paces.items()})

    # Keeping it.

    def snapshot(self) -> EstimatesState:
        """Return all that was learnt."""
        return EstimatesState(
            now=self._now,
            refreshed_at=self._refreshed_at,
            everywhere=replace(self._everywhere),
            paces=tuple((queue, replace(pace)) for queue, pace in self._paces.items()),
            in_line=tuple(self._in_line.items()),
            rung_at=tuple(self._rung_at.items()),
            busy_for=tuple(self._busy_for.items()),
        )

    def restore(self, state: EstimatesState, agents: Iterable[FollowedAgent]) -> None:
        """Know again what a snapshot knew, with the agents that are followed."""
        self._now, self._refreshed_at = state.now, state.refreshed_at
        self._everywhere = replace(state.everywhere)
        self._paces = {queue: replace(pace) for queue, pace in state.paces}
        self._in_line = dict(state.in_line)
        self._rung_at = dict(state.rung_at)
        self._busy_for = dict(state.busy_for)
        self._shares = Shares()
        for agent in agents:
            self._take_agent(agent)
        self._rework()


def _time_to_move(ahead: int, freed_per_s: float, gone_per_s: float) -> float:
    """Return the sum of 1 / (freed_per_s + j * gone_per_s) over j = 0..ahead.

    The first terms are added one by one, the rest as a difference of digamma functions, in a form
    that loses no digits when callers hardly ever give up.
    """
    first = min(ahead + 1, _SUMMED_ONE_BY_ONE)
    moved_s = sum(1 / (freed_per_s + others * gone_per_s) for others in range(first))
    rest = ahead + 1 - first
    if rest == 0:
        return moved_s
    low = freed_per_s / gone_per_s + first
    high = low + rest
    digamma = (
        log1p(rest / low)
        + (1 / low - 1 / high) / 2
        + (1 / low**2 - 1 / high**2) / 12
        - (1 / low**4 - 1 / high**4) / 120
    )
    return moved_s + digamma / gone_per_s
