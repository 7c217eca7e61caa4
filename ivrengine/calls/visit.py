"""One visit to the agents: seeking a person, the announcement, the conversation, its end.

The agents' side decides who comes and owns the agent's leg; here the caller's leg waits with
music, is bridged with the agent's, recorded, and taken out again. Nothing that happens to an
agent's leg ends the caller's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

import structlog

from acd.model import ContactId, ReservationId
from ivrengine.agents.ports import (
    AgentAnswered,
    AgentLeft,
    Moved,
    OfferEnded,
    OfferMade,
    PersonWanted,
    PositionChanged,
    TalkResumed,
    VisitEnded,
    VisitEvent,
    VisitSink,
    WithdrawCause,
)
from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.facts import (
    OfferFailed,
    PersonJoined,
    PersonLeft,
    PersonMoved,
    PersonOffered,
    PersonSought,
    SeekGivenUp,
    Side,
)
from ivrengine.calls.media import Media
from ivrengine.calls.patience import attempt, insist
from ivrengine.calls.player import Player
from ivrengine.errors import LegGone, SwitchRefused, TelephonyError
from ivrengine.flow.effects import Seek
from ivrengine.flow.inputs import Input, Joined, SeekEnded, Waiting
from ivrengine.telephony import BridgeId, LegId, PlaybackId, RecordingName
from ivrengine.values import AgentNumber

log = structlog.get_logger(__name__)


class Phase(StrEnum):
    """How far the visit has come."""

    SEEKING = "seeking"
    ANNOUNCING = "announcing"
    TALKING = "talking"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Announcement:
    """What tells the caller who has answered; it began when it was ordered, to a few ms."""

    playback: PlaybackId
    names: Sequence[str]
    began_at: float


@dataclass(slots=True, kw_only=True)
class _Partner:
    reservation: ReservationId
    agent: AgentNumber
    leg: LegId
    bridge: BridgeId
    recording: RecordingName | None
    announcement: _Announcement | None = None
    joined_at: float = 0.0


class Visit:
    """A caller's visit to the agents, from the wish for a person to its end."""

    def __init__(self, order: Seek, context: CallContext, parts: CallParts, player: Player) -> None:
        self.phase = Phase.SEEKING
        self.contact = context.ids.contact()
        self.generation = order.generation
        self.since = parts.clock.now()
        self.agent = ""
        self._order = order
        self._context = context
        self._parts = parts
        self._player = player
        self._position = 0
        self._partner: _Partner | None = None

    @property
    def queue(self) -> str:
        """Name of the queue that is waited in; empty when one agent is sought."""
        return self._order.queue

    @property
    def bridge(self) -> BridgeId | None:
        """The bridge that is or will be the caller's and the agent's."""
        return self._partner.bridge if self._partner else None

    @property
    def has_agent(self) -> bool:
        """Whether an agent has answered, so that the caller may hear nothing but the agent."""
        return self.phase in (Phase.ANNOUNCING, Phase.TALKING)

    async def begin(self, sink: VisitSink) -> None:
        """Ask for a person and start the music."""
        self._note_sought()
        self._ask(sink)
        await self._player.music_on(self._order.music_class)

    async def resume_waiting(self, contact: ContactId, since: float, sink: VisitSink) -> None:
        """Go on waiting in the place held before a restart.

        Nobody knows whether the music was on at that moment or paused for a prompt.
        """
        self.contact, self.since = contact, since
        self._ask(sink)
        await self._player.music_on(self._order.music_class)

    def resume_talk(self, talk: TalkResumed, joined: PersonJoined) -> Joined:
        """Go on with a conversation that outlived the engine."""
        self.contact, self.since = talk.contact, talk.since
        self._partner = _Partner(
            reservation=talk.reservation,
            agent=talk.agent,
            leg=talk.agent_leg,
            bridge=BridgeId(joined.bridge),
            recording=RecordingName(joined.recording) if joined.recording else None,
            joined_at=joined.at,
        )
        self.agent = talk.agent
        self.phase = Phase.TALKING
        return Joined(generation=self.generation, agent=talk.agent)

    async def told(self, event: VisitEvent) -> Input | None:
        """Take in what the agents' side tells; the answer is for the flow."""
        if self.phase is Phase.OVER:
            return None
        match event:
            case PositionChanged(position=position):
                self._position = position
                return self._waiting()
            case Moved():
                self._note_moved(event)
                return None
            case OfferMade():
                self._note_offer(event)
                return None
            case OfferEnded():
                return await self._offer_ended(event)
            case AgentAnswered():
                return await self._announce(event)
            case AgentLeft():
                return await self._agent_left(event)
            case VisitEnded(outcome=outcome):
                return await self._end("system", outcome)
            case _:
                assert_never(event)

    def announces(self, playback: PlaybackId) -> bool:
        """Tell whether ``playback`` is the announcement after which the two are joined."""
        announcement = self._partner.announcement if self._partner else None
        return announcement is not None and announcement.playback == playback

    async def announced(self) -> Joined | None:
        """Join caller and agent, the announcement being over; nothing when that is done already."""
        partner = self._partner
        if partner is None or self.phase is not Phase.ANNOUNCING:
            return None
        self._note_announcement(partner, cut=False)
        legs = [self._context.leg, partner.leg]
        try:
            await insist(self._parts.switch.join, partner.bridge, legs)
        except (LegGone, SwitchRefused) as fault:
            await self._not_joined(partner, fault)
            return None
        self._note_joined(partner)
        if partner.recording is not None:
            await attempt(self._parts.switch.record_bridge, partner.bridge, partner.recording)
        return Joined(generation=self.generation, agent=partner.agent)

    async def withdraw(self, cause: WithdrawCause) -> None:
        """End the visit from the caller's side, wherever it is."""
        if self.phase is not Phase.OVER:
            self._close("caller", outcome=cause)
            self._parts.room.withdraw(self.contact, cause)
        if cause is not WithdrawCause.CALLER_GONE:
            await self._player.music_off()
        await self._part()

    def _ask(self, sink: VisitSink) -> None:
        order = self._order
        self._parts.room.ask(
            PersonWanted(
                contact=self.contact,
                queue=order.queue,
                agent=AgentNumber(order.agent) if order.agent else None,
                caller=self._context.caller,
                language=self._player.language,
                since=self.since,
                band=self._parts.admission.band_of(self._context.standing.caller_class),
                branch=self._context.standing.profile.branch,
                dialect=self._context.standing.profile.dialect,
            ),
            sink,
        )

    def _waiting(self) -> Waiting:
        return Waiting(generation=self.generation, position=self._position)

    async def _announce(self, event: AgentAnswered) -> Joined | None:
        ids, switch = self._context.ids, self._parts.switch
        partner = self._partner = _Partner(
            reservation=event.reservation,
            agent=event.agent,
            leg=event.leg,
            bridge=ids.bridge(),
            recording=ids.recording() if self._order.recorded else None,
        )
        self.phase = Phase.ANNOUNCING
        self.agent = event.agent
        await self._player.music_off()
        await self._player.silence()
        try:
            await insist(switch.create_bridge, partner.bridge)
        except SwitchRefused as fault:
            await self._not_joined(partner, fault)
            return None
        media = self._player.announcement(self._order.announcement, event.agent)
        if media is not None and media.uris and await self._tell_both(partner, media):
            return None
        return await self.announced()

    async def _tell_both(self, partner: _Partner, media: Media) -> bool:
        """Play the announcement; the caller's tells when it is over, so False without that one."""
        ids, switch = self._context.ids, self._parts.switch
        playback = ids.playback()
        partner.announcement = _Announcement(
            playback=playback, names=media.names, began_at=self._parts.clock.now()
        )
        if not await attempt(switch.play, self._context.leg, playback, media.uris):
            partner.announcement = None
            return False
        try:
            await attempt(switch.play, partner.leg, ids.playback(), media.uris)
        except LegGone:
            log.info("agent_gone_before_announcement", agent=partner.agent)
        return True

    async def _not_joined(self, partner: _Partner, fault: TelephonyError) -> None:
        log.warning("join_failed", agent=partner.agent, fault=str(fault))
        self._parts.room.join_failed(partner.reservation)
        await self._wait_again()

    def _note_announcement(self, partner: _Partner, *, cut: bool) -> None:
        announcement, partner.announcement = partner.announcement, None
        if announcement is not None:
            self._player.note_heard(announcement.names, announcement.began_at, cut=cut)

    def _note_joined(self, partner: _Partner) -> None:
        now = self._parts.clock.now()
        self.phase = Phase.TALKING
        partner.joined_at = now
        self._parts.journal.note(
            PersonJoined(
                call=self._context.call,
                at=now,
                contact=self.contact,
                agent=partner.agent,
                reservation=partner.reservation,
                agent_leg=partner.leg,
                bridge=partner.bridge,
                recording=partner.recording or "",
                waited_s=round(now - self.since, 3),
            )
        )
        self._parts.room.joined(partner.reservation)

    async def _offer_ended(self, event: OfferEnded) -> Waiting | None:
        self._parts.journal.note(
            OfferFailed(
                call=self._context.call,
                at=self._parts.clock.now(),
                contact=self.contact,
                agent=event.agent,
                reservation=event.reservation,
                cause=event.cause,
            )
        )
        partner = self._partner
        if partner is None or partner.reservation != event.reservation:
            return None
        if self.phase is Phase.ANNOUNCING:
            await self._wait_again()
            return None
        # The agent hung up in the instant of the joining: for the agents' side it never happened.
        self._note_left(partner, "agent")
        self._note_sought()
        await self._wait_again()
        return self._waiting()

    async def _agent_left(self, event: AgentLeft) -> SeekEnded | None:
        partner = self._partner
        if partner is None or partner.reservation != event.reservation:
            return None
        return await self._end("agent", "served", agent=event.agent)

    async def _end(self, by: Side, outcome: str, agent: str = "") -> SeekEnded:
        self._close(by, outcome=outcome)
        await self._player.music_off()
        await self._part()
        return SeekEnded(generation=self.generation, outcome=outcome, agent=agent)

    async def _wait_again(self) -> None:
        self.phase = Phase.SEEKING
        self.agent = ""
        await self._part()
        await self._player.music_on(self._order.music_class)

    async def _part(self) -> None:
        partner = self._partner
        if partner is None:
            return
        switch = self._parts.switch
        if partner.announcement is not None:
            playback = partner.announcement.playback
            self._note_announcement(partner, cut=True)
            await attempt(switch.stop, playback)
        if partner.joined_at and partner.recording is not None:
            await attempt(switch.stop_recording, partner.recording)
        await attempt(switch.destroy_bridge, partner.bridge)
        self._partner = None

    def _close(self, by: Side, *, outcome: str) -> None:
        partner = self._partner if self.phase is Phase.TALKING else None
        self.phase = Phase.OVER
        if partner is not None:
            self._note_left(partner, by)
        else:
            self._note_given_up(outcome)

    def _note_left(self, partner: _Partner, by: Side) -> None:
        now = self._parts.clock.now()
        self._parts.journal.note(
            PersonLeft(
                call=self._context.call,
                at=now,
                contact=self.contact,
                agent=partner.agent,
                by=by,
                talked_s=round(now - partner.joined_at, 3),
            )
        )

    def _note_given_up(self, outcome: str) -> None:
        now = self._parts.clock.now()
        self._parts.journal.note(
            SeekGivenUp(
                call=self._context.call,
                at=now,
                contact=self.contact,
                outcome=outcome,
                waited_s=round(now - self.since, 3),
            )
        )

    def _note_sought(self) -> None:
        self._parts.journal.note(
            PersonSought(
                call=self._context.call,
                at=self._parts.clock.now(),
                contact=self.contact,
                queue=self._order.queue,
                agent=self._order.agent,
                since=self.since,
            )
        )

    def _note_offer(self, event: OfferMade) -> None:
        self._parts.journal.note(
            PersonOffered(
                call=self._context.call,
                at=self._parts.clock.now(),
                contact=self.contact,
                agent=event.agent,
                reservation=event.reservation,
            )
        )

    def _note_moved(self, event: Moved) -> None:
        self._parts.journal.note(
            PersonMoved(
                call=self._context.call,
                at=self._parts.clock.now(),
                contact=self.contact,
                queue=event.queue,
                step=event.step,
                cause=event.cause,
                by=event.by,
            )
        )
