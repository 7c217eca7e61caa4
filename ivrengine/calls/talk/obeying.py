"""Carries out what is ordered for a conversation, or says why not."""

from collections.abc import Mapping

from ivrengine.calls.talk.conversation import Conversation
from ivrengine.calls.talk.departure import Departure
from ivrengine.calls.talk.orders import (
    Accepted,
    NoSuchTarget,
    NotNow,
    TakeOver,
    TalkAnswer,
    TalkOrder,
    TalkVerb,
    TargetClosed,
)
from ivrengine.calls.talk.phases import Turn

_TURN_OF: Mapping[TalkVerb, Turn] = {
    TalkVerb.HOLD: Turn.HOLD,
    TalkVerb.RETRIEVE: Turn.RETRIEVE,
    TalkVerb.TOGGLE: Turn.SWAP,
    TalkVerb.CONFERENCE: Turn.CONFER,
}


async def obey(
    talk: Conversation, order: TalkOrder | TakeOver
) -> tuple[TalkAnswer, Departure | None]:
    """Carry out an order; a departure tells that the conversation is over for the agent."""
    if talk.partner.is_outside:
        return NotNow(why="no agent is in the conversation any more"), None
    if isinstance(order, TakeOver):
        if await talk.give_way(order):
            return Accepted(phase=talk.phase), None
        return NotNow(why=f"supervisor {order.supervisor} is not on the line any more"), None
    if order.verb in (TalkVerb.TRANSFER, TalkVerb.CONSULT):
        return await _to_target(talk, order)
    if order.verb in (TalkVerb.START_RECORDING, TalkVerb.STOP_RECORDING):
        return await _record(talk, order), None
    if not await _done(talk, order.verb):
        return NotNow(why=f"the conversation is {talk.phase}"), None
    return Accepted(phase=talk.phase), None


async def _record(talk: Conversation, order: TalkOrder) -> TalkAnswer:
    by = order.by or f"agent {talk.partner.agent}"
    if order.verb is TalkVerb.STOP_RECORDING:
        if await talk.by_order.stop(talk.partner, by=by):
            return Accepted(phase=talk.phase)
        return NotNow(why="nothing is recorded of it by order")
    if talk.tape.recording is not None:
        return NotNow(why="it is recorded already")
    if not order.by and not talk.agent_may_record:
        return NotNow(why="agents may not order it")
    if await talk.by_order.start(talk.partner, by=by):
        return Accepted(phase=talk.phase)
    return NotNow(why="the caller cannot be told now")


async def _done(talk: Conversation, verb: TalkVerb) -> bool:
    match verb:
        case TalkVerb.COMPLETE:
            return await talk.hand_over()
        case TalkVerb.DROP:
            return await talk.drop_third()
        case TalkVerb.PAUSE_RECORDING:
            return await talk.pause(wanted=True)
        case TalkVerb.RESUME_RECORDING:
            return await talk.pause(wanted=False)
        case _:
            return await talk.turn(_TURN_OF[verb])


async def _to_target(talk: Conversation, order: TalkOrder) -> tuple[TalkAnswer, Departure | None]:
    target = order.target
    if target is None or not talk.can_reach(target):
        return NoSuchTarget(target=str(target or "")), None
    if talk.is_closed(target):
        return TargetClosed(target=str(target)), None
    if order.verb is TalkVerb.TRANSFER:
        departure = await talk.transfer(target)
        return Accepted(phase="transferred"), departure
    if not await talk.consult(target):
        return NotNow(why=f"the conversation is {talk.phase}"), None
    return Accepted(phase=talk.phase), None
