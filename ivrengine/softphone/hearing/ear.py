"""Waiting for what a telephone hears, in the order it hears it.

An ear reads the transcript from a cursor on: each `hears` waits for its prompt at or after the
cursor and moves the cursor behind it, so whoever waits reads as one side of a dialogue.  When a
wait is in vain the fault shows the whole transcript.
"""

import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final

from ivrengine.softphone.hearing.library import PromptLibraries
from ivrengine.softphone.hearing.transcriber import Transcriber
from ivrengine.softphone.hearing.transcript import Entry, Heard, Unknown, render
from ivrengine.softphone.sip.media import Media
from ivrengine.softphone.sip.rtp import Arrival
from ivrengine.softphone.sound.codec import FRAME_S, Codec, decode
from ivrengine.softphone.sound.tones import tone_share
from ivrengine.softphone.watch import Watch

SURE_AFTER_FRAMES: Final = 2
TONE_FRAMES: Final = 5
TONE_SHARE: Final = 0.6
NOISE_FRAMES: Final = 3
LONGEST_PAUSE_S: Final = 2.0
"""A sender who is short of time is silent for less in the middle of a prompt."""

Matches = Callable[[Heard], bool]


class NotHeard(AssertionError):
    """What was waited for was not heard; the message closes with what was."""


