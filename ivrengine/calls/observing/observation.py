"""One supervisor who observes one agent: from conversation to conversation, in one mode or another.

Theory of operation. The supervisor's leg is in a bridge of its own, and a snoop on the agent's leg
joins it there; the conversation's own bridge is not touched, so nothing that happens here can be
noticed in it or end it. What a snoop hears and says is fixed when it is made, so another mode is
another snoop, which takes the place of the one before. Taking over is the one mode in which the
supervisor's leg goes into the conversation, which looks after it from then on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

import structlog

from ivrengine.agents.observing import ObserveMode, ObserveStage, Observing
from ivrengine.calls.context import CallParts
from ivrengine.calls.ids import CallIds
from ivrengine.calls.observing.books import ObservationBooks
from ivrengine.calls.observing.settings import ObservingSettings
from ivrengine.calls.observing.talks import Talk, Talks
from ivrengine.calls.patience import attempt, insist, once
from ivrengine.errors import LegGone, TelephonyError
from ivrengine.flow.effects import Prompt
from ivrengine.telephony import (
    DigitPressed,
    Hears,
    LegAnswered,
    LegEnded,
    LegEvent,
    LegId,
    PlaybackFinished,
    PlaybackId,
    Whispers,
)
from ivrengine.values import AgentNumber, Language, PromptId

log = structlog.get_logger(__name__)

PROMPT_LIMIT_S = 30.0
"""No announcement lasts longer, so one whose end is not reported ends here."""

END_WITHIN_S = 5.0
"""How long clearing up may take; what is left then is found when state is next reconciled."""

MODE_KEYS = {
    "0": ObserveMode.LISTEN,
    "1": ObserveMode.WHISPER,
    "2": ObserveMode.BARGE_IN,
    "3": ObserveMode.TAKE_OVER,
}
"""What a supervisor presses for another mode: the last digits of the feature codes."""

_WHISPERS = {
    ObserveMode.LISTEN: Whispers.NOBODY,
    ObserveMode.WHISPER: Whispers.LEG,
    ObserveMode.BARGE_IN: Whispers.ALL,
}
_SAID = {
    ObserveMode.LISTEN: PromptId("observe.listening"),
    ObserveMode.WHISPER: PromptId("observe.whispering"),
    ObserveMode.BARGE_IN: PromptId("observe.barged_in"),
    ObserveMode.TAKE_OVER: PromptId("observe.taken_over"),
}
_WAITING = PromptId("observe.waiting")
_TALK_OVER = PromptId("observe.talk_over")
_REFUSED = PromptId("agent.refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkChanged:
    """The agent is in ``talk`` from here on, or in none."""

    talk: Talk | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeWanted:
    """Another mode is ordered."""

    mode: ObserveMode


@dataclass(frozen=True, slots=True)
class Dismissed:
    """The observation is to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Snoop:
    leg: LegId
    talk: Talk
    mode: ObserveMode


class _Over(Exception):
    """The observation ends."""


TakesOver = Callable[[Talk, AgentNumber, LegId], Awaitable[bool]]
"""Puts a supervisor, on a leg, in the place of the agent of a talk; False when that cannot be."""


