"""One call from admission to its end: one inbox, one task scope, one flow.

The caller's hang-up cancels whatever the call is doing; service actions under way are allowed to
finish, each within its own deadline, because the caller may have been promised their result.
"""

import asyncio
from collections.abc import Sequence

import structlog

from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.facts import CallAnswered, CallEnded, CallResumed, Side
from ivrengine.calls.performer import Performer, PerformerEvent, VisitTold
from ivrengine.calls.resuming import Resumption
from ivrengine.calls.visit import Phase
from ivrengine.errors import LegGone, SwitchUnavailable, TelephonyError
from ivrengine.flow.effects import Checkpoint, Effect, NoteCheckpoint
from ivrengine.flow.inputs import Input, KeyPressed
from ivrengine.flow.stepper import FlowState
from ivrengine.telephony import (
    DigitPressed,
    HangUpCause,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegEvent,
    LegRinging,
    PlaybackFinished,
    PlaybackStarted,
    RecordingFinished,
)
from ivrengine.values import Language

log = structlog.get_logger(__name__)

INBOX_EVENTS = 512
"""Events that may wait for one call; far more than a caller can press during one order."""

HANG_UP_DEADLINE_S = 5.0
"""How long after our own hang-up the leg's end is waited for."""

RETRY_S = 1.0
"""Pause before a call goes on after the softswitch did not answer."""


