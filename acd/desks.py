"""The agents: their three machines, wishes that wait for the end of a call, rest, and staffing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from acd.agent_states import (
    DEVICE,
    ENGAGED,
    PRESENCE,
    WORK,
    Device,
    DeviceTrigger,
    Presence,
    PresenceTrigger,
    Work,
    WorkTrigger,
)
from acd.events import (
    AgentEvent,
    AgentForced,
    AgentGotNotReady,
    AgentGotReady,
    AgentLoggedIn,
    AgentLoggedOut,
    OutsideCallBegan,
    OutsideCallEnded,
    PhoneAppeared,
    PhoneFreed,
    PhoneSeized,
    PhoneVanished,
    WrapUpEnded,
    WrapUpExtended,
)
from acd.machines import Late
from acd.matching import Matching
from acd.model import (
    Agent,
    AgentId,
    OfferOutcome,
    OfferRules,
    QueueName,
    ReservationId,
    TimerKind,
    personal_queue,
)
from acd.outbox import Outbox
from acd.state import Desk, Wish
from acd.timers import Timers

_LOG_OUT = PresenceTrigger.LOG_OUT
_BEGIN_IDLING = frozenset(
    {
        WorkTrigger.FINISH,
        WorkTrigger.END_WRAP_UP,
        WorkTrigger.RETURN,
        WorkTrigger.COME_BACK,
    }
)
MISSED = frozenset({OfferOutcome.REJECTED, OfferOutcome.TIMEOUT})
"""Outcomes after which an agent goes to the end of the idle agents."""


class Desks:
    """Every agent that is configured, or still engaged.

    ``freed`` collects agents who became free, and ``unstaffed`` queues whose last agent logged out,
    since the router last emptied them.
    """

    def __init__(self, matching: Matching, timers: Timers, outbox: Outbox) -> None:
        self._desks: dict[AgentId, Desk] = {}
        self._staff: Counter[QueueName] = Counter()
        self._retired: set[AgentId] = set()
        self._matching = matching
        self._timers = timers
        self._outbox = outbox
        self.freed: list[AgentId] = []
        self.unstaffed: list[QueueName] = []

    def __iter__(self) -> Iterator[Desk]:
        return iter(tuple(self._desks.values()))

    def get(self, agent: AgentId) -> Desk | None:
        """Return what is known of ``agent``."""
        return self._desks.get(agent)

    def staff(self, queue: QueueName) -> int:
        """Return how many agents of ``queue`` are logged in."""
        return self._staff[queue]

    def apply(self, event: AgentEvent, now: float) -> None:
        """Take in what an agent or a telephone did; an agent that is not known is counted."""
        desk = self._desks.get(event.agent)
        if desk is None:
            self._outbox.late("agent", event.agent, "unknown", type(event).__name__)
            return
        match event:
            case AgentLoggedIn():
                self._wish(desk, Wish(trigger=PresenceTrigger.LOG_IN), now)
                if event.ready:
                    self._wish(
                        self._desks[desk.agent], Wish(trigger=PresenceTrigger.GET_READY), now
                    )
            case AgentGotReady():
                self._wish(desk, Wish(trigger=PresenceTrigger.GET_READY), now)
            case AgentGotNotReady():
                wish = Wish(trigger=PresenceTrigger.GO_NOT_READY, reason=event.reason)
                self._wish(desk, wish, now)
            case AgentLoggedOut():
                self._wish(desk, Wish(trigger=PresenceTrigger.LOG_OUT), now)
            case WrapUpEnded():
                self._work(desk, WorkTrigger.END_WRAP_UP, now)
            case WrapUpExtended() | AgentForced():
                self._outbox.late("agent", event.agent, "unsupported", type(event).__name__)
            case OutsideCallBegan():
                self._work(desk, WorkTrigger.GO_OUTSIDE, now)
            case OutsideCallEnded():
                self._work(desk, WorkTrigger.COME_BACK, now)
            case PhoneAppeared():
                self._device(desk, DeviceTrigger.APPEAR)
            case PhoneVanished():
                self._device(desk, DeviceTrigger.VANISH)
            case PhoneSeized():
                self._device(desk, DeviceTrigger.SEIZE)
            case PhoneFreed():
                self._device(desk, DeviceTrigger.FREE)
            case _:
                assert_never(event)

    def _wish(self, desk: Desk, wish: Wish, now: float) -> None:
        if desk.work not in ENGAGED or not desk.logged_in:
            self._grant(desk, wish, now)
            return
        match wish.trigger:
            case PresenceTrigger.LOG_IN:
                kept = desk.pending if desk.pending != Wish(trigger=_LOG_OUT) else None
            case PresenceTrigger.GET_READY:
                kept = None if desk.presence is Presence.AVAILABLE else wish
            case PresenceTrigger.GO_NOT_READY | PresenceTrigger.LOG_OUT:
                kept = wish
            case _:
                assert_never(wish.trigger)
        self._store(replace(desk, pending=kept))

    def _grant(self, desk: Desk, wish: Wish, now: float) -> None:
        presence = self._outbox.move(PRESENCE, desk.agent, desk.presence, wish.trigger)
        if isinstance(presence, Late):
            return
        arrives = presence is Presence.AVAILABLE and desk.presence is not Presence.AVAILABLE
        desk = replace(
            desk,
            presence=presence,
            reason=wish.reason,
            presence_since=desk.presence_since if presence is desk.presence else now,
            idle_since=now if arrives else desk.idle_since,
        )
        self._store(desk)
        if wish.trigger is PresenceTrigger.GET_READY or wish.trigger is PresenceTrigger.LOG_OUT:
            self._rested(desk)
            self._be_idle(desk.agent, now)

    def _be_idle(self, agent: AgentId, now: float) -> None:
        """End what only follows a call: who asks to be ready, or goes, is done with it."""
        desk = self._desks[agent]
        if desk.work is Work.ACW:
            self._work(desk, WorkTrigger.END_WRAP_UP, now)
        elif desk.work is Work.NOT_RESPONDING:
            self._work(desk, WorkTrigger.RETURN, now)

    def _work(self, desk: Desk, trigger: WorkTrigger, now: float) -> bool:
        work = self._outbox.move(WORK, desk.agent, desk.work, trigger)
        if isinstance(work, Late):
            return False
        if desk.work is Work.ACW:
            self._timers.stop(TimerKind.WRAP_UP, desk.agent)
        changes = replace(desk, work=work, work_since=now)
        if trigger in _BEGIN_IDLING:
            changes = replace(changes, idle_since=now, misses=0)
        self._store(changes)
        return True

    def _device(self, desk: Desk, trigger: DeviceTrigger) -> None:
        device = self._outbox.move(DEVICE, desk.agent, desk.device, trigger)
        if not isinstance(device, Late):
            self._store(replace(desk, device=device))

    def _rested(self, desk: Desk) -> None:
        self._timers.stop(TimerKind.COOL_OFF, desk.agent)
        self._store(replace(self._desks[desk.agent], cooling=False))

    # What offers and conversations make of agents.

    def reserve(self, agent: AgentId, reservation: ReservationId, now: float) -> None:
        """Keep ``agent`` for one contact."""
        desk = self._desks[agent]
        self._work(replace(desk, reservation=reservation), WorkTrigger.RESERVE, now)

    def engage(self, agent: AgentId, trigger: WorkTrigger, now: float) -> bool:
        """Move the work of an engaged agent: ringing, answered, hold; False when it was late."""
        desk = self._desks[agent]
        if trigger is WorkTrigger.ANSWER:
            desk = replace(desk, misses=0)
        return self._work(desk, trigger, now)

    def let_go(
        self, agent: AgentId, outcome: OfferOutcome, *, rules: OfferRules, now: float
    ) -> None:
        """Free an agent of an offer, or a joining, that came to nothing, and let the agent rest."""
        desk = self._desks[agent]
        missed = outcome is OfferOutcome.TIMEOUT
        misses = desk.misses + missed
        missed_out = missed and misses >= rules.misses_allowed
        rest_s = 0.0 if missed_out else rules.cool_off_s(outcome)
        if rest_s > 0:
            self._timers.start(TimerKind.COOL_OFF, agent, now + rest_s)
        desk = replace(
            desk,
            misses=misses,
            cooling=rest_s > 0,
            idle_since=now if outcome in MISSED else desk.idle_since,
        )
        self._disengage(desk, WorkTrigger.MISS_OUT if missed_out else WorkTrigger.LET_GO, now)

    def finish(self, agent: AgentId, wrap_up_s: float, now: float) -> None:
        """End an agent's conversation; after-call work follows unless the agent is to go."""
        desk = self._desks[agent]
        wish = desk.pending.trigger if desk.pending is not None else None
        if wrap_up_s <= 0 or wish is _LOG_OUT or not desk.logged_in:
            self._disengage(desk, WorkTrigger.FINISH, now)
            return
        self._timers.start(TimerKind.WRAP_UP, agent, now + wrap_up_s)
        self._disengage(desk, WorkTrigger.WRAP_UP, now)

    def _disengage(self, desk: Desk, trigger: WorkTrigger, now: float) -> None:
        wish = desk.pending
        # The wish takes effect in the same step as the freedom, so that no offer comes between.
        self._work(replace(desk, reservation=None), trigger, now)
        if wish is not None:
            self._store(replace(self._desks[desk.agent], pending=None))
            self._grant(self._desks[desk.agent], wish, now)

    def adopt(self, agent: AgentId, reservation: ReservationId, now: float) -> None:
        """Find ``agent`` in a conversation, which proves that the agent is there."""
        desk = self._desks[agent]
        if not desk.logged_in and not desk.retired:
            self._grant(desk, Wish(trigger=PresenceTrigger.LOG_IN), now)
            self._grant(self._desks[agent], Wish(trigger=PresenceTrigger.GET_READY), now)
        self._rested(desk)
        self._work(replace(self._desks[agent], reservation=reservation), WorkTrigger.ADOPT, now)

    def end_wrap_up(self, agent: AgentId, now: float) -> None:
        """Take the end of the after-call work's time."""
        self._work(self._desks[agent], WorkTrigger.END_WRAP_UP, now)

    def end_cool_off(self, agent: AgentId) -> None:
        """Take the end of an agent's rest."""
        self._rested(self._desks[agent])

    def forget_phones(self, now: float) -> None:
        """Forget which telephones were in calls of their own: after a restart nobody knows."""
        for desk in self:
            if desk.device is Device.BUSY_ELSEWHERE:
                self._device(desk, DeviceTrigger.FREE)
            if desk.work is Work.EXTERNAL:
                self._work(self._desks[desk.agent], WorkTrigger.COME_BACK, now)

    # Who is configured.

    def configure(self, agents: tuple[Agent, ...], now: float) -> None:
        """Take these for all agents; who is no longer among them goes as soon as free."""
        for agent in agents:
            queues = agent.queues | {personal_queue(agent.id)}
            known = self._desks.get(agent.id)
            if known is None:
                self._store(Desk(agent=agent.id, queues=queues))
            elif known.queues != queues or known.retired:
                self._store(replace(known, queues=queues, retired=False))
        configured = {agent.id for agent in agents}
        for desk in self:
            if desk.agent not in configured:
                self._retire(desk, now)

    def _retire(self, desk: Desk, now: float) -> None:
        desk = replace(desk, retired=True)
        self._retired.add(desk.agent)
        self._store(desk)
        if desk.logged_in:
            self._wish(desk, Wish(trigger=PresenceTrigger.LOG_OUT), now)

    def need(self, agent: AgentId) -> Desk:
        """Return ``agent``, who is made known as retired if nobody configured such an agent."""
        if agent not in self._desks:
            self.restore(Desk(agent=agent, queues=frozenset(), retired=True))
        return self._desks[agent]

    def restore(self, desk: Desk) -> None:
        """Take up an agent from a snapshot."""
        if desk.retired:
            self._retired.add(desk.agent)
        self._store(desk)

    def _store(self, desk: Desk) -> None:
        """Keep an agent's record, and staffing and indexes true to it."""
        known = self._desks.get(desk.agent)
        self._desks[desk.agent] = desk
        self._count_staff(known, desk)
        if desk.offerable:
            if (
                not self._matching.is_free(desk.agent)
                or known is None
                or known.queues != desk.queues
            ):
                self.freed.append(desk.agent)
            self._matching.seat(desk.agent, desk.idle_since, desk.queues)
        else:
            self._matching.unseat(desk.agent)

    def sweep(self) -> None:
        """Forget retired agents who are free; called when an event has been taken in whole."""
        for agent in tuple(self._retired):
            desk = self._desks[agent]
            if not desk.retired:
                self._retired.remove(agent)
            elif not desk.logged_in and desk.work not in ENGAGED:
                self._retired.remove(agent)
                del self._desks[agent]

    def _count_staff(self, before: Desk | None, after: Desk) -> None:
        same_presence = before is not None and before.logged_in == after.logged_in
        if before is not None and same_presence and before.queues is after.queues:
            return
        present = after.queues if after.logged_in else frozenset()
        was_present = before.queues if before is not None and before.logged_in else frozenset()
        for queue in present - was_present:
            self._staff[queue] += 1
        for queue in sorted(was_present - present):
            self._staff[queue] -= 1
            if self._staff[queue] == 0:
                self.unstaffed.append(queue)
