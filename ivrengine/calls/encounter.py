"""Whoever the caller is with: first introduced to each other, then in conversation."""

from collections.abc import Callable, Sequence

from ivrengine.agents.legs import LegSink
from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.meeting import Meeting
from ivrengine.calls.player import Player
from ivrengine.calls.talk.books import Books, Home
from ivrengine.calls.talk.conversation import Conversation
from ivrengine.calls.talk.ear import AgentEar
from ivrengine.calls.talk.phases import TalkPhase
from ivrengine.calls.talk.stage import aside_of
from ivrengine.calls.talk.third import Calling, Partner
from ivrengine.calls.visit_resumed import ResumedVisit, resumed_partner, resumed_third
from ivrengine.flow.effects import Seek
from ivrengine.telephony import BridgeId, LegId, PlaybackId, RecordingName


class Encounter:
    """A meeting that may become a conversation; at most one of the two at a time.

    Args:
        order: what the flow wants: announcement, recording, music.
        context: the call.
        parts: what every call uses.
        player: what the caller hears.
        calling: calls others to the conversation.
        limit_call: takes the seconds in which whoever is called has to come; None: no limit.
        limit_whisper: takes the seconds that an agent may be told things; None: no limit.
        overheard: takes the events of agents' legs.

    Attributes:
        meeting: the introduction that goes on.
        talk: the conversation that goes on.
    """

    def __init__(
        self,
        order: Seek,
        context: CallContext,
        parts: CallParts,
        *,
        player: Player,
        calling: Calling,
        limit_call: Callable[[float | None], None],
        limit_whisper: Callable[[float | None], None],
        overheard: LegSink,
    ) -> None:
        self.meeting: Meeting | None = None
        self.talk: Conversation | None = None
        self._order = order
        self._context = context
        self._parts = parts
        self._player = player
        self._calling = calling
        self._limit_call = limit_call
        self._limit_whisper = limit_whisper
        self._books = Books(context, parts)
        self._ear = AgentEar(parts.legs, overheard)

    @property
    def partner(self) -> Partner | None:
        """Who is with the caller."""
        having = self.talk or self.meeting
        return having.partner if having is not None else None

    @property
    def bridges(self) -> Sequence[BridgeId]:
        """The bridges that belong to it."""
        having = self.talk or self.meeting
        return () if having is None else (having.bridge, aside_of(having.bridge))

    @property
    def legs(self) -> Sequence[LegId]:
        """The legs that take part in the conversation besides the caller's."""
        return self.talk.legs if self.talk else ()

    async def meet(self, partner: Partner, asked: Home) -> Meeting:
        """Begin to introduce the two.

        Raises:
            SwitchRefused: there can be no bridge.
            LegGone: the caller has hung up.
        """
        meeting = self.meeting = Meeting(
            self._context,
            self._parts,
            self._player,
            partner=partner,
            bridge=self._context.ids.bridge(),
        )
        self.listen()
        await self._player.music_off()
        await self._player.silence()
        await meeting.begin(self._order, asked)
        self._limit_whisper(self._parts.talk.whisper_limit_s)
        return meeting

    def begin_talk(self, meeting: Meeting, home: Home) -> Conversation:
        """Take note that the two hear each other."""
        self._limit_whisper(None)
        partner = meeting.partner
        recording = self._context.ids.recording() if self._order.recorded else None
        self.meeting = None
        talk = self.talk = self._conversation(partner, home, meeting.bridge, recording)
        talk.began(self._books.joined(partner, home, meeting.bridge, recording))
        if not partner.is_outside:
            self._parts.room.joined(partner.reservation)
        return talk

    async def resume(self, found: ResumedVisit, home: Home) -> Partner:
        """Take up a conversation that outlived the engine; return who served."""
        partner, bridge = resumed_partner(found), found.bridges[0]
        talk = self.talk = self._conversation(partner, home, bridge, found.recording)
        talk.began(found.joined_at)
        if not found.agent_left:
            self._calling.adopt(partner)
        await self._rearrange(talk, found)
        self.listen()
        return partner

    async def _rearrange(self, talk: Conversation, found: ResumedVisit) -> None:
        """Bring everybody to where they were to be; a talk without any order is left alone."""
        talk.remember_aside()
        if found.is_recording_ordered:
            await talk.tape.take_up()
        turned, third = found.turned, resumed_third(found)
        if third is not None:
            self._calling.adopt(third)
        if turned is not None:
            phase = TalkPhase(turned.phase)
            await talk.resume(phase, third, recording_paused=turned.recording_paused)
        elif found.transferred is not None and found.transferred.attended:
            # The engine died between handing the caller over and saying so.
            await talk.resume(TalkPhase.TALKING, None, recording_paused=False)

    def _conversation(
        self, partner: Partner, home: Home, bridge: BridgeId, recording: RecordingName | None
    ) -> Conversation:
        return Conversation(
            self._context,
            self._parts,
            self._player,
            partner=partner,
            home=home,
            bridge=bridge,
            recording=recording,
            music_class=self._order.music_class,
            calling=self._calling,
            limit=self._limit_call,
            listen=self.listen,
        )

    def introduces(self, playback: PlaybackId) -> bool:
        """Tell whether ``playback`` is heard before the two are joined."""
        return self.meeting is not None and self.meeting.plays(playback)

    async def cut_whisper(self) -> None:
        """Spare the agent what is still to be told."""
        if self.meeting is not None:
            await self.meeting.cut_whisper()

    async def free_caller(self) -> None:
        """Let the caller hear nothing of it any more."""
        await self._player.music_off()
        if self.talk is not None:
            await self.talk.free_caller()

    async def part(self) -> None:
        """Remove what joins the two, or was to join them."""
        self._limit_whisper(None)
        if self.meeting is not None:
            await self.meeting.break_off()
            self.meeting = None
        if self.talk is not None:
            await self.talk.take_down()
            self.talk = None
        self.listen()

    def listen(self) -> None:
        """Listen to the agents' telephones that take part, and to no others."""
        if self.talk is not None:
            self._ear.listen_to(self.talk.agents_legs)
        elif self.meeting is not None and not self.meeting.partner.is_outside:
            self._ear.listen_to((self.meeting.partner.leg,))
        else:
            self._ear.listen_to(())
