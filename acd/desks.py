"""The agents: their three machines, wishes that wait for the end of a call, rest, and staffing."""

from collections.abc import Iterator
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
from acd.headcount import Headcount
from acd.live_desk import LiveDesk
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
_W = WorkTrigger
_BEGIN_IDLING = frozenset({_W.FINISH, _W.END_WRAP_UP, _W.RETURN, _W.COME_BACK})
MISSED = frozenset({OfferOutcome.REJECTED, OfferOutcome.TIMEOUT})
"""Outcomes after which an agent goes to the end of the idle agents."""


class Desks:
    """Every agent that is configured, or still engaged.

    ``freed`` collects agents who became free, ``unstaffed`` queues whose last agent logged out, and
    ``turned`` agents who came or went or whose queues or skills are others, since the router
    last emptied them.

    Args:
        occupancy_window_s: the time after which work counts for a third (1/e) of its length.
    """

    def __init__(
        self,
        matching: Matching,
        timers: Timers,
        outbox: Outbox,
        *,
        occupancy_window_s: float = 1800.0,
    ) -> None:
        self._desks: dict[AgentId, LiveDesk] = {}
        self._values: dict[AgentId, Desk] = {}
        self._headcount = Headcount()
        self._retired: dict[AgentId, None] = {}
        self._matching = matching
        self._timers = timers
        self._outbox = outbox
        self._window_s = occupancy_window_s
        self.turns = 0
        self.freed: list[AgentId] = []
        self.unstaffed: list[QueueName] = []
        self.turned: list[AgentId] = []

    def __iter__(self) -> Iterator[Desk]:
        return iter([self._value(desk) for desk in self._desks.values()])

    def get(self, agent: AgentId) -> Desk | None:
        """Return what is known of ``agent``."""
        desk = self._desks.get(agent)
        return None if desk is None else self._value(desk)

    def _value(self, desk: LiveDesk) -> Desk:
        value = self._values.get(desk.agent)
        if value is None:
            value = self._values[desk.agent] = desk.value()
        return value

    def staff(self, queue: QueueName) -> int:
        """Return how many agents of ``queue`` are logged in."""
        return self._headcount.staff(queue)

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
                    self._wish(desk, Wish(trigger=PresenceTrigger.GET_READY), now)
            case AgentGotReady():
                self._wish(desk, Wish(trigger=PresenceTrigger.GET_READY), now)
            case AgentGotNotReady():
                wish = Wish(trigger=PresenceTrigger.GO_NOT_READY, reason=event.reason)
                self._wish(desk, wish, now)
            case AgentLoggedOut():
                self._wish(desk, Wish(trigger=PresenceTrigger.LOG_OUT), now)
            case AgentForced():
                self._force(desk, event, now)
            case WrapUpEnded():
                self._work(desk, WorkTrigger.END_WRAP_UP, now)
            case WrapUpExtended():
                self._extend_wrap_up(desk, event.extra_s)
            case OutsideCallBegan():
                self._work(desk, WorkTrigger.GO_OUTSIDE, now)
            case OutsideCallEnded():
                self._come_back(desk, event.wrap_up_s, now)
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

    # What agents and supervisors want.

    def _wish(self, desk: LiveDesk, wish: Wish, now: float) -> None:
        if desk.work not in ENGAGED or not desk.logged_in:
            self._grant(desk, wish, now)
            return
        match wish.trigger:
            case PresenceTrigger.LOG_IN:
                leaves = desk.pending is not None and desk.pending.trigger is _LOG_OUT
                desk.pending = None if leaves else desk.pending
            case PresenceTrigger.GET_READY:
                desk.pending = None if desk.presence is Presence.AVAILABLE else wish
            case PresenceTrigger.GO_NOT_READY | PresenceTrigger.LOG_OUT:
                desk.pending = wish
            case _:
                assert_never(wish.trigger)
        self._settle(desk)

    def _force(self, desk: LiveDesk, event: AgentForced, now: float) -> None:
        """Grant a supervisor's wish, which also ends what only follows a call."""
        wish = Wish(trigger=event.presence, reason=event.reason, by=event.by)
        self._wish(desk, wish, now)
        if desk.presence is not Presence.LOGGED_OUT:
            self._be_idle(desk, now)

    def _grant(self, desk: LiveDesk, wish: Wish, now: float) -> None:
        presence = self._outbox.move(PRESENCE, desk.agent, desk.presence, wish.trigger)
        if isinstance(presence, Late):
            return
        if presence is not desk.presence:
            desk.presence_since = now
            if desk.presence is Presence.LOGGED_OUT:
                desk.calls = 0
            if presence is Presence.AVAILABLE:
                desk.idle_since = now
        desk.presence = presence
        desk.reason = wish.reason
        desk.forced_by = wish.by
        self._settle(desk)
        if wish.trigger is PresenceTrigger.GET_READY or wish.trigger is _LOG_OUT:
            self._rested(desk)
            self._be_idle(desk, now)

    def _be_idle(self, desk: LiveDesk, now: float) -> None:
        """End what only follows a call: who asks to be ready, or goes, is done with it."""
        if desk.work is Work.ACW:
            self._work(desk, WorkTrigger.END_WRAP_UP, now)
        elif desk.work is Work.NOT_RESPONDING:
            self._work(desk, WorkTrigger.RETURN, now)

    def _come_back(self, desk: LiveDesk, wrap_up_s: float, now: float) -> None:
        """End a call of the agent's own, after which an agent who is there may have work to do."""
        if wrap_up_s <= 0 or desk.work is not Work.EXTERNAL or not desk.logged_in:
            self._work(desk, WorkTrigger.COME_BACK, now)
            return
        self._timers.start(TimerKind.WRAP_UP, desk.agent, now + wrap_up_s)
        self._work(desk, WorkTrigger.WRAP_UP, now)

    def _extend_wrap_up(self, desk: LiveDesk, extra_s: float) -> None:
        ends_at = self._timers.ends_at(TimerKind.WRAP_UP, desk.agent)
        if ends_at is None:
            self._outbox.late("work", desk.agent, desk.work, "WrapUpExtended")
        else:
            self._timers.start(TimerKind.WRAP_UP, desk.agent, ends_at + extra_s)

    def _work(self, desk: LiveDesk, trigger: WorkTrigger, now: float) -> bool:
        work = self._outbox.move(WORK, desk.agent, desk.work, trigger)
        if isinstance(work, Late):
            return False
        if desk.work is Work.ACW:
            self._timers.stop(TimerKind.WRAP_UP, desk.agent)
        desk.work_on(work, now, window_s=self._window_s)
        if trigger in _BEGIN_IDLING:
            desk.idle_since = now
            desk.misses = 0
        self._settle(desk)
        return True

    def _device(self, desk: LiveDesk, trigger: DeviceTrigger) -> None:
        device = self._outbox.move(DEVICE, desk.agent, desk.device, trigger)
        if not isinstance(device, Late):
            desk.device = device
            self._settle(desk)

    def _rested(self, desk: LiveDesk) -> None:
        if desk.cooling:
            self._timers.stop(TimerKind.COOL_OFF, desk.agent)
            desk.cooling = False
            self._settle(desk)

    # What offers and conversations make of agents.

    def reserve(self, agent: AgentId, reservation: ReservationId, now: float) -> None:
        """Keep ``agent`` for one contact."""
        desk = self._desks[agent]
        self.turns += 1
        desk.turn = self.turns
        desk.reservation = reservation
        self._work(desk, WorkTrigger.RESERVE, now)

    def engage(self, agent: AgentId, trigger: WorkTrigger, now: float) -> bool:
        """Move the work of an engaged agent: ringing, answered, hold; False when it was late."""
        desk = self._desks[agent]
        if trigger is WorkTrigger.ANSWER:
            desk.misses = 0
        return self._work(desk, trigger, now)

    def count_call(self, agent: AgentId) -> None:
        """Count a conversation that began."""
        desk = self._desks[agent]
        desk.calls += 1
        self._settle(desk)

    def let_go(
        self, agent: AgentId, outcome: OfferOutcome, *, rules: OfferRules, now: float
    ) -> None:
        """Free an agent of an offer, or a joining, that came to nothing, and let the agent rest."""
        desk = self._desks[agent]
        missed = outcome is OfferOutcome.TIMEOUT
        desk.misses += missed
        missed_out = missed and desk.misses >= rules.misses_allowed
        rest_s = 0.0 if missed_out else rules.cool_off_s(outcome)
        if rest_s > 0:
            self._timers.start(TimerKind.COOL_OFF, agent, now + rest_s)
            desk.cooling = True
        if outcome in MISSED:
            desk.idle_since = now
        self._disengage(desk, WorkTrigger.MISS_OUT if missed_out else WorkTrigger.LET_GO, now)

    def finish(self, agent: AgentId, wrap_up_s: float, now: float) -> None:
        """End an agent's conversation; after-call work follows unless the agent is to go."""
        desk = self._desks[agent]
        leaves = desk.pending is not None and desk.pending.trigger is _LOG_OUT
        if wrap_up_s <= 0 or leaves or not desk.logged_in:
            self._disengage(desk, WorkTrigger.FINISH, now)
            return
        self._timers.start(TimerKind.WRAP_UP, agent, now + wrap_up_s)
        self._disengage(desk, WorkTrigger.WRAP_UP, now)

    def _disengage(self, desk: LiveDesk, trigger: WorkTrigger, now: float) -> None:
        wish = desk.pending
        desk.reservation = None
        # The wish takes effect in the same step as the freedom, so that no offer comes between.
        self._work(desk, trigger, now)
        if wish is not None:
            desk.pending = None
            self._grant(desk, wish, now)
            self._settle(desk)

    def adopt(self, agent: AgentId, reservation: ReservationId, now: float) -> None:
        """Find ``agent`` in a conversation, which proves that the agent is there."""
        desk = self._desks[agent]
        if not desk.logged_in and not desk.retired:
            self._grant(desk, Wish(trigger=PresenceTrigger.LOG_IN), now)
            self._grant(desk, Wish(trigger=PresenceTrigger.GET_READY), now)
        self._rested(desk)
        desk.reservation = reservation
        desk.calls += 1
        self._work(desk, WorkTrigger.ADOPT, now)

    def end_wrap_up(self, agent: AgentId, now: float) -> None:
        """Take the end of the after-call work's time."""
        self._work(self._desks[agent], WorkTrigger.END_WRAP_UP, now)

    def end_cool_off(self, agent: AgentId) -> None:
        """Take the end of an agent's rest."""
        self._rested(self._desks[agent])

    def forget_phones(self, now: float) -> None:
        """Forget which telephones were in calls of their own: after a restart nobody knows."""
        for desk in self._desks.values():
            if desk.device is Device.BUSY_ELSEWHERE:
                self._device(desk, DeviceTrigger.FREE)
            if desk.work is Work.EXTERNAL:
                self._work(desk, WorkTrigger.COME_BACK, now)

    # Who is configured.

    def configure(self, agents: tuple[Agent, ...], now: float) -> None:
        """Take these for all agents; who is no longer among them goes as soon as free."""
        for agent in agents:
            self._configure(agent)
        configured = {agent.id for agent in agents}
        for desk in tuple(self._desks.values()):
            if desk.agent not in configured:
                self._retire(desk, now)
        self._matching.keep_profiles(desk.profile for desk in self._desks.values())

    def _configure(self, agent: Agent) -> None:
        queues = agent.queues | {personal_queue(agent.id)}
        desk = self._desks.get(agent.id)
        if desk is None:
            value = Desk(agent=agent.id, queues=queues, skills=agent.skills, site=agent.site)
            self.restore(value)
            return
        was = (desk.queues, desk.skills, desk.site, desk.retired)
        if was == (queues, agent.skills, agent.site, False):
            return
        desk.queues, desk.skills, desk.site, desk.retired = queues, agent.skills, agent.site, False
        desk.profile = self._matching.profile(agent.queues, agent.skills)
        if desk.logged_in:
            self.turned.append(desk.agent)
        self._settle(desk)

    def _retire(self, desk: LiveDesk, now: float) -> None:
        desk.retired = True
        self._retired[desk.agent] = None
        self._settle(desk)
        if desk.logged_in:
            self._wish(desk, Wish(trigger=PresenceTrigger.LOG_OUT), now)

    def need(self, agent: AgentId) -> Desk:
        """Return ``agent``, who is made known as retired if nobody configured such an agent."""
        if agent not in self._desks:
            self.restore(Desk(agent=agent, queues=frozenset(), retired=True))
        return self._value(self._desks[agent])

    def restore(self, value: Desk) -> None:
        """Take up an agent from a snapshot."""
        if value.retired:
            self._retired[value.agent] = None
        served = value.queues - {personal_queue(value.agent)}
        desk = LiveDesk(value, self._matching.profile(served, value.skills))
        self._desks[desk.agent] = desk
        self._settle(desk)

    def sweep(self) -> None:
        """Forget retired agents who are free; called when an event has been taken in whole."""
        for agent in tuple(self._retired):
            desk = self._desks[agent]
            if not desk.retired:
                del self._retired[agent]
            elif not desk.logged_in and desk.work not in ENGAGED:
                del self._retired[agent]
                del self._desks[agent]
                self._values.pop(agent, None)

    def _settle(self, desk: LiveDesk) -> None:
        """Make staffing, the indexes and the value that others see true to a changed record."""
        self._values.pop(desk.agent, None)
        present = desk.queues if desk.logged_in else None
        if not self._headcount.counts(desk.agent, present):
            self.turned.append(desk.agent)
            self.unstaffed += self._headcount.count(desk.agent, present)
        if not desk.offerable:
            self._matching.unseat(desk.agent)
        elif self._matching.seat(desk.agent, desk.seat(self._window_s)):
            self.freed.append(desk.agent)
