"""One visit to the agents: the search for a person, the introduction, the conversation, its end.

The agents' side decides who comes and owns the agent's leg; the caller's leg and the bridge are
this side's. Nothing that happens to an agent's leg ends the caller's. A conversation may lead to a
further search, as when a transfer fails, so searches and conversations follow each other here until
the caller goes on in the menus or hangs up.
"""

from collections.abc import Sequence
from functools import partial
from typing import assert_never

import structlog

from acd.model import ContactId
from ivrengine.agents.ports import (
    AgentAnswered,
    AgentLeft,
    Moved,
    OfferEnded,
    OfferMade,
    PositionChanged,
    VisitEnded,
    VisitEvent,
    WithdrawCause,
)
from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.encounter import Encounter
from ivrengine.calls.meeting import Meeting
from ivrengine.calls.patience import attempt
from ivrengine.calls.player import Player
from ivrengine.calls.reserved import Reserved
from ivrengine.calls.talk.books import Books, Home
from ivrengine.calls.talk.departure import Departure, Onward, Served, ToMenu
from ivrengine.calls.talk.orders import TakeOver, TalkAnswer, TalkOrder
from ivrengine.calls.talk.steering import Steering
from ivrengine.calls.talk.third import Calling, Partner
from ivrengine.calls.trail import Trail
from ivrengine.calls.visit_news import (
    Alarm,
    Answer,
    Asked,
    Elapsed,
    EnterMenu,
    News,
    NewsSink,
    Overheard,
    Phase,
    Told,
)
from ivrengine.calls.visit_post import VisitPost, refuse
from ivrengine.calls.visit_resumed import ResumedVisit
from ivrengine.errors import LegGone, SwitchRefused, TelephonyError
from ivrengine.flow.effects import Prompt, Seek
from ivrengine.flow.inputs import Input, Joined, SeekEnded, Waiting
from ivrengine.telephony import (
    BridgeId,
    DigitPressed,
    LegAnswered,
    LegEnded,
    LegEvent,
    PlaybackFinished,
    PlaybackId,
)
from ivrengine.values import AgentNumber, PromptId

log = structlog.get_logger(__name__)

APOLOGY = PromptId("talk.interrupted")


