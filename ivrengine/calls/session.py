"""One call from admission to its end: one inbox, one task scope, one flow.

The caller's hang-up cancels whatever the call is doing; service actions under way are allowed to
finish, each within its own deadline, because the caller may have been promised their result.
"""

import asyncio
from collections.abc import Sequence

import structlog

from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.fact import Side
from ivrengine.calls.facts import CallAnswered, CallEnded, CallResumed
from ivrengine.calls.patience import attempt, insist
from ivrengine.calls.performer import Performer, PerformerEvent, VisitTold
from ivrengine.calls.resuming import Resumption
from ivrengine.calls.visit import Visit
from ivrengine.calls.visit_news import Answer, EnterMenu, Phase
from ivrengine.calls.visit_resumed import ResumedVisit
from ivrengine.errors import FlowError, LegGone, SwitchOverloaded, TelephonyError
from ivrengine.flow.effects import Act, Effect, Seek, Value
from ivrengine.flow.inputs import Input, Joined, KeyPressed, Recorded, SeekEnded
from ivrengine.flow.stepper import FlowState
from ivrengine.telephony import (
    DigitPressed,
    HangUpCause,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegEvent,
    LegHeld,
    LegRetrieved,
    LegRinging,
    PlaybackFinished,
    PlaybackStarted,
    RecordingFinished,
)
from ivrengine.values import Language

log = structlog.get_logger(__name__)

WAITING_KEYS = 512
"""Events that may wait for one call before further keys are dropped.

All other events answer to orders of ours, so there are never many of them.
"""

Told = Input | EnterMenu
"""What the flow is told, or where the caller goes instead."""

TOPIC = "topic"
"""Argument of the flow of called customers: the queue in which they had waited."""

END_WITHIN_S = 5.0
"""How long after our own hang-up the leg's end is waited for, and what is left is cleared up."""


