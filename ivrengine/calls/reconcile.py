"""After every (re)connection: make what is served here and what the softswitch has agree again.

Legs of ours that nobody serves are taken up from the journal, or released; sessions whose leg is
gone are ended; bridges that nobody uses are removed. Nothing leaks, and nobody is dropped who could
be served.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import structlog

from acd.model import ContactId
from ivrengine.agents.ports import WithdrawCause
from ivrengine.calls.context import CallContext, CallParts, Standing
from ivrengine.calls.exchange import Exchange
from ivrengine.calls.facts import (
    AnyFact,
    CallAdmitted,
    CallEnded,
    PersonLeft,
    PersonSought,
    SeekGivenUp,
    Timeline,
)
from ivrengine.calls.ids import CallIds, call_of
from ivrengine.calls.patience import RETRY_S, attempt
from ivrengine.calls.reserved import Reserved
from ivrengine.calls.resuming import (
    Resumption,
    admission,
    line_class,
    proved_profile,
    resumption,
    was_answered,
    without_gone,
)
from ivrengine.calls.routes import Routes
from ivrengine.calls.talk_facts import OutsideLeft
from ivrengine.errors import TelephonyError
from ivrengine.telephony import (
    BridgeId,
    HangUpCause,
    LegArrived,
    LegEnded,
    LegId,
    LegRole,
    LiveBridge,
    LiveLeg,
    SwitchConnected,
)
from ivrengine.values import CallId, PhoneNumber

log = structlog.get_logger(__name__)

AWAY = "ended-while-engine-away"
"""Cause of death of a call that was up when the engine died and gone when it was back."""

Live = Mapping[LegId, LiveLeg]


class AgentLegs(Protocol):
    """Knows which of the legs that we dialled are still wanted."""

    def keeps(self, leg: LegId) -> bool:
        """Tell whether an agent's leg belongs to an offer or a conversation that goes on."""
        ...

    def reconcile(self, live: frozenset[LegId]) -> None:
        """Learn which legs exist, after events may have been lost."""
        ...


class HouseCalls(Protocol):
    """Knows the calls that begin at telephones of the house."""

    def legs(self) -> frozenset[LegId]:
        """Return the legs that are served."""
        ...

    def made(self, timeline: Timeline) -> bool:
        """Tell whether a call is one that an agent made by hand."""
        ...

    def goes_on(self, timeline: Timeline, live: Collection[LegId]) -> bool:
        """Take up a call made by hand whose two sides still talk; False when they do not."""
        ...


