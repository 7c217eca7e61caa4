"""One call to a customer whose agent is on the line: rung, handed to a session, or given up."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import structlog

from acd.trunk_groups import LineClass
from ivrengine.agents.ports import AgentAnswered, CallbackDue, VisitEvent
from ivrengine.calls.calling_back.company import Company
from ivrengine.calls.context import CallContext, CallParts, Standing
from ivrengine.calls.exchange import Exchange
from ivrengine.calls.facts import CallAdmitted, CallEnded
from ivrengine.calls.ids import CallIds, new_call_id
from ivrengine.calls.patience import attempt, once
from ivrengine.calls.reserved import Reserved
from ivrengine.calls.seeking import HUNG_UP
from ivrengine.errors import LegGone, TelephonyError
from ivrengine.telephony import HangUpCause, LegAnswered, LegEnded, LegEvent
from ivrengine.values import PromptId

log = structlog.get_logger(__name__)

RING_MARGIN_S = 3.0
"""The softswitch ends the ringing in time; this is how much later it is ended from here."""

NO_LINE = "no-line"
AGENT_GONE = "agent-gone"
NOT_WANTED = "not-wanted"

_CALLING = PromptId("callback.whisper")
_FAILED = PromptId("callback.whisper_failed")
_SORRY = {
    HangUpCause.BUSY: PromptId("callback.whisper_busy"),
    HangUpCause.NO_ANSWER: PromptId("callback.whisper_no_answer"),
    HangUpCause.REJECTED: PromptId("callback.whisper_no_answer"),
}


class Attempt:
    """A call to one customer.

    Args:
        due: the callback, and the agent who waits for the customer.
        exchange: serves the customer who answers.
        parts: what every call uses.
    """

    def __init__(self, due: CallbackDue, exchange: Exchange, parts: CallParts) -> None:
        self._due = due
        self._exchange = exchange
        self._parts = parts
        self._began_at = parts.clock.now()
        self._trunk = parts.talk.outside_trunk
        self._ids = CallIds(new_call_id(self._began_at))
        self._leg = self._ids.leg()
        self._inbox: asyncio.Queue[LegEvent | VisitEvent] = asyncio.Queue()
        answered = AgentAnswered(reservation=due.reservation, agent=due.agent, leg=due.agent_leg)
        self._reserved = Reserved(due.contact, due.queue, due.since, answered=answered)
        self._company = Company(due.agent, due.agent_leg, parts, self._ids)

    async def run(self) -> None:
        """Call the customer and live until the call is over.

        Cancelled, it leaves the legs as they are: the next engine finds them.
        """
        self._parts.room.attend(self._due.contact, self._told)
        if not self._parts.admission.seize(self._ids.call, self._trunk, LineClass.OUTGOING):
            log.warning("no_line_for_callback", contact=self._due.contact, trunk=self._trunk)
            await self._fail(NO_LINE, _FAILED)
            return
        self._parts.legs.claim(self._leg, self._inbox.put_nowait)
        self._note_admitted()
        try:
            await self._company.begin(_CALLING)
            ended = await self._ring()
        except BaseException:
            self._let_go()
            raise
        if ended is None:
            await self._serve()
        else:
            await self._give_up(ended)

    def _told(self, event: VisitEvent) -> None:
        self._reserved.told(event)
        self._inbox.put_nowait(event)

    # Until the customer answers, or does not.

    async def _ring(self) -> LegEnded | None:
        """Ring until the customer answers (None), or it is over."""
        due = self._due
        try:
            await once(
                self._parts.switch.ring_outside,
                self._leg,
                due.number.digits,
                trunk=self._trunk,
                caller_id=self._parts.talk.outside_caller_id,
                ring_timeout_s=due.answer_timeout_s,
            )
            async with asyncio.timeout(due.answer_timeout_s + RING_MARGIN_S):
                return await self._outcome()
        except TimeoutError:
            return self._ended(HangUpCause.NO_ANSWER)
        except TelephonyError as fault:
            log.warning("customer_not_rung", contact=due.contact, fault=str(fault))
            return self._ended(HangUpCause.FAILED)

    async def _outcome(self) -> LegEnded | None:
        while self._reserved.answered is not None:
            match await self._inbox.get():
                case LegAnswered():
                    return None
                case LegEnded() as ended:
                    return ended
                case _:
                    pass
        return self._ended(HangUpCause.NORMAL)

    def _ended(self, cause: HangUpCause) -> LegEnded:
        return LegEnded(leg=self._leg, cause=cause, by_far_end=False, at=self._parts.clock.now())

    # The customer answers.

    async def _serve(self) -> None:
        """Hand the customer to a session, and see what came of it."""
        await self._company.leave()
        await self._exchange.serve_customer(self._context(), missed=self._missed())
        if not self._reserved.is_taken:
            # The customer hung up before hearing anybody: the agent waits in vain.
            self._parts.room.forsake(self._due.contact)
            self._tell_failed(HUNG_UP)

    def _context(self) -> CallContext:
        due = self._due
        presumed = self._parts.admission.presumed(due.number)
        return CallContext(
            call=self._ids.call,
            leg=self._leg,
            caller=due.number,
            dialled=self._parts.talk.outside_caller_id,
            trunk=self._trunk,
            standing=Standing(profile=replace(presumed, caller_class=LineClass.OUTGOING)),
            flow=self._parts.callbacks.flow,
            arrived_at=self._began_at,
            ids=self._ids,
            language=due.language,
            reserved=self._reserved,
        )

    def _missed(self) -> Sequence[LegEvent]:
        """Return what happened on the customer's leg since the answer."""
        waiting = [self._inbox.get_nowait() for _ in range(self._inbox.qsize())]
        return [event for event in waiting if isinstance(event, LegEvent)]

    # The customer does not.

    async def _give_up(self, ended: LegEnded) -> None:
        outcome = self._outcome_word(ended)
        try:
            await attempt(self._parts.switch.hang_up, self._leg)
        except LegGone:
            log.debug("customer_gone_before", leg=self._leg)
        self._let_go()
        self._note_ended(ended, outcome)
        await self._fail(outcome, _SORRY.get(ended.cause, _FAILED))

    def _outcome_word(self, ended: LegEnded) -> str:
        if self._reserved.is_over:
            return NOT_WANTED
        return AGENT_GONE if self._reserved.answered is None else str(ended.cause)

    async def _fail(self, cause: str, sorry: PromptId) -> None:
        """Tell the agent, if still there, and have the callback tried again or given up."""
        if self._reserved.answered is not None and await self._company.say(sorry):
            await asyncio.sleep(self._parts.callbacks.sorry_s)
        self._parts.room.forsake(self._due.contact)
        self._tell_failed(cause)

    def _tell_failed(self, cause: str) -> None:
        if self._reserved.answered is not None:
            self._parts.room.callback_failed(self._reserved.answered.reservation, cause)

    def _let_go(self) -> None:
        self._parts.legs.release(self._leg)
        self._parts.admission.release(self._ids.call)

    # The books.

    def _note_admitted(self) -> None:
        due = self._due
        self._parts.journal.note(
            CallAdmitted(
                call=self._ids.call,
                at=self._began_at,
                leg=self._leg,
                caller=due.number.digits,
                dialled=self._parts.talk.outside_caller_id,
                trunk=self._trunk,
                caller_class=LineClass.OUTGOING,
                outgoing=True,
                contact=due.contact,
                queue=due.queue,
                flow=self._parts.callbacks.flow,
            )
        )

    def _note_ended(self, ended: LegEnded, outcome: str) -> None:
        now = self._parts.clock.now()
        self._parts.journal.note(
            CallEnded(
                call=self._ids.call,
                at=now,
                by="caller" if ended.by_far_end else "system",
                cause=ended.cause,
                outcome=outcome,
                duration_s=round(now - self._began_at, 3),
            )
        )