class CallSession:
    """Serves one caller; :meth:`run` returns when the call is over and nothing of it is left."""

    def __init__(
        self, context: CallContext, parts: CallParts, resumption: Resumption | None = None
    ) -> None:
        self.context = context
        self._parts = parts
        self._resumption = resumption
        self._inbox: asyncio.Queue[LegEvent | PerformerEvent] = asyncio.Queue()
        self._gone: asyncio.Future[LegEnded] = asyncio.get_running_loop().create_future()
        self._stepper = parts.stepper()
        self._state: FlowState | None = None
        self._undone: list[Effect] = []
        self._met_person = resumption is not None and resumption.met_person
        language = resumption.language if resumption else context.language or Language.MANDARIN
        self.performer = Performer(
            context,
            parts,
            self._inbox.put_nowait,
            language=language,
            kept=resumption.kept if resumption else (),
            promise=resumption.promise if resumption and resumption.visit else None,
        )

    def file(self, event: LegEvent) -> None:
        """Take in one event of the caller's leg."""
        match event:
            case LegEnded():
                if not self._gone.done():
                    self._gone.set_result(event)
            case DigitPressed() if self._inbox.qsize() >= WAITING_KEYS:
                self._parts.event_dropped()
                log.warning("key_dropped", waiting=self._inbox.qsize())
            case _:
                self._inbox.put_nowait(event)

    @property
    def visit(self) -> Visit | None:
        """The visit to the agents that is under way."""
        visit = self.performer.visit
        return None if visit is None or visit.phase is Phase.OVER else visit

    def stage(self) -> str:
        """Return in one word what the caller is doing: in the menus, waiting, talking."""
        visit = self.visit
        if visit is None:
            return "menus"
        return "talking" if visit.phase is Phase.TALKING else "waiting"

    async def run(self) -> None:
        """Serve the call until the caller's leg is gone.

        Cancelled from outside, it leaves the leg as it is: calls outlive this program.
        """
        structlog.contextvars.bind_contextvars(call=self.context.call)
        async with asyncio.TaskGroup() as scope:
            life = scope.create_task(self._live(scope))
            try:
                ended = await self._gone
            finally:
                self.performer.stop_timers()
            over_at, stage = self._parts.clock.now(), self.stage()
            life.cancel()
            await asyncio.wait([life])
            await self._clear_up(scope)
        self._note_end(ended, stage, over_at)

    async def _live(self, scope: asyncio.TaskGroup) -> None:
        cause = HangUpCause.FAILED
        try:
            await self._begin(scope)
            while True:
                await self._serve(await self._inbox.get(), scope)
        except LegGone as fault:
            log.debug("leg_gone", fault=str(fault))
        except SwitchOverloaded as fault:
            log.warning("caller_turned_away", fault=str(fault))
            cause = HangUpCause.CONGESTION
        except TelephonyError as fault:
            log.error("call_cannot_go_on", fault=str(fault))
        except Exception:
            log.exception("call_failed")
        await self._end_leg(cause)

    async def _begin(self, scope: asyncio.TaskGroup) -> None:
        if self._resumption is None:
            if self.context.reserved is None:
                await self._answer()
            self._note_answered()
            if self.context.language is not None:
                self.performer.speak(self.context.language)
            effects = self._enter_flow(None)
        else:
            effects = await self._resume(self._resumption)
        await self._tell_flow(await self._carry_out(effects, scope), scope)

    async def _answer(self) -> None:
        async with self._parts.setting_up.turn(self.context.standing.caller_class):
            await insist(self._parts.switch.lift_guard, self.context.leg)
            await insist(self._parts.switch.answer, self.context.leg)

    def _note_answered(self) -> None:
        now = self._parts.clock.now()
        setup_s = round(now - self.context.arrived_at, 4)
        self._parts.journal.note(CallAnswered(call=self.context.call, at=now, setup_s=setup_s))

    async def _resume(self, resumption: Resumption) -> Sequence[Effect]:
        self._parts.journal.note(
            CallResumed(call=self.context.call, at=self._parts.clock.now(), stage=resumption.stage)
        )
        effects = self._enter_flow(resumption)
        if resumption.visit is None:
            return effects
        if any(isinstance(effect, Seek) for effect in effects):
            self.performer.resumed = resumption.visit
        else:
            await self._outlast(resumption.visit)
        return effects

    def _enter_flow(self, resumption: Resumption | None) -> Sequence[Effect]:
        if resumption is None or resumption.checkpoint is None:
            self._state, effects = self._begin_flow()
        else:
            self._state, effects = self._stepper.resume(
                resumption.checkpoint,
                seeking=resumption.visit is not None,
                caller=self.context.caller.digits,
            )
        return effects

    def _begin_flow(self) -> tuple[FlowState, Sequence[Effect]]:
        """Begin at the call's own flow; a customer whom we called is told by which queue."""
        reserved, caller = self.context.reserved, self.context.caller.digits
        given: dict[str, Value] = {} if reserved is None else {TOPIC: reserved.queue}
        language = self.performer.player.language
        return self._stepper.begin(self.context.flow, language, given, caller=caller)

    async def _outlast(self, resumed: ResumedVisit) -> None:
        """Go on after a visit whose node is no longer in the flows: to its end nothing is keyed."""
        order = Seek(generation=0, queue=resumed.queue, agent=resumed.talk.agent)
        answer = await self.performer.seek(order, resumed)
        while not isinstance(answer, SeekEnded):
            self._met_person = self._met_person or isinstance(answer, Joined)
            answer = await self._read(await self._inbox.get())

    async def _serve(self, event: LegEvent | PerformerEvent, scope: asyncio.TaskGroup) -> None:
        answer = await self._read(event)
        if answer is not None:
            await self._tell_flow([answer], scope)
        self.performer.player.key_served()

    async def _read(self, event: LegEvent | PerformerEvent) -> Answer:
        """Take in an event; the answer is what the flow is to know of it."""
        performer = self.performer
        match event:
            case DigitPressed(digit=digit, at=at):
                performer.player.key_pressed(at)
                return KeyPressed(key=digit)
            case PlaybackStarted():
                performer.player.started(event)
            case PlaybackFinished(playback=playback):
                visit = self.visit
                if visit is not None and visit.introduces(playback):
                    return await visit.introduced(event)
                return await performer.player.finished(event)
            case RecordingFinished():
                return performer.recorder.finished(event)
            case VisitTold(visit=visit, news=news):
                if visit is performer.visit:
                    return await visit.take(news)
            case (
                LegArrived()
                | LegRinging()
                | LegAnswered()
                | LegEnded()
                | LegHeld()
                | LegRetrieved()
            ):
                log.debug("event_of_no_use", kind=type(event).__name__)
            case _:
                return event
        return None

    async def _tell_flow(self, given: list[Told], scope: asyncio.TaskGroup) -> None:
        """Give the flow its inputs, and the answers that come at once of what it orders."""
        while given and self._state is not None:
            told = given.pop(0)
            self._met_person = self._met_person or isinstance(told, Joined)
            if isinstance(told, EnterMenu):
                self._state, effects = self._enter_menu(told.flow)
            else:
                self._state, effects = self._stepper.step(self._state, told)
            given.extend(await self._carry_out(effects, scope))

    def _enter_menu(self, flow: str) -> tuple[FlowState, Sequence[Effect]]:
        """Begin at a flow to which an agent sent the caller, at the main menu if there is none."""
        language, caller = self.performer.player.language, self.context.caller.digits
        try:
            if flow:
                return self._stepper.begin(flow, language, {}, caller=caller)
        except FlowError as fault:
            log.error("menu_not_entered", flow=flow, fault=str(fault))
        return self._stepper.at_main_menu(language, caller=caller)

    async def _carry_out(self, effects: Sequence[Effect], scope: asyncio.TaskGroup) -> list[Told]:
        answers: list[Told] = []
        self._undone = list(effects)
        while self._undone:
            answer = await self.performer.perform(self._undone.pop(0), scope)
            if answer is not None:
                answers.append(answer)
        if self.performer.hung_up:
            await self._end_leg(HangUpCause.NORMAL)
        return answers

    async def _end_leg(self, cause: HangUpCause) -> None:
        """Hang up and wait for the leg's end, which cancels this; without one, give it up."""
        for _ in range(2):
            await attempt(self._parts.switch.hang_up, self.context.leg, cause)
            await asyncio.sleep(END_WITHIN_S)
        log.error("leg_end_not_seen", leg=self.context.leg)
        now = self._parts.clock.now()
        self.file(LegEnded(leg=self.context.leg, cause=cause, by_far_end=False, at=now))

    async def _clear_up(self, scope: asyncio.TaskGroup) -> None:
        try:
            await self._wind_up()
            await self._keep_what_was_said(scope)
        except Exception:
            # The books are closed whatever goes wrong here.
            log.exception("clearing_up_failed")

    async def _wind_up(self) -> None:
        try:
            async with asyncio.timeout(END_WITHIN_S):
                await self.performer.wind_up()
        except TimeoutError:
            # What is left then is found when state is next reconciled.
            log.warning("winding_up_took_too_long")

    async def _keep_what_was_said(self, scope: asyncio.TaskGroup) -> None:
        """Ask services for what the flow had decided, and for what a hang-up here means to it."""
        for effect in self._undone:
            if isinstance(effect, Act):
                self.performer.act(effect, scope)
        recorded = await self._last_recording()
        if self._state is not None:
            for order in self._stepper.hang_up(self._state, recorded):
                self.performer.act(order, scope)

    async def _last_recording(self) -> Recorded | None:
        """Return the recording that the hang-up ended; the softswitch closes it by itself."""
        recorder = self.performer.recorder
        try:
            async with asyncio.timeout(END_WITHIN_S):
                while recorder.is_running:
                    event = await self._inbox.get()
                    if isinstance(event, RecordingFinished) and (last := recorder.finished(event)):
                        return last
        except TimeoutError:
            log.warning("recording_not_closed")
        return None

    def _note_end(self, ended: LegEnded, stage: str, over_at: float) -> None:
        by: Side = "caller" if ended.by_far_end else "system"
        self._parts.journal.note(
            CallEnded(
                call=self.context.call,
                at=over_at,
                by=by,
                cause=ended.cause,
                outcome=self._outcome(ended, stage),
                duration_s=round(over_at - self.context.arrived_at, 3),
            )
        )

    def _outcome(self, ended: LegEnded, stage: str) -> str:
        if ended.cause is HangUpCause.FAILED and not ended.by_far_end:
            return "failed"
        if ended.cause is HangUpCause.CONGESTION and not ended.by_far_end:
            return "overload"
        if self._met_person or stage == "talking":
            return "answered"
        return "abandoned" if stage == "waiting" else "completed"
