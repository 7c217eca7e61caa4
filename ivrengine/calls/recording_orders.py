"""Orders about the recording of an agent's conversation, whoever the agent talks with."""

import structlog

from ivrengine.agents.orders import NotPossible, UnknownAgent
from ivrengine.agents.recording import RecordingAnswer, RecordingTurned, RecordingVerb
from ivrengine.calls.calling_out.phones import CallingOutPhones
from ivrengine.calls.context import CallParts
from ivrengine.calls.observing.talk_orders import TalkOrders
from ivrengine.calls.observing.talks import Talk, Talks
from ivrengine.calls.talk.orders import Accepted, NotNow, TalkAnswer, TalkOrder, TalkVerb
from ivrengine.values import AgentNumber

log = structlog.get_logger(__name__)

_VERBS = {
    RecordingVerb.PAUSE: TalkVerb.PAUSE_RECORDING,
    RecordingVerb.RESUME: TalkVerb.RESUME_RECORDING,
    RecordingVerb.START: TalkVerb.START_RECORDING,
    RecordingVerb.STOP: TalkVerb.STOP_RECORDING,
}


class RecordingOrders:
    """Finds the conversation of an agent and turns its recording.

    Args:
        parts: what every call uses.
        talks: knows the agents' conversations.
        talk_orders: takes orders to callers' calls.
        calls_out: knows the calls that agents make.
    """

    def __init__(
        self,
        parts: CallParts,
        talks: Talks,
        talk_orders: TalkOrders,
        calls_out: CallingOutPhones,
    ) -> None:
        self._parts = parts
        self._talks = talks
        self._talk_orders = talk_orders
        self._calls_out = calls_out

    async def turn(self, agent: AgentNumber, verb: RecordingVerb, *, by: str) -> RecordingAnswer:
        """Begin, pause or end the recording of an agent's conversation, or say why not.

        ``by`` names who ordered it, in the log and in the record of the call.
        """
        answer = await self._turn(agent, verb, by)
        done = isinstance(answer, RecordingTurned)
        log.warning("recording_ordered", agent=agent, verb=verb, by=by, done=done)
        return answer

    async def _turn(self, agent: AgentNumber, verb: RecordingVerb, by: str) -> RecordingAnswer:
        if agent not in self._parts.roster().agents:
            return UnknownAgent()
        talk = self._talks.of(agent)
        if talk is None:
            return NotPossible(why=f"agent {agent} is in no conversation")
        why = await self._obstacle(talk, verb, by)
        if why:
            return NotPossible(why=why)
        return RecordingTurned(
            call=talk.call,
            is_recorded=verb is not RecordingVerb.STOP,
            is_paused=verb is RecordingVerb.PAUSE,
        )

    async def _obstacle(self, talk: Talk, verb: RecordingVerb, by: str) -> str:
        """Carry out an order; return why it cannot be, empty when it was."""
        made = self._calls_out.call_of(talk.agent)
        if made is None:
            order = TalkOrder(verb=_VERBS[verb], by=by)
            return _why_not(await self._talk_orders.ask(talk, order), verb)
        if verb in (RecordingVerb.START, RecordingVerb.STOP):
            return "calls that agents make are recorded as calling_out.recorded says"
        is_turned = await made.pause(paused=verb is RecordingVerb.PAUSE)
        return "" if is_turned else _nothing_to(verb)


def _why_not(answer: TalkAnswer, verb: RecordingVerb) -> str:
    match answer:
        case Accepted():
            return ""
        case NotNow(why=why) if verb in (RecordingVerb.START, RecordingVerb.STOP):
            return why
        case _:
            return _nothing_to(verb)


def _nothing_to(verb: RecordingVerb) -> str:
    return f"nothing is recorded of it, or {verb} is how it stands"
