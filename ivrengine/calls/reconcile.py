"""After every (re)connection: make what is served here and what the softswitch has agree again.

Legs of ours that nobody serves are taken up from the journal, or released; sessions whose leg is
gone are ended; bridges that nobody uses are removed. Nothing leaks, and nobody is dropped who could
be served.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import structlog

from acd.trunks import Lines
from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.exchange import Exchange
from ivrengine.calls.facts import CallAdmitted, CallEnded, Timeline
from ivrengine.calls.ids import CallIds
from ivrengine.calls.resuming import admission, resumption, was_answered
from ivrengine.calls.routes import Routes
from ivrengine.errors import TelephonyError
from ivrengine.telephony import (
    HangUpCause,
    LegArrived,
    LegEnded,
    LegId,
    LegRole,
    LiveBridge,
    LiveLeg,
    SwitchConnected,
)
from ivrengine.values import PhoneNumber

log = structlog.get_logger(__name__)


class AgentLegs(Protocol):
    """Knows which of the legs that we dialled are still wanted."""

    def keeps(self, leg: LegId) -> bool:
        """Tell whether an agent's leg belongs to an offer or a conversation that goes on."""
        ...

    def reconcile(self, live: frozenset[LegId]) -> None:
        """Learn which legs exist, after events may have been lost."""
        ...


class Reconciler:
    """Brings exchange, agents and softswitch into agreement.

    Args:
        exchange: serves the calls.
        parts: what every call uses.
        routes: which flow answers which number.
        lines: the lines of the trunk groups.
        agent_legs: knows the legs of offers and conversations.
        run: tells this run of the engine from others in the ids of resumed calls.

    Attributes:
        done: whether what was found at the first connection has been dealt with.
    """

    def __init__(
        self,
        exchange: Exchange,
        parts: CallParts,
        routes: Routes,
        lines: Lines,
        *,
        agent_legs: AgentLegs,
        run: str,
    ) -> None:
        self._exchange = exchange
        self._parts = parts
        self._routes = routes
        self._lines = lines
        self._agent_legs = agent_legs
        self._run = run
        self.done = False
        self._unfinished: dict[LegId, Timeline] = {}

    def remember(self, unfinished: Sequence[Timeline]) -> None:
        """Learn which calls were up when the engine last died."""
        for timeline in unfinished:
            admitted = admission(timeline)
            if admitted is not None:
                self._unfinished[LegId(admitted.leg)] = timeline

    async def __call__(self, connected: SwitchConnected) -> None:
        """Reconcile; a softswitch that does not answer is left for the next connection."""
        switch = self._parts.switch
        try:
            legs = {live.leg: live for live in await switch.live_legs()}
            bridges = await switch.live_bridges()
        except TelephonyError as fault:
            log.error("reconcile_failed", fault=str(fault))
            return
        self._end_lost_sessions(legs, switch_lost=connected.restarted)
        resumed = self._take_up(legs)
        self._agent_legs.reconcile(frozenset(legs))
        self._bury_unfinished()
        strays = [leg for leg, live in legs.items() if self._is_stray(live)]
        for leg in strays:
            await self._exchange.release(leg)
        self.done = True
        log.info(
            "reconciled",
            live=len(legs),
            resumed=resumed,
            released=len(strays),
            bridges_removed=await self._remove_unused(bridges),
            switch_restarted=connected.restarted,
        )

    def _end_lost_sessions(self, legs: Mapping[LegId, LiveLeg], *, switch_lost: bool) -> None:
        cause = HangUpCause.FAILED if switch_lost else HangUpCause.NORMAL
        now = self._parts.clock.now()
        for leg, session in tuple(self._exchange.sessions.items()):
            if leg not in legs:
                session.file(LegEnded(leg=leg, cause=cause, by_far_end=not switch_lost, at=now))

    def _take_up(self, legs: Mapping[LegId, LiveLeg]) -> int:
        count = 0
        for leg, live in legs.items():
            if live.role is not LegRole.CALLER or leg in self._parts.legs:
                continue
            timeline = self._unfinished.pop(leg, None)
            admitted = admission(timeline) if timeline else None
            if timeline is None or admitted is None:
                self._exchange.accept(_as_arrival(live, self._parts.clock.now()))
            else:
                self._resume(leg, timeline, admitted)
                count += 1
        return count

    def _resume(self, leg: LegId, timeline: Timeline, admitted: CallAdmitted) -> None:
        self._lines.seize(timeline.call, admitted.trunk, admitted.caller_class)
        context = CallContext(
            call=timeline.call,
            leg=leg,
            caller=PhoneNumber(admitted.caller),
            dialled=admitted.dialled,
            trunk=admitted.trunk,
            caller_class=admitted.caller_class,
            flow=self._routes.flow_for(admitted.dialled) or "",
            arrived_at=admitted.at,
            ids=CallIds(timeline.call, run=f"-{self._run}"),
        )
        going_on = resumption(timeline) if was_answered(timeline) else None
        self._exchange.open(context, going_on)

    def _bury_unfinished(self) -> None:
        now = self._parts.clock.now()
        for timeline in self._unfinished.values():
            self._parts.journal.note(
                CallEnded(
                    call=timeline.call,
                    at=now,
                    by="system",
                    cause="ended-while-engine-away",
                    outcome="failed",
                    duration_s=round(now - timeline.facts[0].at, 3),
                )
            )
        self._unfinished.clear()

    def _is_stray(self, live: LiveLeg) -> bool:
        if live.leg in self._parts.legs or self._agent_legs.keeps(live.leg):
            return False
        return live.role is not LegRole.CALLER

    async def _remove_unused(self, bridges: Sequence[LiveBridge]) -> int:
        removed = 0
        for bridge in bridges:
            if any(leg in self._parts.legs for leg in bridge.legs):
                continue
            try:
                await self._parts.switch.destroy_bridge(bridge.bridge)
                removed += 1
            except TelephonyError as fault:
                log.warning("bridge_not_removed", bridge=bridge.bridge, fault=str(fault))
        return removed


def _as_arrival(live: LiveLeg, now: float) -> LegArrived:
    return LegArrived(
        leg=live.leg,
        role=live.role,
        caller=live.caller,
        dialled=live.dialled,
        trunk=live.trunk,
        agent=live.agent,
        at=now,
    )
