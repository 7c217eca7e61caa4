"""One visit to the agents: the search for a person, the introduction, the conversation, its end.

The agents' side decides who comes and owns the agent's leg; the caller's leg and the bridge are
this side's. Nothing that happens to an agent's leg ends the caller's. Here news are taken in, one
after the other; the steps to which they lead stand in ``visit_course``.
"""

from collections.abc import Sequence
from typing import assert_never

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
from ivrengine.calls.player import Player
from ivrengine.calls.reserved import Reserved
from ivrengine.calls.talk.orders import TakeOver, TalkAnswer, TalkOrder
from ivrengine.calls.talk.steering import Steering
from ivrengine.calls.visit_course import Course
from ivrengine.calls.visit_news import (
    Alarm,
    Answer,
    Asked,
    Elapsed,
    News,
    NewsSink,
    Overheard,
    Phase,
    Told,
)
from ivrengine.calls.visit_post import VisitPost, refuse
from ivrengine.calls.visit_resumed import ResumedVisit
from ivrengine.flow.effects import Seek
from ivrengine.telephony import (
    BridgeId,
    DigitPressed,
    LegAnswered,
    LegEnded,
    LegEvent,
    PlaybackFinished,
    PlaybackId,
)


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
        self.order = order
        self._post = VisitPost(inbox)
        self._course = Course(order, context, parts, player=player, post=self._post, since=since)
        self._steering = Steering(parts)

    # What others want to know.

    @property
    def phase(self) -> Phase:
        """How far the visit has come."""
        return self._course.phase

    @property
    def contact(self) -> ContactId:
        """The contact that is the caller's at the moment; empty with a telephone outside."""
        talk = self._course.encounter.talk
        return talk.partner.contact if talk else self._course.trail.seeking.contact

    @property
    def since(self) -> float:
        """When the wait began that counts, in epoch seconds."""
        return self._course.trail.home.since

    @property
    def agent(self) -> str:
        """Number of the agent who has answered, empty while there is none."""
        return self._course.agent

    @property
    def queue(self) -> str:
        """Name of the queue that is waited in; empty when one agent is sought."""
        return self._course.trail.seeking.asked.queue

    @property
    def bridges(self) -> Sequence[BridgeId]:
        """The bridges that belong to this visit."""
        return self._course.encounter.bridges

    @property
    def has_agent(self) -> bool:
        """Whether somebody has answered, so that the caller may hear nothing but them."""
        return self._course.has_agent

    def introduces(self, playback: PlaybackId) -> bool:
        """Tell whether ``playback`` leads to what comes next: an introduction, an apology."""
        return self._course.introduces(playback)

    # What the call does.

    async def begin(self) -> None:
        """Ask for a person and start the music."""
        await self._course.begin()

    async def attend(self, reserved: Reserved) -> Answer:
        """Begin in a place that is the caller's already, perhaps with an agent on the line."""
        return await self._course.attend(reserved)

    async def resume(self, found: ResumedVisit) -> Answer:
        """Go on with what outlived the engine."""
        return await self._course.resume(found)

    async def introduced(self, event: PlaybackFinished) -> Answer:
        """Take note that a part of the introduction is over; after the last, join the two."""
        return await self._course.introduced(event)

    async def withdraw(self, cause: WithdrawCause) -> None:
        """End the visit from the caller's side, wherever it is."""
        await self._course.withdraw(cause)

    # What happens.

    async def ask(self, order: TalkOrder | TakeOver) -> TalkAnswer:
        """Order something for the conversation; returns when it is done, or cannot be done.

        The order goes through the inbox, so a call that ends may never answer.
        """
        return await self._post.ask(order)

    async def take(self, news: News) -> Answer:
        """Take in news, which came through the inbox; the answer is for the caller's flow."""
        course, talk = self._course, self._course.encounter.talk
        if course.phase is Phase.OVER:
            refuse(news, "the conversation is over")
            return None
        match news:
            case Told(contact=contact, event=event) if contact == self.contact:
                answer = await self._told(event)
            case _ if talk is not None:
                answer = await course.depart(await self._steering.take(talk, news))
            case Overheard(event=event):
                answer = await self._overheard(event)
            case Elapsed(alarm=alarm):
                answer = await self._elapsed(alarm)
            case Asked() | Told():
                refuse(news, "caller and agent do not hear each other yet")
                answer = None
            case _:
                assert_never(news)
        course.encounter.listen()
        return answer

    async def _told(self, event: VisitEvent) -> Answer:
        course, seeking = self._course, self._course.trail.seeking
        match event:
            case PositionChanged(position=position):
                seeking.position = position
                return course.waiting()
            case Moved():
                seeking.note_moved(event)
                return None
            case OfferMade():
                seeking.note_offer(event)
                return None
            case OfferEnded():
                return await course.offer_ended(event)
            case AgentAnswered():
                return await course.answered(event)
            case AgentLeft(reservation=reservation):
                talk = course.encounter.talk
                if talk is None or talk.partner.reservation != reservation:
                    return None
                return await course.depart(await talk.partner_left())
            case VisitEnded(outcome=outcome):
                seeking.give_up(outcome)
                return await course.lead_on(outcome)
            case _:
                assert_never(event)

    async def _overheard(self, event: LegEvent) -> Answer:
        """Take in what happens on a leg before there is a conversation."""
        course, outside = self._course, self._course.trail.outside
        match event:
            case PlaybackFinished():
                return await course.introduced(event)
            case DigitPressed(digit="#"):
                await course.encounter.cut_whisper()
            case LegAnswered(leg=leg) if outside is not None and leg == outside.leg:
                return await course.meet(outside)
            case LegEnded(leg=leg) if outside is not None and leg == outside.leg:
                course.trail.outside_gone()
                return await course.lead_on()
            case _:
                pass
        return None

    async def _elapsed(self, alarm: Alarm) -> Answer:
        course = self._course
        if alarm == Alarm.WHISPER:
            await course.encounter.cut_whisper()
        elif alarm == Alarm.WAY and course.phase is Phase.SEEKING:
            course.trail.seeking.withdraw(WithdrawCause.TIMED_OUT)
            return await course.lead_on(WithdrawCause.TIMED_OUT)
        return None
