"""From the answer of an agent to the moment in which caller and agent hear each other."""

import structlog

from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.introduction import Introduction
from ivrengine.calls.media import Media
from ivrengine.calls.patience import attempt, insist
from ivrengine.calls.player import Player
from ivrengine.calls.talk.books import Home
from ivrengine.calls.talk.third import Partner
from ivrengine.calls.talk.whisper import whisper
from ivrengine.errors import SpeechError
from ivrengine.flow.effects import Seek
from ivrengine.telephony import BridgeId, PlaybackId
from ivrengine.values import Language

log = structlog.get_logger(__name__)


class Meeting:
    """Introduces caller and partner to each other and joins them.

    Args:
        context: the call.
        parts: what every call uses.
        player: what the caller hears.
        partner: who has answered.
        bridge: where the two are to be.
    """

    def __init__(
        self,
        context: CallContext,
        parts: CallParts,
        player: Player,
        *,
        partner: Partner,
        bridge: BridgeId,
    ) -> None:
        self.partner = partner
        self.bridge = bridge
        self._context = context
        self._parts = parts
        self._player = player
        self._introduction = Introduction(context, parts, player, agent_leg=partner.leg)

    @property
    def is_introduced(self) -> bool:
        """Whether both have heard what they are to hear."""
        return self._introduction.is_over

    async def begin(self, order: Seek, home: Home) -> None:
        """Make the bridge and let both be told what they are to hear.

        Raises:
            SwitchRefused: there can be no bridge.
            LegGone: the caller has hung up.
        """
        await insist(self._parts.switch.create_bridge, self.bridge)
        if self.partner.is_outside:
            return
        announcement = self._player.announcement(order.announcement, self.partner.agent)
        await self._introduction.begin(announcement, self._whisper(home) or announcement)

    def _whisper(self, home: Home) -> Media | None:
        roster = self._parts.roster()
        if not roster.line(home.queue).whisper:
            return None
        settings = roster.agents.get(self.partner.agent)
        language = Language(settings.language) if settings else Language.MANDARIN
        items = whisper(
            self._parts.media,
            language,
            queue=home.queue,
            caller_class=self._context.standing.caller_class,
            waited_s=self._parts.clock.now() - home.since,
        )
        try:
            media = self._parts.media.sounds(items, language)
        except SpeechError as fault:
            log.error("whisper_missing", fault=str(fault))
            return None
        return media if media.uris else None

    def plays(self, playback: PlaybackId) -> bool:
        """Tell whether ``playback`` belongs to the introduction."""
        return self._introduction.plays(playback)

    def heard(self, playback: PlaybackId) -> None:
        """Take note that one of the two has heard it all."""
        self._introduction.ended(playback)

    async def cut_whisper(self) -> None:
        """Spare the agent the rest."""
        await self._introduction.cut_whisper()

    async def join(self) -> None:
        """Let the two hear each other.

        Raises:
            LegGone: one of them is gone.
            SwitchRefused: they cannot be joined.
        """
        legs = [self._context.leg, self.partner.leg]
        await insist(self._parts.switch.join, self.bridge, legs, keys_pass=self.partner.is_outside)

    async def break_off(self) -> None:
        """Stop what plays and remove the bridge."""
        await self._introduction.break_off()
        await attempt(self._parts.switch.destroy_bridge, self.bridge)
