"""What an agent hears while a customer is being called: what it is about, music, how it went."""

import structlog

from ivrengine.calls.context import CallParts
from ivrengine.calls.ids import CallIds
from ivrengine.calls.patience import attempt
from ivrengine.errors import LegGone, SpeechError
from ivrengine.flow.effects import Prompt
from ivrengine.telephony import LegId, PlaybackId
from ivrengine.values import AgentNumber, Language, PromptId

log = structlog.get_logger(__name__)


class Company:
    """Keeps an agent company on one leg; an agent who is gone is no error.

    Args:
        agent: who waits.
        leg: the agent's leg.
        parts: what every call uses.
        ids: names what is played.
    """

    def __init__(self, agent: AgentNumber, leg: LegId, parts: CallParts, ids: CallIds) -> None:
        self._agent = agent
        self._leg = leg
        self._parts = parts
        self._ids = ids
        self._playback: PlaybackId | None = None
        self._has_music = False

    async def begin(self, prompt: PromptId) -> None:
        """Say something, and let music sound behind it."""
        try:
            await self._play(prompt)
            self._has_music = await attempt(self._parts.switch.start_music, self._leg)
        except LegGone:
            log.debug("agent_gone_while_calling", leg=self._leg)

    async def say(self, prompt: PromptId) -> bool:
        """Say something instead of all that sounds; False when nobody hears it."""
        try:
            await self._silence()
            return await self._play(prompt)
        except LegGone:
            return False

    async def leave(self) -> None:
        """Let nothing sound any more, so that the leg can be joined with another."""
        try:
            await self._silence()
        except LegGone:
            log.debug("agent_gone_while_calling", leg=self._leg)

    async def _play(self, prompt: PromptId) -> bool:
        settings = self._parts.roster().agents.get(self._agent)
        language = Language(settings.language) if settings else Language.MANDARIN
        try:
            media = self._parts.media.sounds([Prompt(id=prompt)], language)
        except SpeechError as fault:
            log.error("prompt_missing", fault=str(fault))
            return False
        self._playback = self._ids.playback()
        return await attempt(self._parts.switch.play, self._leg, self._playback, media.uris)

    async def _silence(self) -> None:
        playback, self._playback = self._playback, None
        if playback is not None:
            await attempt(self._parts.switch.stop, playback)
        if self._has_music:
            self._has_music = False
            await attempt(self._parts.switch.stop_music, self._leg)