class Observation:
    """A supervisor on the line, and the agent whose conversations are observed.

    Args:
        parts: what every call uses.
        talks: knows the agents' conversations.
        take_over: puts the supervisor in an agent's place.
        settings: how supervisors observe agents.
        wanted: who observes whom, and how.
        ids: names what belongs to it.
    """

    def __init__(
        self,
        parts: CallParts,
        talks: Talks,
        take_over: TakesOver,
        *,
        settings: ObservingSettings,
        wanted: Observing,
        ids: CallIds,
    ) -> None:
        self.agent, self.supervisor, self.mode = wanted.agent, wanted.supervisor, wanted.mode
        self._parts = parts
        self._talks = talks
        self._take_over = take_over
        self._settings = settings
        self._ids = ids
        self._bridge = ids.bridge()
        self._leg = LegId("")
        self._talk: Talk | None = None
        self._snoop: _Snoop | None = None
        self._coming: _Snoop | None = None
        self._books = ObservationBooks(wanted, parts)
        self._inbox: asyncio.Queue[LegEvent | TalkChanged | ModeWanted | Dismissed]
        self._inbox = asyncio.Queue()

    def new_leg(self) -> LegId:
        """Name a leg to the supervisor's telephone."""
        return self._ids.leg()

    @property
    def legs(self) -> Sequence[LegId]:
        """The supervisor's leg, and those on which the agent's is listened to."""
        snoops = [each.leg for each in (self._snoop, self._coming) if each is not None]
        return [self._leg, *snoops] if self._leg else snoops

    def view(self) -> Observing:
        """Return how the observation stands."""
        talk = self._books.open.talk if self._books.open else self._talk
        return Observing(
            agent=self.agent,
            supervisor=self.supervisor,
            mode=self.mode,
            stage=self._stage(),
            call=talk.call if talk else "",
        )

    def _stage(self) -> ObserveStage:
        if not self._leg:
            return ObserveStage.RINGING
        if self._books.open is None:
            return ObserveStage.WAITING
        return ObserveStage.SERVING if self._books.taken_over else ObserveStage.OBSERVING

    def turn_to(self, mode: ObserveMode) -> None:
        """Order another mode."""
        self.mode = mode if self._stage() is ObserveStage.RINGING else self.mode
        self._inbox.put_nowait(ModeWanted(mode=mode))

    def dismiss(self) -> None:
        """Let the supervisor go."""
        self._inbox.put_nowait(Dismissed())

    def file(self, event: LegEvent) -> None:
        """Take in one event of the supervisor's leg."""
        self._inbox.put_nowait(event)

    async def run(self, leg: LegId) -> None:
        """Observe from ``leg``, which is answered and claimed for :meth:`file`, until it is over.

        The leg itself is left to the caller of this.
        """
        self._leg = leg
        self._talks.watch(self.agent, self._talk_changed)
        try:
            await insist(self._parts.switch.create_bridge, self._bridge)
            await insist(self._parts.switch.join, self._bridge, [leg], keys_pass=False)
            await self._begin()
            while True:
                await self._serve(await self._inbox.get())
        except (_Over, LegGone):
            log.debug("observation_over", supervisor=self.supervisor, agent=self.agent)
        finally:
            self._talks.unwatch(self.agent, self._talk_changed)
            self._books.ended()
            await self._clear_up()

    async def answered(self, leg: LegId) -> bool:
        """Wait until the supervisor's telephone is picked up; False when it is not."""
        while True:
            match await self._inbox.get():
                case LegAnswered(leg=which) if which == leg:
                    return True
                case LegEnded() | Dismissed():
                    return False
                case _:
                    pass

    # What happens.

    async def _begin(self) -> None:
        self._talk = self._talks.of(self.agent)
        if self._talk is None and self.mode is ObserveMode.TAKE_OVER:
            await self._say(_REFUSED, then_leave=True)
        elif self._talk is None:
            await self._say(_WAITING)
        else:
            await self._enter(self.mode)

    async def _serve(self, event: LegEvent | TalkChanged | ModeWanted | Dismissed) -> None:
        match event:
            case TalkChanged(talk=talk):
                await self._talk_turned(talk)
            case ModeWanted(mode=mode):
                await self._enter(mode)
            case Dismissed():
                raise _Over
            case LegEnded(leg=leg) if leg == self._leg:
                raise _Over
            case DigitPressed(leg=leg, digit=digit) if leg == self._leg and digit in MODE_KEYS:
                await self._enter(MODE_KEYS[digit])
            case LegAnswered(leg=leg) if self._coming is not None and leg == self._coming.leg:
                await self._come(self._coming)
            case LegEnded(leg=leg):
                self._snoop_ended(leg)
            case _:
                log.debug("event_of_no_use", kind=type(event).__name__)

    def _talk_changed(self, talk: Talk | None) -> None:
        """Close the books of a conversation that ends before its call's own are closed."""
        taking = self._books.open
        if taking is not None and not self._books.taken_over and talk != taking.talk:
            self._books.ended()
        self._inbox.put_nowait(TalkChanged(talk=talk))

    async def _talk_turned(self, talk: Talk | None) -> None:
        if self._books.taken_over or talk == self._talk:
            return
        before, self._talk = self._talk, talk
        await self._drop_snoops()
        if talk is not None:
            await self._enter(self.mode)
        elif before is not None:
            await self._say(_TALK_OVER, then_leave=not self._settings.follows)

    def _snoop_ended(self, leg: LegId) -> None:
        self._parts.legs.release(leg)
        if self._snoop is not None and self._snoop.leg == leg:
            self._snoop = None
            self._books.ended()
        elif self._coming is not None and self._coming.leg == leg:
            self._coming = None

    # How a mode is entered.

    async def _enter(self, mode: ObserveMode) -> None:
        taking = self._books.open
        if self._books.taken_over or (taking is not None and taking.mode is mode):
            return
        match mode:
            case ObserveMode.LISTEN | ObserveMode.WHISPER | ObserveMode.BARGE_IN:
                self.mode = mode
                if self._talk is not None:
                    await self._listen_in(self._talk, mode)
            case ObserveMode.TAKE_OVER:
                await self._replace_agent()
            case _:
                assert_never(mode)

    async def _listen_in(self, talk: Talk, mode: ObserveMode) -> None:
        if self._coming is not None:
            await self._end_leg(self._coming.leg)
        coming = self._coming = _Snoop(leg=self._ids.leg(), talk=talk, mode=mode)
        self._parts.legs.claim(coming.leg, self.file)
        try:
            made = await attempt(
                self._parts.switch.snoop,
                talk.leg,
                coming.leg,
                hears=Hears.BOTH,
                whispers=_WHISPERS[mode],
            )
        except LegGone:
            # The agent has just hung up, of which the journal tells.
            made = False
        if not made:
            self._snoop_ended(coming.leg)

    async def _come(self, coming: _Snoop) -> None:
        """Let a new snoop take the place of the one before."""
        before, self._snoop, self._coming = self._snoop, coming, None
        if before is not None:
            await self._end_leg(before.leg)
        self._books.ended()
        await self._say(_SAID[coming.mode])
        try:
            joined = await attempt(
                self._parts.switch.join, self._bridge, [coming.leg], keys_pass=False
            )
        except LegGone:
            joined = False
        if joined:
            self._books.began(coming.talk, coming.mode)

    async def _replace_agent(self) -> None:
        talk = self._talk
        if talk is None:
            await self._say(_REFUSED)
            return
        await self._drop_snoops()
        self._books.ended()
        await self._say(_SAID[ObserveMode.TAKE_OVER], to_the_end=True)
        # Noted before it is brought about: the end of the agent's part is told in the midst of it.
        self._books.began(talk, ObserveMode.TAKE_OVER)
        self.mode = ObserveMode.TAKE_OVER
        if await self._take_over(talk, self.supervisor, self._leg):
            # Nobody comes back to it: who took over is let go with the conversation.
            await attempt(self._parts.switch.destroy_bridge, self._bridge)
        else:
            self._books.ended()
            await self._say(_REFUSED, then_leave=True)

    async def _drop_snoops(self) -> None:
        snoop, coming = self._snoop, self._coming
        self._snoop = self._coming = None
        for each in (snoop, coming):
            if each is not None:
                await self._end_leg(each.leg)

    async def _end_leg(self, leg: LegId) -> None:
        self._parts.legs.release(leg)
        try:
            await attempt(self._parts.switch.hang_up, leg)
        except LegGone:
            log.debug("snoop_gone_before", leg=leg)

    # What the supervisor hears.

    async def _say(
        self, prompt: PromptId, *, to_the_end: bool = False, then_leave: bool = False
    ) -> None:
        settings = self._parts.roster().agents.get(self.supervisor)
        language = Language(settings.language) if settings else Language.MANDARIN
        media = self._parts.media.sounds([Prompt(id=prompt)], language)
        playback = self._ids.playback()
        played = await attempt(self._parts.switch.play, self._leg, playback, media.uris)
        if played and (to_the_end or then_leave):
            await self._until_heard(playback)
        if then_leave:
            raise _Over

    async def _until_heard(self, playback: PlaybackId) -> None:
        """Wait for the end of a prompt; what happens meanwhile is dealt with afterwards."""
        kept = []
        try:
            async with asyncio.timeout(PROMPT_LIMIT_S):
                while True:
                    event = await self._inbox.get()
                    if isinstance(event, PlaybackFinished) and event.playback == playback:
                        break
                    kept.append(event)
                    if isinstance(event, LegEnded) and event.leg == self._leg:
                        raise _Over
        except TimeoutError:
            log.warning("prompt_end_not_seen", leg=self._leg)
        for event in kept:
            self._inbox.put_nowait(event)

    async def _clear_up(self) -> None:
        """Leave nothing behind, also when this program is ending."""
        switch = self._parts.switch
        legs = [each.leg for each in (self._snoop, self._coming) if each is not None]
        self._snoop = self._coming = None
        try:
            async with asyncio.timeout(END_WITHIN_S):
                for leg in legs:
                    self._parts.legs.release(leg)
                    await once(switch.hang_up, leg)
                await once(switch.destroy_bridge, self._bridge)
        except LegGone:
            log.debug("snoop_gone_before")
        except (TelephonyError, TimeoutError) as fault:
            log.warning("observation_not_cleared", bridge=self._bridge, fault=str(fault))
