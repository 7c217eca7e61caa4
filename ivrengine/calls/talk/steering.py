"""What steers a conversation: the agent's keys and telephone, the API, time limits, other legs."""

from typing import assert_never

import structlog

from ivrengine.calls.context import CallParts
from ivrengine.calls.talk.conversation import Conversation
from ivrengine.calls.talk.departure import Departure
from ivrengine.calls.talk.keys import KeyReader, order_of
from ivrengine.calls.talk.obeying import obey
from ivrengine.calls.talk.orders import Accepted, TargetClosed
from ivrengine.calls.talk.phases import TalkPhase
from ivrengine.calls.visit_news import Asked, Elapsed, News, Overheard, Told
from ivrengine.telephony import (
    DigitPressed,
    HangUpCause,
    LegAnswered,
    LegEnded,
    LegEvent,
    LegHeld,
    LegId,
    LegRetrieved,
)
from ivrengine.values import PromptId

log = structlog.get_logger(__name__)

REFUSED = PromptId("agent.refused")
CLOSED = PromptId("talk.closed")


class Steering:
    """Turns news into orders for the conversation that goes on.

    Args:
        parts: what every call uses.
    """

    def __init__(self, parts: CallParts) -> None:
        self._settings = parts.talk
        self._reader = KeyReader(parts.talk.key_pause_s)
        self._reads: LegId | None = None

    async def take(self, talk: Conversation, news: News) -> Departure | None:
        """Take in news that is not about the caller's own contact.

        A departure tells that the conversation is over for the caller.
        """
        match news:
            case Told(contact=contact, event=event):
                if talk.third is not None and talk.third.contact == contact:
                    await talk.told_of_third(event)
                return None
            case Overheard(event=event):
                return await self._overheard(talk, event)
            case Asked(order=order, reply=reply) if reply.done():
                # Told already that it was not done, whoever gave it may have done otherwise.
                log.warning("order_came_too_late", kind=type(order).__name__)
                return None
            case Asked(order=order, reply=reply):
                answer, departure = await obey(talk, order)
                if not reply.done():
                    reply.set_result(answer)
                return departure
            case Elapsed():
                await talk.third_is_late()
                return None
            case _:
                assert_never(news)

    async def _overheard(self, talk: Conversation, event: LegEvent) -> Departure | None:
        is_partner = event.leg == talk.partner.leg
        match event:
            case DigitPressed() if is_partner and not talk.partner.is_outside:
                return await self._keyed(talk, event)
            case LegHeld() | LegRetrieved() if is_partner:
                await talk.held_by_phone(held=isinstance(event, LegHeld))
            case LegAnswered(leg=leg) if talk.third is not None and leg == talk.third.leg:
                await talk.third_answered()
            case LegEnded():
                return await self._ended(talk, event)
            case _:
                pass
        return None

    async def _keyed(self, talk: Conversation, event: DigitPressed) -> Departure | None:
        if event.leg != self._reads:
            self._reads, self._reader = event.leg, KeyReader(self._settings.key_pause_s)
        keyed = self._reader.press(event.digit, event.at)
        if keyed is None:
            return None
        order = order_of(
            keyed,
            self._settings,
            on_hold=talk.phase is TalkPhase.HELD,
            paused=talk.is_paused,
            recorded=talk.tape.recording is not None,
        )
        answer, departure = await obey(talk, order)
        if not isinstance(answer, Accepted):
            await talk.tell_agent(CLOSED if isinstance(answer, TargetClosed) else REFUSED)
        return departure

    async def _ended(self, talk: Conversation, event: LegEnded) -> Departure | None:
        third = talk.third
        if third is not None and third.is_outside and event.leg == third.leg:
            await talk.third_gone()
        elif event.leg == talk.partner.leg and talk.partner.is_outside:
            return await talk.partner_left()
        elif event.leg == talk.partner.leg:
            # Distribution tells that the agent left; only the telephone knows how.
            talk.vanished = event.cause is HangUpCause.FAILED
        return None
