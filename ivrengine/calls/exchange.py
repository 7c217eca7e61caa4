"""Where every event of the softswitch arrives: it accepts calls and hands legs to their sessions.

All sessions live in one task scope, and a fault of one never reaches another. What happens after
a (re)connection stands in ``reconcile``.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from ivrengine.calls.context import CallContext, CallParts, Standing
from ivrengine.calls.facts import CallAdmitted, RecordingKept
from ivrengine.calls.ids import CallIds, call_of, new_call_id
from ivrengine.calls.line_rules import Refusal
from ivrengine.calls.missed_keys import MissedKeys
from ivrengine.calls.patience import attempt
from ivrengine.calls.resuming import Resumption
from ivrengine.calls.routes import Routes
from ivrengine.calls.scope import Scope
from ivrengine.calls.session import CallSession
from ivrengine.calls.turning_away import TurnedAway
from ivrengine.services.callers import CallerProfile
from ivrengine.telephony import (
    DigitPressed,
    HangUpCause,
    LegArrived,
    LegEvent,
    LegId,
    LegRole,
    RecordingFinished,
    SwitchConnected,
    SwitchEvent,
    SwitchLost,
)
from ivrengine.values import CallId, PhoneNumber

log = structlog.get_logger(__name__)

UNKNOWN_NUMBER = Refusal(cause=HangUpCause.UNKNOWN_NUMBER)


class AgentPhones(Protocol):
    """Serves what agents dial from their own telephones."""

    async def serve(self, arrived: LegArrived) -> None:
        """Serve one such leg until it is gone; must not raise for what telephones normally do."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCall:
    """A call that is up, for the console."""

    call: CallId
    caller: PhoneNumber
    dialled: str
    trunk: str
    caller_class: str
    language: str
    stage: str
    queue: str
    agent: str
    since: float


