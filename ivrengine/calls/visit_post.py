"""The ways by which news come to a visit: everything that happens is put in the call's inbox."""

import asyncio
from functools import partial

from acd.model import ContactId
from ivrengine.agents.ports import AgentLeft, VisitEvent, VisitSink
from ivrengine.calls.talk.orders import NotNow, TakeOver, TalkAnswer, TalkOrder
from ivrengine.calls.talk.third import Partner
from ivrengine.calls.timers import Timers
from ivrengine.calls.visit_news import Alarm, Asked, Elapsed, News, NewsSink, Overheard, Told
from ivrengine.telephony import HangUpCause, LegEnded, LegEvent


class VisitPost:
    """Takes in what others tell a visit, and its own alarms.

    Args:
        inbox: takes the news.
    """

    def __init__(self, inbox: NewsSink) -> None:
        self._inbox = inbox
        self._timers: Timers[News] = Timers(inbox)

    def told(self, contact: ContactId) -> VisitSink:
        """Return a sink for what the agents' side tells of ``contact``."""
        return partial(self._tell, contact)

    def _tell(self, contact: ContactId, event: VisitEvent) -> None:
        self._inbox(Told(contact=contact, event=event))

    def overhear(self, event: LegEvent) -> None:
        """Take what happens on a leg that talks with the caller, or is being called to."""
        self._inbox(Overheard(event=event))

    def has_left(self, partner: Partner, at: float) -> None:
        """Take that whoever served was gone when the engine came back."""
        if partner.is_outside:
            cause = HangUpCause.NORMAL
            self.overhear(LegEnded(leg=partner.leg, cause=cause, by_far_end=True, at=at))
        else:
            left = AgentLeft(reservation=partner.reservation, agent=partner.agent)
            self._tell(partner.contact, left)

    async def ask(self, order: TalkOrder | TakeOver) -> TalkAnswer:
        """Order something for the conversation; returns when it is done, or cannot be done.

        A call that ends may never answer.
        """
        reply: asyncio.Future[TalkAnswer] = asyncio.get_running_loop().create_future()
        self._inbox(Asked(order=order, reply=reply))
        return await reply

    def set(self, alarm: Alarm, within_s: float | None) -> None:
        """Have ``alarm`` told after so many seconds, counted anew; None for never."""
        if within_s is None:
            self._timers.stop(alarm)
        else:
            self._timers.start(alarm, within_s, Elapsed(alarm=alarm))

    def stop_all(self) -> None:
        """Let no alarm be told any more."""
        self._timers.stop_all()


def refuse(news: News, why: str) -> None:
    """Answer an order that nobody can carry out; other news want no answer."""
    if isinstance(news, Asked) and not news.reply.done():
        news.reply.set_result(NotNow(why=why))