class Visit:
    """A caller's visit to the agents, from the wish for a person to its end.

    Args:
        order: what the flow wants.
        context: the call.
        parts: what every call uses.
        player: what the caller hears.
        inbox: takes news for this visit, which come back by :meth:`take`.
        since: when the wait began that counts, in epoch seconds.
    """

    def __init__(
        self,
        order: Seek,
        context: CallContext,
        parts: CallParts,
        *,
        player: Player,
        inbox: NewsSink,
        since: float,
    ) -> None:
        self.phase = Phase.SEEKING
        self.generation = order.generation
        self.order = order
        self._context = context
        self._parts = parts
        self._player = player
        self._post = VisitPost(inbox)
        self._books = Books(context, parts)
        self._apology: PlaybackId | None = None
        self._calling = Calling(context, parts, told=self._post.told, overheard=self._post.overhear)
        home = Home(queue=order.queue, agent=order.agent, since=since)
        self._trail = Trail(home, order, context, parts, calling=self._calling)
        self._trail.when_limited(partial(self._post.set, Alarm.WAY))
        self._steering = Steering(parts)
        self._with = Encounter(
            order,
            context,
            parts,
            player=player,
            calling=self._calling,
            limit_call=partial(self._post.set, Alarm.CALL),
            limit_whisper=partial(self._post.set, Alarm.WHISPER),
            overheard=self._post.overhear,
        )

    # What others want to know.

    @property
    def contact(self) -> ContactId:
        """The contact that is the caller's at the moment; empty with a telephone outside."""
        talk = self._with.talk
        return talk.partner.contact if talk else self._trail.seeking.contact

    @property
    def since(self) -> float:
        """When the wait began that counts, in epoch seconds."""
        return self._trail.home.since

    @property
    def agent(self) -> str:
        """Number of the agent who has answered, empty while there is none."""
        partner = self._with.partner
        return partner.agent if partner is not None and self.has_agent else ""

    @property
    def queue(self) -> str:
        """Name of the queue that is waited in; empty when one agent is sought."""
        return self._trail.seeking.asked.queue

    @property
    def bridges(self) -> Sequence[BridgeId]:
        """The bridges that belong to this visit."""
        return self._with.bridges

    @property
    def has_agent(self) -> bool:
        """Whether somebody has answered, so that the caller may hear nothing but them."""
        return self.phase in (Phase.ANNOUNCING, Phase.TALKING)

    # How it begins.

    async def begin(self) -> None:
        """Ask for a person and start the music."""
        self._trail.begin(self._player.language)
        await self._player.music_on(self.order.music_class)

    async def attend(self, reserved: Reserved) -> Answer:
        """Begin in a place that is the caller's already, perhaps with an agent on the line."""
        self._trail.attend(reserved, self._player.language)
        answered = reserved.take()
        if answered is not None:
            return await self._told(answered)
        await self._player.music_on(self.order.music_class)
        return None

    async def resume(self, found: ResumedVisit) -> Answer:
        """Go on with what outlived the engine."""
        if found.is_talk:
            return await self._resume_talk(found)
        for bridge in found.bridges_left:
            await attempt(self._parts.switch.destroy_bridge, bridge)
        if not self._trail.resume(found, self._player.language):
            return await self._lead_on()
        # Whether the music was on at that moment, or paused for a prompt, nobody knows.
        await self._player.music_on(self.order.music_class)
        return None

    async def _resume_talk(self, found: ResumedVisit) -> Input:
        self._trail.resume_found(found)
        self.phase = Phase.TALKING
        partner = await self._with.resume(found, self._trail.home)
        if found.agent_left:
            self._post.has_left(partner, self._parts.clock.now())
        return Joined(generation=self.generation, agent=partner.agent)

    # What happens.

    async def ask(self, order: TalkOrder | TakeOver) -> TalkAnswer:
        """Order something for the conversation; returns when it is done, or cannot be done.

        The order goes through the inbox, so a call that ends may never answer.
        """
        return await self._post.ask(order)

    async def take(self, news: News) -> Answer:
        """Take in news, which came through the inbox; the answer is for the caller's flow."""
        if self.phase is Phase.OVER:
            refuse(news, "the conversation is over")
            return None
        match news:
            case Told(contact=contact, event=event) if contact == self.contact:
                answer = await self._told(event)
            case _ if self._with.talk is not None:
                answer = await self._depart(await self._steering.take(self._with.talk, news))
            case Overheard(event=event):
                answer = await self._overheard(event)
            case Elapsed(alarm=alarm):
                answer = await self._elapsed(alarm)
            case Asked() | Told():
                refuse(news, "caller and agent do not hear each other yet")
                answer = None
            case _:
                assert_never(news)
        self._with.listen()
        return answer

    async def _told(self, event: VisitEvent) -> Answer:
        match event:
            case PositionChanged(position=position):
                self._trail.seeking.position = position
                return self._waiting()
            case Moved():
                self._trail.seeking.note_moved(event)
                return None
            case OfferMade():
                self._trail.seeking.note_offer(event)
                return None
            case OfferEnded():
                return await self._offer_ended(event)
            case AgentAnswered():
                self._post.set(Alarm.WAY, None)
                return await self._meet(self._trail.partner(event))
            case AgentLeft(reservation=reservation):
                talk = self._with.talk
                if talk is None or talk.partner.reservation != reservation:
                    return None
                return await self._depart(await talk.partner_left())
            case VisitEnded(outcome=outcome):
                self._trail.seeking.give_up(outcome)
                return await self._lead_on(outcome)
            case _:
                assert_never(event)

    async def _overheard(self, event: LegEvent) -> Answer:
        """Take in what happens on a leg before there is a conversation."""
        outside = self._trail.outside
        match event:
            case PlaybackFinished():
                return await self.introduced(event)
            case DigitPressed(digit="#"):
                await self._with.cut_whisper()
            case LegAnswered(leg=leg) if outside is not None and leg == outside.leg:
                return await self._meet(outside)
            case LegEnded(leg=leg) if outside is not None and leg == outside.leg:
                self._trail.outside_gone()
                return await self._lead_on()
            case _:
                pass
        return None

    async def _elapsed(self, alarm: Alarm) -> Answer:
        if alarm == Alarm.WHISPER:
            await self._with.cut_whisper()
        elif alarm == Alarm.WAY and self.phase is Phase.SEEKING:
            self._trail.seeking.withdraw(WithdrawCause.TIMED_OUT)
            return await self._lead_on(WithdrawCause.TIMED_OUT)
        return None

    # From an answer to a conversation.

    async def _meet(self, partner: Partner) -> Answer:
        self.phase = Phase.ANNOUNCING
        try:
            meeting = await self._with.meet(partner, self._trail.seeking.asked)
        except SwitchRefused as fault:
            return await self._not_joined(partner, fault)
        return await self._join(meeting)

    def introduces(self, playback: PlaybackId) -> bool:
        """Tell whether ``playback`` leads to what comes next: an introduction, an apology."""
        return self._with.introduces(playback) or playback == self._apology

    async def introduced(self, event: PlaybackFinished) -> Answer:
        """Take note that a part of the introduction is over; after the last, join the two."""
        meeting, playback = self._with.meeting, event.playback
        if playback == self._apology:
            self._apology = None
            await self._player.finished(event)
            return self._waiting() if self.phase is Phase.SEEKING else None
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
        self._trail.found()
        self.phase = Phase.TALKING
        talk = self._with.begin_talk(meeting, self._trail.home)
        await talk.tape.begin()
        return Joined(generation=self.generation, agent=talk.partner.agent)

    async def _not_joined(self, partner: Partner, fault: TelephonyError) -> Answer:
        log.warning("join_failed", agent=partner.agent, fault=str(fault))
        if partner.is_outside:
            self._trail.outside_gone()
            await self._calling.let_go(partner)
            return await self._lead_on()
        self._parts.room.join_failed(partner.reservation)
        await self._wait_again()
        return None

    async def _offer_ended(self, event: OfferEnded) -> Answer:
        self._trail.seeking.note_offer_ended(event)
        partner, talk = self._with.partner, self._with.talk
        if partner is None or partner.reservation != event.reservation:
            return None
        if talk is not None:
            # The agent hung up in the instant of the joining: for the agents' side it never was.
            self._books.left(partner, talk.joined_at, "agent")
            self._trail.seeking.note_sought()
        await self._wait_again()
        return self._waiting() if talk is not None else None

    async def _wait_again(self) -> None:
        self.phase = Phase.SEEKING
        self._trail.limit_again()
        await self._with.part()
        await self._player.music_on(self.order.music_class)

    # From a conversation to whatever comes after it.

    async def _depart(self, departure: Departure | None) -> Answer:
        """Lead the caller out of the conversation; None when it goes on."""
        match departure:
            case None:
                return None
            case Served():
                return await self._end("served")
            case Onward(ways=ways, sorry=sorry):
                self._trail.lead(ways)
                return await self._lead_on(sorry=sorry)
            case ToMenu(flow=flow):
                await self._close()
                return EnterMenu(flow=flow)
            case _:
                assert_never(departure)

    async def _lead_on(self, outcome: str = "failed", *, sorry: bool = False) -> Answer:
        """Try the next way; without one the visit ends in ``outcome``."""
        trail = self._trail
        if not trail.next(self._player.language):
            return await self._end(outcome)
        self.phase = Phase.SEEKING
        await self._with.part()
        await self._player.music_on(self.order.music_class)
        if sorry:
            self._apology = await self._player.say([Prompt(id=APOLOGY)])
        if trail.outside is not None:
            await self._calling.ring(trail.outside)
            return None
        return self._waiting()

    async def withdraw(self, cause: WithdrawCause) -> None:
        """End the visit from the caller's side, wherever it is."""
        was, self.phase, talk = self.phase, Phase.OVER, self._with.talk
        self._post.stop_all()
        await self._trail.withdraw(cause)
        if was is Phase.TALKING and talk is not None:
            await talk.end(cause)
        if cause is not WithdrawCause.CALLER_GONE:
            await self._with.free_caller()
        await self._with.part()

    async def _end(self, outcome: str) -> SeekEnded:
        agent = AgentNumber(self.agent)
        await self._close()
        return SeekEnded(generation=self.generation, outcome=outcome, agent=agent)

    async def _close(self) -> None:
        self.phase = Phase.OVER
        self._post.stop_all()
        await self._with.free_caller()
        await self._with.part()

    def _waiting(self) -> Waiting | None:
        """Return where the caller stands; no news is told into an apology."""
        if self._apology is not None:
            return None
        return Waiting(generation=self.generation, position=self._trail.seeking.position)