class Reconciler:
    """Brings exchange, agents and softswitch into agreement.

    Args:
        exchange: serves the calls.
        parts: what every call uses.
        routes: which flow answers which number.
        agent_legs: knows the legs of offers and conversations.
        house: knows the calls that begin at telephones of the house.
        run: tells this run of the engine from others in the ids of resumed calls.

    Attributes:
        done: whether what was found at the first connection has been dealt with.
    """

    def __init__(
        self,
        exchange: Exchange,
        parts: CallParts,
        routes: Routes,
        *,
        agent_legs: AgentLegs,
        house: HouseCalls,
        run: str,
    ) -> None:
        self._exchange = exchange
        self._parts = parts
        self._routes = routes
        self._agent_legs = agent_legs
        self._house = house
        self._run = run
        self.done = False
        self._unfinished: dict[LegId, Timeline] = {}
        self._switch_restarted = False
        self._newest: SwitchConnected | None = None

    def remember(self, unfinished: Sequence[Timeline]) -> None:
        """Learn which calls were up when the engine last died."""
        for timeline in unfinished:
            admitted = admission(timeline)
            if admitted is not None:
                self._unfinished[LegId(admitted.leg)] = timeline

    async def __call__(self, connected: SwitchConnected) -> None:
        """Reconcile, as soon as the softswitch answers; a newer connection takes this over."""
        self._newest = connected
        self._switch_restarted = self._switch_restarted or connected.restarted
        while self._newest is connected:
            known, in_house = tuple(self._exchange.sessions), self._house.legs()
            try:
                legs = {live.leg: live for live in await self._parts.switch.live_legs()}
                bridges = await self._parts.switch.live_bridges()
            except TelephonyError as fault:
                log.error("reconcile_failed", fault=str(fault))
                await asyncio.sleep(RETRY_S)
                continue
            self._end_lost_legs(in_house - legs.keys())
            await self._agree(known, legs, bridges)
            return

    async def _agree(
        self, known: Sequence[LegId], legs: Live, bridges: Sequence[LiveBridge]
    ) -> None:
        """Deal with what was found; ``known`` are the calls served before the listing was made."""
        restarted, self._switch_restarted = self._switch_restarted, False
        self._end_lost_sessions(known, legs, switch_lost=restarted)
        resumed = self._take_up(legs)
        self._agent_legs.reconcile(frozenset(legs))
        buried = self._bury_unfinished()
        visits = [found.visit for found in resumed.values() if found and found.visit]
        wanted = {leg for visit in visits for leg in visit.legs}
        strays = [live for live in legs.values() if self._is_stray(live, wanted)]
        used = {bridge for visit in visits for bridge in visit.bridges}
        unused = [bridge.bridge for bridge in bridges if self._is_unused(bridge, used, buried)]
        for stray in strays:
            await self._exchange.release(stray.leg)
        for bridge in unused:
            await attempt(self._parts.switch.destroy_bridge, bridge)
        self.done = True
        log.info(
            "reconciled",
            live=len(legs),
            resumed=len(resumed),
            released=len(strays),
            bridges_removed=len(unused),
            switch_restarted=restarted,
        )

    def _end_lost_sessions(self, known: Iterable[LegId], legs: Live, *, switch_lost: bool) -> None:
        cause = HangUpCause.FAILED if switch_lost else HangUpCause.NORMAL
        now = self._parts.clock.now()
        for leg in known:
            session = self._exchange.sessions.get(leg)
            if session is not None and leg not in legs:
                session.file(LegEnded(leg=leg, cause=cause, by_far_end=not switch_lost, at=now))

    def _end_lost_legs(self, lost: Iterable[LegId]) -> None:
        """Tell of the end of legs whose end nobody reported."""
        now = self._parts.clock.now()
        for leg in lost:
            ended = LegEnded(leg=leg, cause=HangUpCause.FAILED, by_far_end=False, at=now)
            self._parts.legs.file(ended)

    def _take_up(self, legs: Live) -> dict[LegId, Resumption | None]:
        """Serve the callers whom nobody serves; return where the known ones go on."""
        resumed: dict[LegId, Resumption | None] = {}
        for leg, live in legs.items():
            if leg in self._parts.legs:
                continue
            timeline = self._unfinished.get(leg)
            if timeline is not None and self._house.made(timeline):
                if self._house.goes_on(timeline, legs):
                    del self._unfinished[leg]
                continue
            admitted = admission(timeline) if timeline else None
            if admitted is not None and admitted.outgoing and not live.answered:
                # Nobody waits for that customer any more, who is called again in time.
                continue
            self._unfinished.pop(leg, None)
            if timeline is not None and admitted is not None:
                found = resumption(timeline) if was_answered(timeline) else None
                resumed[leg] = without_gone(found, legs) if found is not None else None
                self._resume(timeline, admitted, resumed[leg])
            elif live.role is LegRole.CALLER:
                self._exchange.accept(_as_arrival(live, self._parts.clock.now()))
        return resumed

    def _resume(
        self, timeline: Timeline, admitted: CallAdmitted, going_on: Resumption | None
    ) -> None:
        known_as = self._standing(timeline, admitted)
        self._parts.admission.adopt(admitted.call, admitted.trunk, known_as.caller_class)
        context = CallContext(
            call=admitted.call,
            leg=LegId(admitted.leg),
            caller=PhoneNumber(admitted.caller),
            dialled=admitted.dialled,
            trunk=admitted.trunk,
            standing=known_as,
            flow=admitted.flow or self._routes.flow_for(admitted.dialled) or "",
            arrived_at=admitted.at,
            ids=CallIds(admitted.call, run=f"-{self._run}"),
            reserved=_reserved(timeline, admitted),
        )
        self._exchange.open(context, going_on)

    def _standing(self, timeline: Timeline, admitted: CallAdmitted) -> Standing:
        """Return who the caller was taken for: the account that the line was on stays."""
        proved = proved_profile(timeline)
        if proved is not None:
            return Standing(profile=proved, is_proved=True)
        presumed = self._parts.admission.presumed(PhoneNumber(admitted.caller))
        return Standing(profile=replace(presumed, caller_class=line_class(admitted.caller_class)))

    def _bury_unfinished(self) -> set[CallId]:
        """Close the books of the calls that are not there any more; return which they are."""
        now = self._parts.clock.now()
        for timeline in self._unfinished.values():
            for fact in _last_words(timeline, now):
                self._parts.journal.note(fact)
            visit, admitted = resumption(timeline).visit, admission(timeline)
            if visit is not None:
                self._parts.room.withdraw(visit.talk.contact, WithdrawCause.CALLER_GONE)
            elif admitted is not None and admitted.contact:
                # A callback whose customer nobody rings any more: it is made anew.
                self._parts.room.not_claimed(ContactId(admitted.contact))
        buried = {timeline.call for timeline in self._unfinished.values()}
        self._unfinished.clear()
        return buried

    def _is_stray(self, live: LiveLeg, wanted: set[LegId]) -> bool:
        if live.leg in self._parts.legs or live.leg in wanted or self._agent_legs.keeps(live.leg):
            return False
        return live.role is not LegRole.CALLER

    def _is_unused(self, bridge: LiveBridge, used: set[BridgeId], buried: set[CallId]) -> bool:
        if call_of(bridge.bridge) in buried:
            return True
        sessions = self._exchange.sessions
        served = (session.visit for session in sessions.values())
        ours = {each for visit in served if visit is not None for each in visit.bridges}
        if bridge.bridge in used | ours:
            return False
        # Callers are in no other bridge than their visit's; other parts' legs may be.
        with_caller = any(leg in sessions for leg in bridge.legs)
        return with_caller or not any(leg in self._parts.legs for leg in bridge.legs)