class Exchange:
    """Accepts, serves and accounts for all calls.

    Args:
        parts: what every call uses.
        routes: which flow answers which number.
        agent_phones: serves what agents dial.
    """

    def __init__(
        self,
        parts: CallParts,
        routes: Routes,
        *,
        agent_phones: AgentPhones,
    ) -> None:
        self._parts = parts
        self._routes = routes
        self._agent_phones = agent_phones
        self._sessions: dict[LegId, CallSession] = {}
        self._scope = Scope()
        self._missed = MissedKeys()
        self._on_connected: Callable[[SwitchConnected], Awaitable[None]] | None = None

    def when_connected(self, reconcile: Callable[[SwitchConnected], Awaitable[None]]) -> None:
        """Run ``reconcile`` after every (re)connection."""
        self._on_connected = reconcile

    async def serve(self) -> None:
        """Serve calls until cancelled; live calls are left to the softswitch then."""
        await self._scope.serve()

    def file(self, event: SwitchEvent) -> None:
        """Take in one event; this is the softswitch's sink."""
        match event:
            case SwitchLost():
                log.warning("switch_lost", live_calls=len(self._sessions))
            case SwitchConnected():
                self._scope.begin(self._connected(event), "reconcile")
            case LegArrived():
                self._arrived(event)
            case RecordingFinished(leg=leg) if not leg:
                self._note_conversation(event)
            case _ if self._parts.legs.file(event):
                pass
            case DigitPressed() if self._missed.take(event):
                pass
            case _:
                log.debug("event_of_unknown_leg", kind=type(event).__name__, leg=event.leg)

    @property
    def sessions(self) -> Mapping[LegId, CallSession]:
        """The calls that are served, by the caller's leg."""
        return self._sessions

    def live(self) -> Sequence[LiveCall]:
        """Return the calls that are up, oldest first."""
        return [_view(session) for session in self._sessions.values()]

    def _arrived(self, event: LegArrived) -> None:
        if event.leg in self._parts.legs:
            return
        match event.role:
            case LegRole.CALLER:
                self.accept(event)
            case LegRole.AGENT_PHONE:
                self._scope.begin(self._agent_phones.serve(event), f"agent-phone {event.leg}")
            case LegRole.ORDERED:
                self._scope.begin(self.release(event.leg), f"release {event.leg}")

    def accept(self, event: LegArrived) -> None:
        """Begin to serve a caller's leg, or refuse it."""
        now = self._parts.clock.now()
        call = new_call_id(now)
        admission = self._parts.admission
        profile = admission.presumed(event.caller)
        caller_class = profile.caller_class
        flow = self._routes.flow_for(event.dialled)
        if flow is None:
            self._refuse(
                TurnedAway(event, call, UNKNOWN_NUMBER, self._parts), profile, "unknown-number"
            )
        elif not (answer := admission.seize(call, event.trunk, caller_class)):
            refusal = admission.refusal(event.trunk, caller_class)
            self._refuse(TurnedAway(event, call, refusal, self._parts), profile, answer)
        else:
            context = CallContext(
                call=call,
                leg=event.leg,
                caller=event.caller,
                dialled=event.dialled,
                trunk=event.trunk,
                standing=Standing(profile=profile),
                flow=flow,
                arrived_at=now,
                ids=CallIds(call),
            )
            self._note_admitted(context)
            self.open(context, None)

    def _note_admitted(self, context: CallContext) -> None:
        self._parts.journal.note(
            CallAdmitted(
                call=context.call,
                at=context.arrived_at,
                leg=context.leg,
                caller=context.caller.digits,
                dialled=context.dialled,
                trunk=context.trunk,
                caller_class=context.standing.caller_class,
            )
        )

    def _refuse(self, turned_away: TurnedAway, caller: CallerProfile, reason: str) -> None:
        leg = turned_away.leg
        turned_away.note(caller, reason)
        self._parts.legs.claim(leg, turned_away.file)
        self._scope.begin(turned_away.run(), f"refuse {leg}")

    def open(self, context: CallContext, resumed: Resumption | None) -> None:
        """Serve a call whose line is taken, from its beginning or from where it had come."""
        session = self._session(context, resumed)
        if self._counts_missed_keys(resumed):
            for key in self._missed.of(context.leg):
                session.file(key)
        self._scope.begin(self._run_session(session), f"call {context.call}")

    def _counts_missed_keys(self, resumed: Resumption | None) -> bool:
        """Tell whether keys that nobody took can mean only one thing.

        Not the rest of an entry whose beginning died with the engine, nor what was keyed ahead to
        nodes that the caller has yet to come to again.
        """
        if resumed is None:
            return True
        reached = resumed.checkpoint
        return (
            resumed.is_undecided
            and reached is not None
            and self._parts.stepper().offers_choice(reached)
        )

    async def serve_customer(self, context: CallContext, *, missed: Sequence[LegEvent]) -> None:
        """Serve a customer whom we called and who has answered, until the call is over.

        ``missed`` is what happened on the leg since the answer.
        """
        session = self._session(context, None)
        for event in missed:
            session.file(event)
        await self._run_session(session)

    def _session(self, context: CallContext, resumed: Resumption | None) -> CallSession:
        session = CallSession(context, self._parts, resumed)
        self._sessions[context.leg] = session
        self._parts.legs.claim(context.leg, session.file)
        return session

    async def _run_session(self, session: CallSession) -> None:
        context = session.context
        try:
            await session.run()
        finally:
            self._parts.legs.release(context.leg)
            self._parts.admission.release(context.call)
            self._sessions.pop(context.leg, None)

    async def release(self, leg: LegId, cause: HangUpCause = HangUpCause.NORMAL) -> None:
        """Hang up a leg that nobody serves; a refusal to do so is logged."""
        await attempt(self._parts.switch.hang_up, leg, cause)

    async def _connected(self, event: SwitchConnected) -> None:
        if self._on_connected is not None:
            await self._on_connected(event)
        self._missed.forget()

    def _note_conversation(self, event: RecordingFinished) -> None:
        if event.failed:
            log.error("recording_failed", recording=event.recording)
            return
        self._parts.journal.note(
            RecordingKept(
                call=call_of(event.recording),
                at=self._parts.clock.now(),
                recording=event.recording,
                purpose="conversation",
                duration_s=event.duration_s,
            )
        )


def _view(session: CallSession) -> LiveCall:
    context, visit = session.context, session.visit
    return LiveCall(
        call=context.call,
        caller=context.caller,
        dialled=context.dialled,
        trunk=context.trunk,
        caller_class=context.standing.caller_class,
        language=session.performer.player.language,
        stage=session.stage(),
        queue=visit.queue if visit else "",
        agent=visit.agent if visit else "",
        since=context.arrived_at,
    )
