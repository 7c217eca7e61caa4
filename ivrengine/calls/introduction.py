"""Before caller and agent are joined: the caller hears who it is, the agent whose call it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.media import Media
from ivrengine.calls.patience import attempt
from ivrengine.calls.player import Player
from ivrengine.errors import LegGone
from ivrengine.telephony import LegId, PlaybackId

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Announcement:
    """What tells the caller who has answered; it began when it was ordered, to a few ms."""

    playback: PlaybackId
    names: Sequence[str]
    began_at: float


class Introduction:
    """Plays to caller and agent at once, and knows when both have heard it.

    Args:
        context: the call.
        parts: what every call uses.
        player: notes what the caller heard.
        agent_leg: the leg of the agent who has answered.
    """

    def __init__(
        self, context: CallContext, parts: CallParts, player: Player, *, agent_leg: LegId
    ) -> None:
        self._context = context
        self._parts = parts
        self._player = player
        self._agent_leg = agent_leg
        self._announcement: _Announcement | None = None
        self._whisper: PlaybackId | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing plays to either of them any more."""
        return self._announcement is None and self._whisper is None

    async def begin(self, announcement: Media | None, whisper: Media | None) -> None:
        """Play ``announcement`` to the caller and ``whisper`` to the agent.

        Raises:
            LegGone: the caller has hung up.
        """
        if announcement is not None and announcement.uris:
            await self._announce(announcement)
        if whisper is not None and whisper.uris:
            await self._tell_agent(whisper)

    async def _announce(self, media: Media) -> None:
        playback = self._context.ids.playback()
        self._announcement = _Announcement(
            playback=playback, names=media.names, began_at=self._parts.clock.now()
        )
        if not await attempt(self._parts.switch.play, self._context.leg, playback, media.uris):
            self._announcement = None

    async def _tell_agent(self, media: Media) -> None:
        playback = self._whisper = self._context.ids.playback()
        try:
            if not await attempt(self._parts.switch.play, self._agent_leg, playback, media.uris):
                self._whisper = None
        except LegGone:
            self._whisper = None
            log.info("agent_gone_before_whisper", leg=self._agent_leg)

    def plays(self, playback: PlaybackId) -> bool:
        """Tell whether ``playback`` is what the caller or the agent hears of this."""
        announced = self._announcement is not None and self._announcement.playback == playback
        return announced or (playback == self._whisper)

    def ended(self, playback: PlaybackId) -> None:
        """Take note that a playback is over."""
        if playback == self._whisper:
            self._whisper = None
        elif self.plays(playback):
            self._note_announcement(cut=False)

    async def cut_whisper(self) -> None:
        """Spare the agent the rest; its end is reported as usual."""
        if self._whisper is not None:
            await attempt(self._parts.switch.stop, self._whisper)

    async def break_off(self) -> None:
        """Stop what plays."""
        announcement, whisper = self._announcement, self._whisper
        self._note_announcement(cut=True)
        self._whisper = None
        if announcement is not None:
            await attempt(self._parts.switch.stop, announcement.playback)
        if whisper is not None:
            await attempt(self._parts.switch.stop, whisper)

    def _note_announcement(self, *, cut: bool) -> None:
        announcement, self._announcement = self._announcement, None
        if announcement is not None:
            self._player.note_heard(announcement.names, announcement.began_at, cut=cut)
