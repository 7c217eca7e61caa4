"""One call that an agent makes by hand: rung, told that it is recorded, joined, taken apart.

Both legs and the bridge are this call's own. Distribution knows only that the agent is in a call
outside, so nobody is offered to the agent meanwhile.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

import structlog

from ivrengine.calls.calling_out.books import OutgoingBooks
from ivrengine.calls.calling_out.resumed import Ends, ResumedCall
from ivrengine.calls.calling_out.settings import CallingOutSettings
from ivrengine.calls.calling_out.talking import Talking
from ivrengine.calls.context import CallParts
from ivrengine.calls.fact import Side
from ivrengine.calls.ids import CallIds
from ivrengine.calls.patience import attempt, insist, once
from ivrengine.calls.talk.stage import RINGING_TONE
from ivrengine.errors import LegGone, SpeechError, TelephonyError
from ivrengine.flow.effects import Prompt
from ivrengine.telephony import (
    HangUpCause,
    LegAnswered,
    LegEnded,
    LegEvent,
    LegId,
    PlaybackFinished,
    PlaybackId,
    RecordingName,
)
from ivrengine.values import AgentNumber, CallId, Language, PromptId

log = structlog.get_logger(__name__)

PROMPT_LIMIT_S = 30.0
"""No announcement lasts longer, so one whose end is not reported ends here."""

END_WITHIN_S = 5.0
"""How long clearing up may take; what is left then is found when state is next reconciled."""

CONSENT = PromptId("outbound.consent")
_REFUSED = PromptId("agent.refused")
_FAILED = PromptId("outbound.failed")
_NOT_REACHED = {
    HangUpCause.BUSY: PromptId("outbound.busy"),
    HangUpCause.NO_ANSWER: PromptId("outbound.no_answer"),
}


class _LegOver(Exception):
    """One of the two legs has ended."""

    def __init__(self, event: LegEnded) -> None:
        super().__init__(event.leg)
        self.event = event


class HandMadeCall:
    """An agent's call to ``number`` outside.

    Args:
        parts: what every call uses.
        settings: how agents call out.
        agent: who calls.
        number: who is called.
        ids: names what belongs to the call.

    Attributes:
        talked: whether the two have heard each other.
    """

    def __init__(
        self,
        parts: CallParts,
        settings: CallingOutSettings,
        *,
        agent: AgentNumber,
        number: str,
        call: CallId,
        ids: CallIds,
    ) -> None:
        self.agent = agent
        self.talked = False
        self._parts = parts
        self._settings = settings
        self._number = number
        self._ids = ids
        self._books = OutgoingBooks(call, agent, parts)
        self._agent_leg = LegId("")
        self._leg = LegId("")
        self._agent_hears = False
        self._talking: Talking | None = None
        self._tone: PlaybackId | None = None
        self._inbox: asyncio.Queue[LegEvent] = asyncio.Queue()

    @property
    def legs(self) -> Sequence[LegId]:
        """The two legs, as far as they are there."""
        return [leg for leg in (self._agent_leg, self._leg) if leg]

    # From beginning to end.

    async def run(self, agent_leg: LegId, *, is_answered: bool) -> None:
        """Call from ``agent_leg`` over a line that is taken, and live until both legs are gone.

        Cancelled while the two talk, it leaves them to each other: calls outlive this program.
        """
        talk, self._agent_hears = self._parts.talk, is_answered
        self._listen_to(agent_leg, self._ids.leg())
        self._books.began(
            self._leg, self._number, trunk=talk.outside_trunk, shown=talk.outside_caller_id
        )
        self._books.called_out(agent_leg)
        await self._live(self._call)

    def take_up(self, found: ResumedCall) -> None:
        """Listen again to the legs of a conversation that outlived the engine."""
        self._books.resume(found)
        self._agent_hears = self.talked = True
        self._listen_to(found.ends.agent, found.ends.outside)

    async def resume(self, found: ResumedCall) -> None:
        """Go on with that conversation until it is over."""
        self._talking = Talking(found.ends, self._books, self._parts)
        await self._live(partial(self._go_on, self._talking, found))

    async def _go_on(self, talking: Talking, found: ResumedCall) -> None:
        await talking.resume(held=found.is_held, paused=found.is_paused)
        await self._serve(talking)

    def _listen_to(self, agent_leg: LegId, leg: LegId) -> None:
        self._agent_leg, self._leg = agent_leg, leg
        for each in (agent_leg, leg):
            self._parts.legs.claim(each, self._inbox.put_nowait)

    async def _live(self, life: Callable[[], Coroutine[Any, Any, None]]) -> None:
        ended = self._ending(self._leg, HangUpCause.FAILED)
        try:
            try:
                await life()
            except _LegOver as over:
                ended = over.event
            except LegGone:
                ended = await self._whose_end()
            except (TelephonyError, SpeechError) as fault:
                log.error("call_cannot_go_on", fault=str(fault))
            await self._tell_why(ended)
        except asyncio.CancelledError:
            if self.talked:
                self._parts.legs.release(self._agent_leg)
                self._parts.legs.release(self._leg)
                raise
            await self._wind_up(ended)
            raise
        await self._wind_up(ended)

    def _ending(self, leg: LegId, cause: HangUpCause) -> LegEnded:
        now = self._parts.clock.now()
        return LegEnded(leg=leg, cause=cause, by_far_end=False, at=now)

    async def _whose_end(self) -> LegEnded:
        """Return which leg has ended, of which an order told before the event did."""
        try:
            async with asyncio.timeout(END_WITHIN_S):
                while True:
                    event = await self._inbox.get()
                    if isinstance(event, LegEnded):
                        return event
        except TimeoutError:
            return self._ending(self._leg, HangUpCause.FAILED)

    # Until the two hear each other.

    async def _call(self) -> None:
        await self._let_it_ring()
        await self._until(lambda event: isinstance(event, LegAnswered) and event.leg == self._leg)
        self._books.answered()
        ends = Ends(
            agent=self._agent_leg,
            outside=self._leg,
            bridge=self._ids.bridge(),
            recording=await self._recording(),
        )
        talking = self._talking = Talking(ends, self._books, self._parts)
        await self._let_agent_hear()
        # Not before: a bridge in which nobody is for long is taken for one that nobody has.
        await insist(self._parts.switch.create_bridge, ends.bridge)
        await talking.begin()
        self.talked = True
        await self._serve(talking)

    async def _recording(self) -> RecordingName | None:
        """Name what is to be recorded; None where nothing is, or nobody could be told of it."""
        if not self._settings.recorded:
            return None
        if self._settings.consent and not await self._say(CONSENT, self._leg, Language.MANDARIN):
            log.error("not_recorded_for_nobody_was_told", agent=self.agent)
            return None
        return self._ids.recording()

    async def _let_it_ring(self) -> None:
        switch, talk = self._parts.switch, self._parts.talk
        if self._agent_hears:
            self._tone = self._ids.playback()
            await attempt(switch.play, self._agent_leg, self._tone, [RINGING_TONE])
        else:
            await insist(switch.lift_guard, self._agent_leg)
            await attempt(switch.ring, self._agent_leg)
        await once(
            switch.ring_outside,
            self._leg,
            self._number,
            trunk=talk.outside_trunk,
            caller_id=talk.outside_caller_id,
            ring_timeout_s=self._settings.answer_timeout_s,
        )

    async def _let_agent_hear(self) -> None:
        if self._tone is not None:
            await attempt(self._parts.switch.stop, self._tone)
            self._tone = None
        if not self._agent_hears:
            await insist(self._parts.switch.answer, self._agent_leg)
            self._agent_hears = True

    # While they talk.

    async def _serve(self, talking: Talking) -> None:
        while True:
            event = await self._next()
            if not await talking.take(event):
                await self._begin_to_say(_REFUSED, self._agent_leg, self._language())

    async def pause(self, *, paused: bool) -> bool:
        """Leave what is said out of the recording, or no longer; False when that is so already."""
        return (
            self._talking is not None and self.talked and await self._talking.pause(paused=paused)
        )

    # Events and words.

    async def _next(self) -> LegEvent:
        event = await self._inbox.get()
        if isinstance(event, LegEnded):
            raise _LegOver(event)
        return event

    async def _until(self, wanted: Callable[[LegEvent], bool]) -> None:
        while not wanted(await self._next()):
            pass

    async def _say(self, prompt: PromptId, leg: LegId, language: Language) -> bool:
        """Let a leg hear a prompt to its end; False when it could not be played."""
        playback = await self._begin_to_say(prompt, leg, language)
        if playback is None:
            return False
        try:
            async with asyncio.timeout(PROMPT_LIMIT_S):
                return await self._is_heard(playback)
        except TimeoutError:
            log.warning("prompt_end_not_seen", leg=leg)
            return True

    async def _is_heard(self, playback: PlaybackId) -> bool:
        while True:
            event = await self._next()
            if isinstance(event, PlaybackFinished) and event.playback == playback:
                return not event.failed

    async def _begin_to_say(
        self, prompt: PromptId, leg: LegId, language: Language
    ) -> PlaybackId | None:
        media = self._parts.media.sounds([Prompt(id=prompt)], language)
        playback = self._ids.playback()
        played = await attempt(self._parts.switch.play, leg, playback, media.uris)
        return playback if played else None

    def _language(self) -> Language:
        settings = self._parts.roster().agents.get(self.agent)
        return Language(settings.language) if settings else Language.MANDARIN

    # The end.

    async def _tell_why(self, ended: LegEnded) -> None:
        """Tell the agent, who waits, why nobody is reached."""
        if self.talked or ended.leg == self._agent_leg:
            return
        try:
            await self._let_agent_hear()
            prompt = _NOT_REACHED.get(ended.cause, _FAILED)
            await self._say(prompt, self._agent_leg, self._language())
        except (_LegOver, TelephonyError, SpeechError) as fault:
            log.debug("agent_not_told", agent=self.agent, fault=str(fault))

    async def _wind_up(self, ended: LegEnded) -> None:
        try:
            async with asyncio.timeout(END_WITHIN_S):
                await self._take_apart()
        except TimeoutError:
            log.warning("call_not_cleared", agent=self.agent)
        finally:
            for leg in (self._agent_leg, self._leg):
                self._parts.legs.release(leg)
        self._books.ended(self._side(ended), cause=str(ended.cause), outcome=self._outcome(ended))

    async def _take_apart(self) -> None:
        switch, talking = self._parts.switch, self._talking
        if talking is not None and self.talked:
            await talking.end()
        for leg in (self._leg, self._agent_leg):
            await self._try(partial(switch.hang_up, leg))
        if talking is not None:
            await self._try(partial(switch.destroy_bridge, talking.ends.bridge))

    async def _try(self, order: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await once(order)
        except LegGone:
            log.debug("leg_gone_before")
        except TelephonyError as fault:
            log.warning("call_not_cleared", agent=self.agent, fault=str(fault))

    def _side(self, ended: LegEnded) -> Side:
        if ended.leg == self._agent_leg:
            return "agent"
        return "caller" if ended.by_far_end else "system"

    def _outcome(self, ended: LegEnded) -> str:
        if self.talked:
            return "answered"
        return "abandoned" if ended.leg == self._agent_leg else "failed"
