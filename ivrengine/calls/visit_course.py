"""The course of one visit: each step from the wish for a person to whatever comes after the talk.

A conversation may lead to a further search, as when a transfer fails, so searches and conversations
follow each other here until the caller goes on in the menus or hangs up. What makes the visit take
a step stands in ``visit``.
"""

from functools import partial
from typing import assert_never

import structlog

from ivrengine.agents.ports import AgentAnswered, OfferEnded, WithdrawCause
from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.encounter import Encounter
from ivrengine.calls.meeting import Meeting
from ivrengine.calls.patience import attempt
from ivrengine.calls.player import Player
from ivrengine.calls.reserved import Reserved
from ivrengine.calls.talk.books import Books, Home
from ivrengine.calls.talk.departure import Departure, Onward, Served, ToMenu
from ivrengine.calls.talk.third import Calling, Partner
from ivrengine.calls.trail import Trail
from ivrengine.calls.visit_news import Alarm, Answer, EnterMenu, Phase
from ivrengine.calls.visit_post import VisitPost
from ivrengine.calls.visit_resumed import ResumedVisit
from ivrengine.errors import LegGone, SwitchRefused, TelephonyError
from ivrengine.flow.effects import Prompt, Seek
from ivrengine.flow.inputs import Input, Joined, SeekEnded, Waiting
from ivrengine.telephony import PlaybackFinished, PlaybackId
from ivrengine.values import AgentNumber, PromptId

log = structlog.get_logger(__name__)

APOLOGY = PromptId("talk.interrupted")


