"""What one caller hears: at most one playback at a time, and music behind it while waiting."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.facts import PromptHeard
from ivrengine.errors import SpeechError
from ivrengine.flow.effects import Item, Play
from ivrengine.flow.inputs import Played
from ivrengine.telephony import PlaybackFinished, PlaybackId, PlaybackStarted
from ivrengine.values import Language

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class _Sounding:
    playback: PlaybackId
    generation: int
    names: Sequence[str]
    asked_at: float
    key_at: float | None
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

    def key_pressed(self) -> None:
        """Note that the caller pressed a key: the next prompt answers it."""
        self._key_at = self._parts.clock.now()

    async def play(self, order: Play) -> Played | None:
        """Play ``order`` instead of what plays; an answer means that it has ended already."""
        try:
            media = self._parts.media.sounds(order.items, self.language)
        except SpeechError as fault:
            log.error("prompt_missing", fault=str(fault))
            return Played(generation=order.generation, failed=True)
        if not media.uris:
            return Played(generation=order.generation)
        before = self._take_current()
        await self._pause_music()
        playback = self._parts.switch.play
        self._current = _Sounding(
            playback=self._context.ids.playback(),
            generation=order.generation,
            names=media.names,
            asked_at=self._parts.clock.now(),
            key_at=self._key_at,
        )
        self._key_at = None
        begin = playback(self._context.leg, self._current.playback, media.uris)
        if before is None:
            await begin
        else:
            # The new playback queues behind the old one, so the two orders may overtake each other.
            await asyncio.gather(self._parts.switch.stop(before), begin)
        return None

    async def silence(self) -> None:
        """Stop what plays; music that was on comes back."""
        before = self._take_current()
        if before is not None:
            await self._parts.switch.stop(before)
            await self._resume_music()

    def started(self, event: PlaybackStarted) -> None:
        """Take note that a playback's first frame was sent."""
        current = self._current
        if current is not None and current.playback == event.playback:
            current.started_at = self._parts.clock.now()

    async def finished(self, event: PlaybackFinished) -> Played | None:
        """Take note of a playback's end; None when it had been replaced before."""
        current = self._current
        if current is None or current.playback != event.playback:
            return None
        self._current = None
        self._note(current, cut=False)
        await self._resume_music()
        return Played(generation=current.generation, failed=event.failed)

    async def music_on(self, music_class: str, *, sounds_already: bool = False) -> None:
        """Let the caller hear music whenever nothing else plays."""
        self._music_class = music_class
        self._music_sounds = sounds_already
        if self._current is None:
            await self._resume_music()

    async def music_off(self) -> None:
        """End the music."""
        self._music_class = ""
        await self._pause_music()

    async def announce_with(self, items: Sequence[Item], agent: str) -> tuple[str, ...]:
        """Return the sounds that tell which agent has answered; empty when there are none."""
        try:
            return self._parts.media.sounds(items, self.language, agent=agent).uris
        except SpeechError as fault:
            log.error("prompt_missing", fault=str(fault))
            return ()

    def note_rest(self) -> None:
        """Note the prompt that the end of the call cut off."""
        self._take_current()

    def _take_current(self) -> PlaybackId | None:
        current, self._current = self._current, None
        if current is None:
            return None
        self._note(current, cut=True)
        return current.playback

    def _note(self, ended: _Sounding, *, cut: bool) -> None:
        now = self._parts.clock.now()
        begun = ended.started_at
        answered = None if begun is None or ended.key_at is None else begun - ended.key_at
        self._parts.journal.note(
            PromptHeard(
                call=self._context.call,
                at=now,
                prompts=tuple(ended.names),
                language=self.language,
                heard_s=0.0 if begun is None else round(now - begun, 3),
                cut=cut,
                digit_to_prompt_s=answered,
            )
        )

    async def _pause_music(self) -> None:
        if self._music_sounds:
            self._music_sounds = False
            await self._parts.switch.stop_music(self._context.leg)

    async def _resume_music(self) -> None:
        if self._music_class and not self._music_sounds:
            self._music_sounds = True
            await self._parts.switch.start_music(self._context.leg, self._music_class)
