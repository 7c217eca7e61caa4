"""One visit to the agents: seeking a person, the announcement, the conversation, its end.

The agents' side decides who comes and owns the agent's leg; here the caller's leg waits with
music, is bridged with the agent's, recorded, and taken out again. Nothing that happens to an
agent's leg ends the caller's.
"""

import asyncio
from dataclasses import dataclass
from enum import StrEnum

import structlog

from acd.model import ContactId, ReservationId
from ivrengine.agents.ports import (
    AgentAnswered,
    AgentLeft,
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
    PersonOffered,
    PersonSought,
    SeekGivenUp,
    Side,
)
from ivrengine.calls.player import Player
from ivrengine.errors import TelephonyError
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


@dataclass(slots=True, kw_only=True)
class _Partner:
    reservation: ReservationId
    agent: AgentNumber
    leg: LegId
    bridge: BridgeId
    recording: RecordingName | None
    announcement: PlaybackId | None = None
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
        self._partner: _Partner | None = None

    @property
    def queue(self) -> str:
        """Name of the queue that is waited in; empty when one agent is sought."""
        return self._order.queue

    async def begin(self, sink: VisitSink) -> None:
        """Start the music and ask for a person."""
        await self._player.music_on(self._order.music_class)
        self._note_sought()
        self._ask(sink)

    async def resume_waiting(self, contact: ContactId, since: float, sink: VisitSink) -> None:
        """Go on waiting in the place held before a restart; the music never stopped."""
        self.contact, self.since = contact, since
        await self._player.music_on(self._order.music_class, sounds_already=True)
        self._ask(sink)

    def resume_talk(self, talk: TalkResumed, joined: PersonJoined, sink: VisitSink) -> Joined:
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
        self._parts.room.adopt(talk, sink)
        return Joined(generation=self.generation, agent=talk.agent)

    async def told(self, event: VisitEvent) -> Input | None:
        """Take in what the agents' side tells; the answer is for the flow."""
        if self.phase is Phase.OVER:
            return None
        match event:
            case PositionChanged(position=position):
                return Waiting(generation=self.generation, position=position)
            case OfferMade():
                self._note_offer(event)
                return None
            case OfferEnded():
                await self._offer_ended(event)
                return None
            case AgentAnswered():
                return await self._announce(event)
            case AgentLeft():
                return await self._agent_left(event)
            case VisitEnded(outcome=outcome):
                return await self._nobody_comes(outcome)

    def announces(self, playback: PlaybackId) -> bool:
        """Tell whether ``playback`` is the announcement after which the two are joined."""
        partner = self._partner
        return partner is not None and partner.announcement == playback

    async def announced(self) -> Input | None:
        """Join caller and agent, the announcement being over; nothing when that is done already."""
        partner = self._partner
        if partner is None or self.phase is not Phase.ANNOUNCING:
            return None
        partner.announcement = None
        switch = self._parts.switch
        try:
            await switch.join(partner.bridge, [self._context.leg, partner.leg])
            if partner.recording is not None:
                await switch.record_bridge(partner.bridge, partner.recording)
        except TelephonyError as fault:
            log.warning("join_failed", agent=partner.agent, fault=str(fault))
            self._parts.room.join_failed(partner.reservation)
            await self._wait_again()
            return None
        return self._joined(partner)

    async def withdraw(self, cause: WithdrawCause) -> None:
        """End the visit from the caller's side, wherever it is."""
        if self.phase is Phase.OVER:
            return
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
            ),
            sink,
        )

    async def _announce(self, event: AgentAnswered) -> Input | None:
        ids, switch = self._context.ids, self._parts.switch
        self.phase = Phase.ANNOUNCING
        self.agent = event.agent
        partner = _Partner(
            reservation=event.reservation,
            agent=event.agent,
            leg=event.leg,
            bridge=ids.bridge(),
            recording=ids.recording() if self._order.recorded else None,
        )
        self._partner = partner
        await self._player.music_off()
        await self._player.silence()
        sounds = await self._player.announce_with(self._order.announcement, event.agent)
        try:
            if not sounds:
                await switch.create_bridge(partner.bridge)
                return await self.announced()
            partner.announcement = ids.playback()
            await asyncio.gather(
                switch.create_bridge(partner.bridge),
                switch.play(self._context.leg, partner.announcement, sounds),
                self._tell_agent(partner.leg, ids.playback(), sounds),
            )
        except TelephonyError as fault:
            log.warning("announcement_failed", agent=event.agent, fault=str(fault))
            return await self.announced()
        return None

    async def _tell_agent(self, leg: LegId, playback: PlaybackId, sounds: tuple[str, ...]) -> None:
        try:
            await self._parts.switch.play(leg, playback, sounds)
        except TelephonyError as fault:
            log.warning("agent_not_told", leg=leg, fault=str(fault))

    def _joined(self, partner: _Partner) -> Joined:
        now = self._parts.clock.now()
        self.phase = Phase.TALKING
        partner.joined_at = now
        self._parts.room.joined(partner.reservation)
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
        return Joined(generation=self.generation, agent=partner.agent)

    async def _offer_ended(self, event: OfferEnded) -> None:
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
        if self._partner is not None and self._partner.reservation == event.reservation:
            await self._wait_again()

    async def _agent_left(self, event: AgentLeft) -> SeekEnded | None:
        partner = self._partner
        if partner is None or partner.reservation != event.reservation:
            return None
        self._close("agent", outcome="failed")
        await self._player.music_off()
        await self._part()
        return SeekEnded(generation=self.generation, outcome="served", agent=event.agent)

    async def _nobody_comes(self, outcome: str) -> SeekEnded:
        self._close("system", outcome=outcome)
        await self._player.music_off()
        await self._part()
        return SeekEnded(generation=self.generation, outcome=outcome)

    async def _wait_again(self) -> None:
        await self._part()
        self.phase = Phase.SEEKING
        self.agent = ""
        await self._player.music_on(self._order.music_class)

    async def _part(self) -> None:
        partner, self._partner = self._partner, None
        if partner is None:
            return
        switch = self._parts.switch
        try:
            if partner.announcement is not None:
                await switch.stop(partner.announcement)
            if partner.joined_at and partner.recording is not None:
                await switch.stop_recording(partner.recording)
            await switch.destroy_bridge(partner.bridge)
        except TelephonyError as fault:
            log.warning("bridge_not_removed", bridge=partner.bridge, fault=str(fault))

    def _close(self, by: Side, *, outcome: str) -> None:
        now = self._parts.clock.now()
        call, partner = self._context.call, self._partner
        talked = self.phase is Phase.TALKING and partner is not None
        self.phase = Phase.OVER
        if talked and partner is not None:
            self._parts.journal.note(
                PersonLeft(
                    call=call,
                    at=now,
                    contact=self.contact,
                    agent=partner.agent,
                    by=by,
                    talked_s=round(now - partner.joined_at, 3),
                )
            )
        else:
            self._parts.journal.note(
                SeekGivenUp(
                    call=call,
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
                at=self.since,
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