class CallSession:
    """Serves one caller; :meth:`run` returns when the call is over and nothing of it is left."""

    def __init__(
        self, context: CallContext, parts: CallParts, resumption: Resumption | None = None
    ) -> None:
        self.context = context
        self._parts = parts
        self._resumption = resumption
        self._inbox: asyncio.Queue[LegEvent | PerformerEvent] = asyncio.Queue(INBOX_EVENTS)
        self._gone: asyncio.Future[LegEnded] = asyncio.get_running_loop().create_future()
        self._stepper = parts.stepper()
        self._state: FlowState | None = None
        self._checkpoint: Checkpoint | None = None
        self._met_person = False
        self._stage_at_end = "menus"
        language = resumption.language if resumption else Language.MANDARIN
        self.performer = Performer(context, parts, self._file, language=language)

    def file(self, event: LegEvent) -> None:
        """Take in one event of the caller's leg."""
        if isinstance(event, LegEnded):
            if not self._gone.done():
                self._gone.set_result(event)
            return
        self._file(event)

    def stage(self) -> str:
        """Return in one word what the caller is doing: in the menus, waiting, talking."""
        visit = self.performer.visit
        if visit is None or visit.phase is Phase.OVER:
            return "menus"
        return "talking" if visit.phase is Phase.TALKING else "waiting"

    async def run(self) -> None:
        """Serve the call until the caller's leg is gone."""
        structlog.contextvars.bind_contextvars(call=self.context.call)
        ended = await self._serve()
        self._note_end(ended)

    async def _serve(self) -> LegEnded:
        """Live until the leg's end. Cancelled from outside, the caller's leg is left as it is."""
        async with asyncio.TaskGroup() as scope:
            life = scope.create_task(self._live(scope))
            ended = await self._gone
            self._stage_at_end = self.stage()
            life.cancel()
        await self._wind_up()
        return ended

    async def _live(self, scope: asyncio.TaskGroup) -> None:
        begun = False
        while True:
            try:
                if not begun:
                    await self._begin(scope)
                    begun = True
                await self._go_on(scope)
            except LegGone:
                await self._await_end()
            except SwitchUnavailable as fault:
                log.warning("switch_unavailable", fault=str(fault))
                await asyncio.sleep(RETRY_S)
                if begun:
                    await self._begin_again(scope)
            except TelephonyError as fault:
                log.error("call_cannot_go_on", fault=str(fault))
                await self._drop()
            except Exception:
                log.exception("call_failed")
                await self._drop()

    async def _begin(self, scope: asyncio.TaskGroup) -> None:
        switch, leg = self._parts.switch, self.context.leg
        await switch.lift_guard(leg)
        if self._resumption is None:
            await self._answer()
            self._state, effects = self._stepper.begin(
                self.context.flow, self.performer.player.language, {}
            )
        else:
            self._note_resumed(self._resumption)
            self.performer.resumed = self._resumption.visit
            self._state, effects = self._resume_at(self._resumption.checkpoint)
        await self._perform(effects, scope)

    async def _answer(self) -> None:
        await self._parts.switch.answer(self.context.leg)
        now = self._parts.clock.now()
        setup_s = round(now - self.context.arrived_at, 4)
        self._parts.journal.note(CallAnswered(call=self.context.call, at=now, setup_s=setup_s))

    async def _begin_again(self, scope: asyncio.TaskGroup) -> None:
        """Go back to the last checkpoint, an order having been lost on its way."""
        if self.stage() != "menus":
            return
        self._state, effects = self._resume_at(self._checkpoint)
        await self._perform(effects, scope)

    def _resume_at(
        self, checkpoint: Checkpoint | None
    ) -> tuple[FlowState, tuple[Effect, ...]]:
        language = self.performer.player.language
        if checkpoint is None:
            return self._stepper.begin(self.context.flow, language, {})
        return self._stepper.resume(checkpoint)

    async def _go_on(self, scope: asyncio.TaskGroup) -> None:
        while True:
            event = await self._inbox.get()
            answer = await self._take_in(event)
            if answer is not None:
                await self._tell_flow(answer, scope)

    async def _take_in(self, event: LegEvent | PerformerEvent) -> Input | None:
        performer = self.performer
        match event:
            case DigitPressed(digit=digit):
                performer.player.key_pressed()
                return KeyPressed(key=digit)
            case PlaybackStarted():
                performer.player.started(event)
            case PlaybackFinished(playback=playback):
                visit = performer.visit
                if visit is not None and visit.announces(playback):
                    return await self._met(await visit.announced())
                return await performer.player.finished(event)
            case RecordingFinished():
                return performer.recorder.finished(event)
            case VisitTold(visit=visit, event=told):
                if visit is performer.visit:
                    return await self._met(await visit.told(told))
            case LegArrived() | LegRinging() | LegAnswered() | LegEnded():
                log.debug("event_of_no_use", kind=type(event).__name__)
            case _:
                return event
        return None

    async def _met(self, answer: Input | None) -> Input | None:
        if self.stage() == "talking":
            self._met_person = True
        return answer

    async def _tell_flow(self, answer: Input, scope: asyncio.TaskGroup) -> None:
        pending: list[Input] = [answer]
        while pending and self._state is not None:
            self._state, effects = self._stepper.step(self._state, pending.pop(0))
            pending.extend(await self._carry_out(effects, scope))

    async def _perform(self, effects: Sequence[Effect], scope: asyncio.TaskGroup) -> None:
        for answer in await self._carry_out(effects, scope):
            await self._tell_flow(answer, scope)

    async def _carry_out(self, effects: Sequence[Effect], scope: asyncio.TaskGroup) -> list[Input]:
        answers = []
        for effect in effects:
            if isinstance(effect, NoteCheckpoint):
                self._checkpoint = effect.checkpoint
            answer = await self.performer.perform(effect, scope)
            if answer is not None:
                answers.append(answer)
        if self.performer.hung_up:
            await self._await_end()
        return answers

    async def _await_end(self) -> None:
        """Wait for the leg's end, which cancels this; without one the call is given up."""
        await asyncio.sleep(HANG_UP_DEADLINE_S)
        self._give_up()
        await asyncio.sleep(HANG_UP_DEADLINE_S)

    async def _drop(self) -> None:
        try:
            await self._parts.switch.hang_up(self.context.leg, HangUpCause.FAILED)
        except TelephonyError as fault:
            log.warning("hang_up_failed", fault=str(fault))
        await self._await_end()

    def _give_up(self) -> None:
        now = self._parts.clock.now()
        self.file(
            LegEnded(leg=self.context.leg, cause=HangUpCause.FAILED, by_far_end=False, at=now)
        )

    async def _wind_up(self) -> None:
        try:
            async with asyncio.timeout(HANG_UP_DEADLINE_S):
                await self.performer.wind_up()
        except (TelephonyError, TimeoutError) as fault:
            log.warning("wind_up_failed", fault=str(fault))

    def _file(self, event: LegEvent | PerformerEvent) -> None:
        try:
            self._inbox.put_nowait(event)
        except asyncio.QueueFull:
            self._parts.event_dropped()
            log.warning("call_inbox_full", kind=type(event).__name__)

    def _note_resumed(self, resumption: Resumption) -> None:
        self._parts.journal.note(
            CallResumed(call=self.context.call, at=self._parts.clock.now(), stage=resumption.stage)
        )

    def _note_end(self, ended: LegEnded) -> None:
        now = self._parts.clock.now()
        by: Side = "caller" if ended.by_far_end else "system"
        self._parts.journal.note(
            CallEnded(
                call=self.context.call,
                at=now,
                by=by,
                cause=ended.cause,
                outcome=self._outcome(ended),
                duration_s=round(now - self.context.arrived_at, 3),
            )
        )

    def _outcome(self, ended: LegEnded) -> str:
        if ended.cause is HangUpCause.FAILED and not ended.by_far_end:
            return "failed"
        if self._met_person:
            return "answered"
        return "abandoned" if self._stage_at_end == "waiting" else "completed"