def _reserved(timeline: Timeline, admitted: CallAdmitted) -> Reserved | None:
    """Return the place of a customer whom we had called, None once it was taken.

    No agent is on the line for it any more.
    """
    contact = ContactId(admitted.contact)
    sought = (fact for fact in timeline.facts if isinstance(fact, PersonSought))
    if not admitted.outgoing or any(fact.contact == contact for fact in sought):
        return None
    return Reserved(contact, admitted.queue, admitted.at, answered=None)


def _last_words(timeline: Timeline, now: float) -> Iterable[AnyFact]:
    """Yield the facts that close the books of a call whose end nobody saw."""
    visit = resumption(timeline).visit
    if visit is not None and visit.outside is not None:
        yield OutsideLeft(
            call=timeline.call,
            at=now,
            number=visit.outside.number,
            by="system",
            talked_s=round(now - visit.outside.at, 3),
        )
    elif visit is not None and visit.joined is not None:
        yield PersonLeft(
            call=timeline.call,
            at=now,
            contact=visit.talk.contact,
            agent=visit.talk.agent,
            by="system",
            talked_s=round(now - visit.joined.at, 3),
        )
    elif visit is not None and visit.is_sought:
        yield SeekGivenUp(
            call=timeline.call,
            at=now,
            contact=visit.talk.contact,
            outcome=AWAY,
            waited_s=round(now - visit.talk.since, 3),
        )
    yield CallEnded(
        call=timeline.call,
        at=now,
        by="system",
        cause=AWAY,
        outcome="failed",
        duration_s=round(now - timeline.facts[0].at, 3),
    )


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