class Ear:
    """Hears one call from its beginning; its clock starts when the ear is made."""

    def __init__(self, media: Media, libraries: PromptLibraries) -> None:
        self._media = media
        self._libraries = libraries
        self._origin = time.monotonic()
        self._transcriber: Transcriber | None = None
        self._watch = Watch()
        self._cursor = 0
        self._latest: deque[Arrival] = deque(maxlen=TONE_FRAMES)
        media.listeners.append(self._take)

    @property
    def transcript(self) -> list[Entry]:
        """Everything heard so far."""
        return [] if self._transcriber is None else self._transcriber.entries

    async def hears(
        self,
        prompt_id: str,
        *,
        language: str | None = None,
        within_s: float = 10.0,
        to_the_end: bool = False,
    ) -> Heard:
        """Waits for a prompt to begin, or with `to_the_end` to be heard whole.

        Other prompts on the way are passed over.  A whole one may have pauses where its sender
        was short of time; the transcript shows them.
        """
        wanted = prompt_id if language is None else f"{prompt_id} in {language}"
        at = await self._find(
            lambda heard: heard.is_(prompt_id, language), wanted=wanted, within_s=within_s
        )
        return await self._settle(at, wanted, within_s) if to_the_end else self._heard_at(at)

    async def hears_in_order(
        self, *prompt_ids: str, language: str | None = None, within_s: float = 10.0
    ) -> list[Heard]:
        """Waits for prompts that follow each other with nothing between, each heard whole."""
        first = await self.hears(
            prompt_ids[0], language=language, within_s=within_s, to_the_end=True
        )
        heard = [first]
        for prompt_id in prompt_ids[1:]:
            heard.append(await self._hears_next(prompt_id, language, within_s))
        return heard

    async def hears_music(self, *, within_s: float = 10.0) -> Heard:
        """Waits for music."""
        at = await self._find(lambda heard: heard.is_music, wanted="music", within_s=within_s)
        return self._heard_at(at)

    async def hears_tone(self, frequency_hz: float, *, within_s: float = 5.0) -> None:
        """Waits until a tenth of a second is mostly this tone; sound from before does not count."""
        begun = time.monotonic()
        if not await self._watch.until(
            lambda: self._is_tone(frequency_hz, begun), within_s=within_s
        ):
            raise NotHeard(self._report(f"no tone of {frequency_hz:.0f} Hz", within_s))

    async def hears_nothing_for(self, duration_s: float) -> None:
        """Listens for a while, and fails when anything but silence is heard."""
        begun = time.monotonic()
        if await self._watch.until(lambda: self._is_disturbed(begun), within_s=duration_s):
            raise NotHeard(self._report("it was not silent", duration_s))

    def has_heard(self, prompt_id: str, *, language: str | None = None) -> bool:
        """Whether a prompt was heard at any time in this call; does not move the cursor."""
        return any(isinstance(e, Heard) and e.is_(prompt_id, language) for e in self.transcript)

    def skip_to_now(self) -> None:
        """What was heard until now, and what is being heard, no longer counts."""
        self._cursor = len(self.transcript)

    def _take(self, arrival: Arrival) -> None:
        if self._transcriber is None:
            # The first frames can overtake the answer that names the codec: the packet tells it.
            codec = Codec.of_payload_type(arrival.packet.payload_type) or self._media.codec
            self._transcriber = Transcriber(self._libraries.of(codec), origin=self._origin)
        self._transcriber.take(arrival)
        self._latest.append(arrival)
        self._watch.notify()

    async def _find(self, matches: Matches, *, wanted: str, within_s: float) -> int:
        if not await self._watch.until(
            lambda: self._index_of(matches) is not None, within_s=within_s
        ):
            raise NotHeard(self._report(f"{wanted} was not heard", within_s))
        at = self._index_of(matches)
        assert at is not None
        self._cursor = at + 1
        return at

    def _index_of(self, matches: Matches) -> int | None:
        for at, entry in enumerate(self.transcript[self._cursor :], start=self._cursor):
            if isinstance(entry, Heard) and _is_sure(entry) and matches(entry):
                return at
        return None

    async def _hears_next(self, prompt_id: str, language: str | None, within_s: float) -> Heard:
        at = self._cursor
        await self._watch.until(lambda: self._is_sure_at(at), within_s=within_s)
        entries = self.transcript
        entry = entries[at] if at < len(entries) else None
        if not isinstance(entry, Heard) or not entry.is_(prompt_id, language):
            raise NotHeard(self._report(f"{prompt_id} did not come next", within_s))
        self._cursor = at + 1
        return await self._settle(at, prompt_id, within_s)

    async def _settle(self, at: int, wanted: str, within_s: float) -> Heard:
        heard = await self._ended(at, within_s)
        while not heard.complete:
            at += 1
            await self._watch.until(partial(self._is_sure_at, at), within_s=LONGEST_PAUSE_S)
            if not (self._is_sure_at(at) and heard.goes_on_in(self.transcript[at])):
                raise NotHeard(self._report(f"{wanted} was not heard whole", within_s))
            heard = heard.with_rest(await self._ended(at, within_s))
            self._cursor = at + 1
        return heard

    async def _ended(self, at: int, within_s: float) -> Heard:
        """What is heard there, once it is over or ought to be."""
        length_s = self._heard_at(at).frames * FRAME_S
        await self._watch.until(
            lambda: not self._heard_at(at).ongoing, within_s=within_s + length_s
        )
        return self._heard_at(at)

    def _is_sure_at(self, at: int) -> bool:
        entries = self.transcript
        return at < len(entries) and _is_sure(entries[at])

    def _heard_at(self, at: int) -> Heard:
        entry = self.transcript[at]
        assert isinstance(entry, Heard)
        return entry

    def _is_tone(self, frequency_hz: float, since: float) -> bool:
        if len(self._latest) < TONE_FRAMES or self._latest[0].at < since:
            return False
        payload = b"".join(arrival.packet.payload for arrival in self._latest)
        return tone_share(decode(payload, self._media.codec), frequency_hz) > TONE_SHARE

    def _is_disturbed(self, since: float) -> bool:
        entries = self.transcript
        if not entries or entries[-1].ended_at < since:
            return False
        last = entries[-1]
        return isinstance(last, Heard) or last.frames >= NOISE_FRAMES

    def _report(self, complaint: str, within_s: float) -> str:
        return (
            f"{complaint} within {within_s:g} s; heard so far "
            f"({self._cursor} of it had been read):\n{render(self.transcript)}"
        )


def _is_sure(entry: Entry) -> bool:
    if isinstance(entry, Unknown):
        return entry.frames >= NOISE_FRAMES
    return not entry.ongoing or entry.to_frame - entry.from_frame + 1 >= SURE_AFTER_FRAMES
