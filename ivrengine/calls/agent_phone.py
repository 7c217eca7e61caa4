"""What agents dial from their own telephones: feature codes, and each other."""

import structlog

from ivrengine.agents.feature_codes import FeatureDesk
from ivrengine.calls.context import CallParts
from ivrengine.calls.ids import CallIds, new_call_id
from ivrengine.calls.internal_call import InternalCall
from ivrengine.calls.phone_leg import PhoneLeg
from ivrengine.errors import LegGone, SpeechError, TelephonyError
from ivrengine.telephony import LegArrived
from ivrengine.values import AgentNumber

log = structlog.get_logger(__name__)

REASON_WITHIN_S = 8.0
"""How long the digit of a reason may take, as the first digit of any entry."""


class AgentPhoneCalls:
    """Serves the legs that agents' telephones dial."""

    def __init__(self, parts: CallParts, desk: FeatureDesk) -> None:
        self._parts = parts
        self._desk = desk

    async def serve(self, arrived: LegArrived) -> None:
        """Serve one leg until it is gone; an agent who hangs up early is no fault."""
        ids = CallIds(new_call_id(self._parts.clock.now()))
        try:
            if arrived.dialled.startswith("*"):
                await self._feature(arrived, ids)
            else:
                await self._internal(arrived, ids)
        except LegGone:
            log.debug("agent_hung_up", agent=arrived.agent)
        except (TelephonyError, SpeechError) as fault:
            log.warning("agent_call_failed", agent=arrived.agent, fault=str(fault))

    async def _internal(self, arrived: LegArrived, ids: CallIds) -> None:
        agents = (AgentNumber(arrived.agent), AgentNumber(arrived.dialled))
        with self._desk.outside_call(*agents):
            await InternalCall(arrived, self._parts, ids).run()

    async def _feature(self, arrived: LegArrived, ids: CallIds) -> None:
        agent = AgentNumber(arrived.agent)
        async with PhoneLeg(arrived.leg, self._parts, ids) as phone:
            await phone.answer()
            answer = await self._desk.dialled(agent, arrived.dialled)
            await phone.say(answer.prompts, answer.language)
            if answer.reason_wanted:
                reason = await phone.key(within_s=REASON_WITHIN_S)
                answer = await self._desk.dialled(agent, f"{arrived.dialled}{reason or '0'}")
                await phone.say(answer.prompts, answer.language)
