"""What one caller hears: at most one playback at a time, and music behind it while waiting."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.facts import PromptHeard
from ivrengine.calls.media import Media
from ivrengine.calls.patience import attempt, insist
from ivrengine.errors import SpeechError, SwitchRefused
from ivrengine.flow.effects import Item, Play
from ivrengine.flow.inputs import Played
from ivrengine.telephony import PlaybackFinished, PlaybackId, PlaybackStarted
from ivrengine.values import Language

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class _Sounding:
    playback: PlaybackId
    generation: int | None
    names: Sequence[str]
    key_at: float | None
    heard: Callable[[bool], Awaitable[None]] | None = None
    started_at: float | None = None


class Player:
    """Plays prompts to one leg and notes what of them was heard.

    A prompt's playback is known by its id, so the end of one that was replaced is known as late.
    """

    def __init__(self, context: CallContext, parts: CallParts, language: Language) -> None:
        self.language = language
        self._context = context
        self._parts = parts
        self._current: _Sounding | None = None
        self._key_at: float | None = None
        self._music_class = ""
        self._music_sounds = False

    def key_pressed(self, at: float) -> None:
        """Learn that a key was pressed at ``at``: a prompt that begins now answers it."""
        self._key_at = at

    def key_served(self) -> None:
        """Learn that all that the key led to at once is ordered."""
        self._key_at = None

    async def play(self, order: Play) -> Played | None:
        """Play ``order`` instead of what plays; an answer means that it has ended already."""
        media = self._sounds(order.items)
        if media is None or not media.uris:
            await self.silence()
            return Played(generation=order.generation, failed=media is None)
        before = self._take_current()
        await self._pause_music()
        self._current = _Sounding(
            playback=self._context.ids.playback(),
            generation=order.generation,
            names=media.names,
            key_at=self._key_at,
        )
        self._key_at = None
        try:
            await self._begin(self._current.playback, media.uris, instead_of=before)
        except SwitchRefused as fault:
            log.error("prompt_refused", prompts=media.names, fault=str(fault))
            self._current = None
            await self._resume_music()
            return Played(generation=order.generation, failed=True)
        return None

    async def say(
        self, items: Sequence[Item], *, heard: Callable[[bool], Awaitable[None]] | None = None
    ) -> PlaybackId | None:
        """Play ``items`` that no flow waits for, instead of what plays; None when nothing does.

        ``heard`` is called when they are over, with whether they could be played, and never when
        they were cut.
        """
        media = self._sounds(items)
        if media is None or not media.uris:
            return None
        before = self._take_current()
        await self._pause_music()
        playback = self._context.ids.playback()
        self._current = _Sounding(
            playback=playback, generation=None, names=media.names, key_at=None, heard=heard
        )
        try:
            await self._begin(playback, media.uris, instead_of=before)
        except SwitchRefused as fault:
            log.error("prompt_refused", prompts=media.names, fault=str(fault))
            self._current = None
            await self._resume_music()
            return None
        return playback

    async def silence(self) -> None:
        """Stop what plays; music that was on comes back."""
        before = self._take_current()
        if before is not None:
            await attempt(self._parts.switch.stop, before)
            await self._resume_music()

    def started(self, event: PlaybackStarted) -> None:
        """Take note that a playback's first frame was sent."""
        current = self._current
        if current is not None and current.playback == event.playback:
            current.started_at = event.at

    async def finished(self, event: PlaybackFinished) -> Played | None:
        """Take note of a playback's end; None when it had been replaced before."""
        current = self._current
        if current is None or current.playback != event.playback:
            return None
        self._current = None
        self._note(current, cut=False)
        await self._resume_music()
        if current.heard is not None:
            await current.heard(not event.failed)
        if current.generation is None:
            return None
        return Played(generation=current.generation, failed=event.failed)

    async def music_on(self, music_class: str) -> None:
        """Let the caller hear music whenever nothing else plays.

        Music that is on already, as after a restart of the engine, goes on unbroken.
        """
        self._music_class = music_class
        self._music_sounds = False
        if self._current is None:
            await self._resume_music()

    async def music_off(self) -> None:
        """End the music."""
        self._music_class = ""
        await self._pause_music()

    def announcement(self, items: Sequence[Item], agent: str) -> Media | None:
        """Return what tells which agent has answered; None when it cannot be told."""
        return self._sounds(items, agent=agent)

    def note_heard(
        self,
        prompts: Sequence[str],
        began_at: float | None,
        *,
        cut: bool,
        digit_to_prompt_s: float | None = None,
    ) -> None:
        """Note prompts that end now; ``began_at`` is None when they never sounded."""
        now = self._parts.clock.now()
        self._parts.journal.note(
            PromptHeard(
                call=self._context.call,
                at=now,
                prompts=tuple(prompts),
                language=self.language,
                heard_s=0.0 if began_at is None else round(max(0.0, now - began_at), 3),
                cut=cut,
                digit_to_prompt_s=digit_to_prompt_s,
            )
        )

    def note_rest(self) -> None:
        """Note the prompt that the end of the call cut off."""
        self._take_current()

    def _sounds(self, items: Sequence[Item], agent: str = "") -> Media | None:
        try:
            return self._parts.media.sounds(items, self.language, agent=agent)
        except SpeechError as fault:
            log.error("prompt_missing", fault=str(fault))
            return None

    async def _begin(
        self, playback: PlaybackId, uris: Sequence[str], *, instead_of: PlaybackId | None
    ) -> None:
        switch = self._parts.switch
        begin = insist(switch.play, self._context.leg, playback, uris)
        if instead_of is None:
            await begin
            return
        # The new playback queues behind the old one, so the two orders may overtake each other.
        stop = attempt(switch.stop, instead_of)
        for fault in await asyncio.gather(begin, stop, return_exceptions=True):
            if isinstance(fault, BaseException):
                raise fault

    def _take_current(self) -> PlaybackId | None:
        current, self._current = self._current, None
        if current is None:
            return None
        self._note(current, cut=True)
        return current.playback

    def _note(self, ended: _Sounding, *, cut: bool) -> None:
        begun = ended.started_at
        answered = None if begun is None or ended.key_at is None else begun - ended.key_at
        self.note_heard(ended.names, begun, cut=cut, digit_to_prompt_s=answered)

    async def _pause_music(self) -> None:
        if self._music_sounds:
            self._music_sounds = False
            await attempt(self._parts.switch.stop_music, self._context.leg)

    async def _resume_music(self) -> None:
        if self._music_class and not self._music_sounds:
            self._music_sounds = True
            await attempt(self._parts.switch.start_music, self._context.leg, self._music_class)
