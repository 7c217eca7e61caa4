"""A leg that an agent's telephone dialled, for the short scripts that serve it.

Unlike a caller's call it runs no flow: it is answered, hears a few prompts, perhaps presses a key,
and is hung up.
"""

import asyncio
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from ivrengine.calls.context import CallParts
from ivrengine.calls.ids import CallIds
from ivrengine.errors import LegGone
from ivrengine.flow.effects import Prompt
from ivrengine.telephony import (
    DigitPressed,
    HangUpCause,
    LegEnded,
    LegEvent,
    LegId,
    PlaybackFinished,
    PlaybackId,
)
from ivrengine.values import Language, PromptId

PROMPT_LIMIT_S = 30.0
"""No confirmation lasts longer, so a playback whose end is not reported ends here."""


class PhoneLeg:
    """One such leg, claimed while the ``async with`` block runs and hung up at its end.

    Every method raises :class:`~ivrengine.errors.LegGone` once the agent has hung up.
    """

    def __init__(self, leg: LegId, parts: CallParts, ids: CallIds) -> None:
        self.leg = leg
        self._parts = parts
        self._ids = ids
        self._events: asyncio.Queue[LegEvent] = asyncio.Queue()
        self._cause = HangUpCause.NORMAL

    async def __aenter__(self) -> Self:
        self._parts.legs.claim(self.leg, self._events.put_nowait)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._parts.legs.release(self.leg)
        await self._parts.switch.hang_up(self.leg, self._cause)

    def ends_with(self, cause: HangUpCause) -> None:
        """Choose what the telephone is told at the end."""
        self._cause = cause

    async def answer(self) -> None:
        """Lift the time limit and answer."""
        await self._parts.switch.lift_guard(self.leg)
        await self._parts.switch.answer(self.leg)

    async def say(self, prompts: Sequence[PromptId], language: Language) -> None:
        """Play prompts and wait for their end."""
        playback = await self._play(prompts, language)
        await self._next(lambda event: _ends(event, playback), within_s=PROMPT_LIMIT_S)

    async def ask(self, prompts: Sequence[PromptId], language: Language, *, within_s: float) -> str:
        """Play prompts and return the key pressed over them or after; empty when none came."""
        playback = await self._play(prompts, language)
        event = await self._next(
            lambda event: isinstance(event, DigitPressed) or _ends(event, playback),
            within_s=PROMPT_LIMIT_S,
        )
        if isinstance(event, DigitPressed):
            await self._parts.switch.stop(playback)
        else:
            event = await self._next(lambda each: isinstance(each, DigitPressed), within_s=within_s)
        return event.digit if isinstance(event, DigitPressed) else ""

    async def gone(self) -> LegEnded:
        """Wait until the agent hangs up."""
        while True:
            event = await self._events.get()
            if isinstance(event, LegEnded):
                return event

    async def _play(self, prompts: Sequence[PromptId], language: Language) -> PlaybackId:
        media = self._parts.media.sounds([Prompt(id=prompt) for prompt in prompts], language)
        playback = self._ids.playback()
        await self._parts.switch.play(self.leg, playback, media.uris)
        return playback

    async def _next(
        self, wanted: Callable[[LegEvent], bool], *, within_s: float
    ) -> LegEvent | None:
        """Return the next event that is wanted, None when there was none in time."""
        try:
            async with asyncio.timeout(within_s):
                while True:
                    event = await self._events.get()
                    if isinstance(event, LegEnded):
                        raise LegGone("the agent hung up")
                    if wanted(event):
                        return event
        except TimeoutError:
            return None


def _ends(event: LegEvent, playback: PlaybackId) -> bool:
    return isinstance(event, PlaybackFinished) and event.playback == playback
