"""Pauses the recording of an agent's conversation by order, whoever the agent talks with."""

import structlog

from ivrengine.agents.orders import NotPossible, UnknownAgent
from ivrengine.agents.recording import RecordingAnswer, RecordingTurned, RecordingVerb
from ivrengine.calls.calling_out.phones import CallingOutPhones
from ivrengine.calls.context import CallParts
from ivrengine.calls.observing.talk_orders import TalkOrders
from ivrengine.calls.observing.talks import Talk, Talks
from ivrengine.calls.talk.orders import Accepted, TalkOrder, TalkVerb
from ivrengine.values import AgentNumber

log = structlog.get_logger(__name__)

_VERBS = {
    RecordingVerb.PAUSE: TalkVerb.PAUSE_RECORDING,
    RecordingVerb.RESUME: TalkVerb.RESUME_RECORDING,
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
        """Pause an agent's recording or go on with it, or say why not."""
        answer = await self._turn(agent, verb)
        done = isinstance(answer, RecordingTurned)
        log.warning("recording_ordered", agent=agent, verb=verb, by=by, done=done)
        return answer

    async def _turn(self, agent: AgentNumber, verb: RecordingVerb) -> RecordingAnswer:
        if agent not in self._parts.roster().agents:
            return UnknownAgent()
        talk = self._talks.of(agent)
        if talk is None:
            return NotPossible(why=f"agent {agent} is in no conversation")
        if not await self._is_turned(talk, verb):
            return NotPossible(why=f"nothing is recorded of it, or {verb} is how it stands")
        return RecordingTurned(call=talk.call, is_paused=verb is RecordingVerb.PAUSE)

    async def _is_turned(self, talk: Talk, verb: RecordingVerb) -> bool:
        made = self._calls_out.call_of(talk.agent)
        if made is not None:
            return await made.pause(paused=verb is RecordingVerb.PAUSE)
        order = TalkOrder(verb=_VERBS[verb])
        return isinstance(await self._talk_orders.ask(talk, order), Accepted)