class Course:
    """Where a visit is, and the steps that it can take.

    Args:
        order: what the flow wants.
        context: the call.
        parts: what every call uses.
        player: what the caller hears.
        post: by which news come to the visit.
        since: when the wait began that counts, in epoch seconds.

    Attributes:
        phase: how far the visit has come.
        generation: the number of the flow's order.
        trail: the searches, one after the other.
        encounter: whoever the caller is with.
    """

    def __init__(
        self,
        order: Seek,
        context: CallContext,
        parts: CallParts,
        *,
        player: Player,
        post: VisitPost,
        since: float,
    ) -> None:
        self.phase = Phase.SEEKING
        self.generation = order.generation
        self._order = order
        self._parts = parts
        self._player = player
        self._post = post
        self._books = Books(context, parts)
        self._apology: PlaybackId | None = None
        self._calling = Calling(context, parts, told=post.told, overheard=post.overhear)
        home = Home(queue=order.queue, agent=order.agent, since=since)
        self.trail = Trail(home, order, context, parts, calling=self._calling)
        self.trail.when_limited(partial(post.set, Alarm.WAY))
        self.encounter = Encounter(
            order,
            context,
            parts,
            player=player,
            calling=self._calling,
            limit_call=partial(post.set, Alarm.CALL),
            limit_whisper=partial(post.set, Alarm.WHISPER),
            overheard=post.overhear,
        )

    @property
    def agent(self) -> str:
        """Number of the agent who has answered, empty while there is none."""
        partner = self.encounter.partner
        return partner.agent if partner is not None and self.has_agent else ""

    @property
    def has_agent(self) -> bool:
        """Whether somebody has answered, so that the caller may hear nothing but them."""
        return self.phase in (Phase.ANNOUNCING, Phase.TALKING)

    # How it begins.

    async def begin(self) -> None:
        """Ask for a person and start the music."""
        self.trail.begin(self._player.language)
        await self._player.music_on(self._order.music_class)

    async def attend(self, reserved: Reserved) -> Answer:
        """Begin in a place that is the caller's already, perhaps with an agent on the line."""
        self.trail.attend(reserved, self._player.language)
        answered = reserved.take()
        if answered is not None:
            return await self.answered(answered)
        await self._player.music_on(self._order.music_class)
        return None

    async def resume(self, found: ResumedVisit) -> Answer:
        """Go on with what outlived the engine."""
        if found.is_talk:
            return await self._resume_talk(found)
        for bridge in found.bridges_left:
            await attempt(self._parts.switch.destroy_bridge, bridge)
        if not self.trail.resume(found, self._player.language):
            return await self.lead_on()
        # Whether the music was on at that moment, or paused for a prompt, nobody knows.
        await self._player.music_on(self._order.music_class)
        return None

    async def _resume_talk(self, found: ResumedVisit) -> Input:
        self.trail.resume_found(found)
        self.phase = Phase.TALKING
        partner = await self.encounter.resume(found, self.trail.home)
        if found.agent_left:
            self._post.has_left(partner, self._parts.clock.now())
        return Joined(generation=self.generation, agent=partner.agent)

    # From an answer to a conversation.

    async def answered(self, event: AgentAnswered) -> Answer:
        """Introduce the caller to the agent who has answered."""
        self._post.set(Alarm.WAY, None)
        return await self.meet(self.trail.partner(event))

    async def meet(self, partner: Partner) -> Answer:
        """Introduce the caller to whoever has answered, and join them."""
        self.phase = Phase.ANNOUNCING
        try:
            meeting = await self.encounter.meet(partner, self.trail.seeking.asked)
        except SwitchRefused as fault:
            return await self._not_joined(partner, fault)
        return await self._join(meeting)

    def introduces(self, playback: PlaybackId) -> bool:
        """Tell whether ``playback`` leads to what comes next: an introduction, an apology."""
        return self.encounter.introduces(playback) or playback == self._apology

    async def introduced(self, event: PlaybackFinished) -> Answer:
        """Take note that a part of the introduction is over; after the last, join the two."""
        meeting, playback = self.encounter.meeting, event.playback
        if playback == self._apology:
            self._apology = None
            await self._player.finished(event)
            return self.waiting() if self.phase is Phase.SEEKING else None
        if meeting is None or not meeting.plays(playback):
            return None
        meeting.heard(playback)
        return await self._join(meeting)

    async def _join(self, meeting: Meeting) -> Answer:
        if not meeting.is_introduced:
            return None
        try:
            await meeting.join()
        except (LegGone, SwitchRefused) as fault:
            return await self._not_joined(meeting.partner, fault)
        self.trail.found()
        self.phase = Phase.TALKING
        talk = self.encounter.begin_talk(meeting, self.trail.home)
        await talk.tape.begin()
        return Joined(generation=self.generation, agent=talk.partner.agent)

    async def _not_joined(self, partner: Partner, fault: TelephonyError) -> Answer:
        log.warning("join_failed", agent=partner.agent, fault=str(fault))
        if partner.is_outside:
            self.trail.outside_gone()
            await self._calling.let_go(partner)
            return await self.lead_on()
        self._parts.room.join_failed(partner.reservation)
        await self._wait_again()
        return None

    async def offer_ended(self, event: OfferEnded) -> Answer:
        """Take in that an agent does not come, perhaps after all; somebody else will be sought."""
        self.trail.seeking.note_offer_ended(event)
        partner, talk = self.encounter.partner, self.encounter.talk
        if partner is None or partner.reservation != event.reservation:
            return None
        if talk is not None:
            # The agent hung up in the instant of the joining: for the agents' side it never was.
            self._books.left(partner, talk.joined_at, "agent")
            self.trail.seeking.note_sought()
        await self._wait_again()
        return self.waiting() if talk is not None else None

    async def _wait_again(self) -> None:
        self.phase = Phase.SEEKING
        self.trail.limit_again()
        await self.encounter.part()
        await self._player.music_on(self._order.music_class)

    # From a conversation to whatever comes after it.

    async def depart(self, departure: Departure | None) -> Answer:
        """Lead the caller out of the conversation; None when it goes on."""
        match departure:
            case None:
                return None
            case Served():
                return await self._end("served")
            case Onward(ways=ways, sorry=sorry):
                self.trail.lead(ways)
                return await self.lead_on(sorry=sorry)
            case ToMenu(flow=flow):
                await self._close()
                return EnterMenu(flow=flow)
            case _:
                assert_never(departure)

    async def lead_on(self, outcome: str = "failed", *, sorry: bool = False) -> Answer:
        """Try the next way; without one the visit ends in ``outcome``."""
        trail = self.trail
        if not trail.next(self._player.language):
            return await self._end(outcome)
        self.phase = Phase.SEEKING
        await self.encounter.part()
        await self._player.music_on(self._order.music_class)
        if sorry:
            self._apology = await self._player.say([Prompt(id=APOLOGY)])
        if trail.outside is not None:
            await self._calling.ring(trail.outside)
            return None
        return self.waiting()

    async def withdraw(self, cause: WithdrawCause) -> None:
        """End the visit from the caller's side, wherever it is."""
        was, self.phase, talk = self.phase, Phase.OVER, self.encounter.talk
        self._post.stop_all()
        await self.trail.withdraw(cause)
        if was is Phase.TALKING and talk is not None:
            await talk.end(cause)
        if cause is not WithdrawCause.CALLER_GONE:
            await self.encounter.free_caller()
        await self.encounter.part()

    async def _end(self, outcome: str) -> SeekEnded:
        agent = AgentNumber(self.agent)
        await self._close()
        return SeekEnded(generation=self.generation, outcome=outcome, agent=agent)

    async def _close(self) -> None:
        self.phase = Phase.OVER
        self._post.stop_all()
        await self.encounter.free_caller()
        await self.encounter.part()

    def waiting(self) -> Waiting | None:
        """Return where the caller stands; no news is told into an apology."""
        if self._apology is not None:
            return None
        return Waiting(generation=self.generation, position=self.trail.seeking.position)
