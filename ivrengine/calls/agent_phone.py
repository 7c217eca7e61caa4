"""What agents dial from their own telephones: feature codes, and each other."""

from collections.abc import Sequence
from typing import Protocol

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

NO_REASON = "6"
"""The digit that stands for an agent who keyed none: another reason."""


class PhoneService(Protocol):
    """Serves some of what agents dial."""

    def takes(self, dialled: str) -> bool:
        """Tell whether ``dialled`` is for this service."""
        ...

    async def serve(self, arrived: LegArrived, ids: CallIds) -> None:
        """Serve a leg that dialled so until it is over; may raise what calls normally raise."""
        ...


class AgentPhoneCalls:
    """Serves the legs that agents' telephones dial.

    Args:
        parts: what every call uses.
        desk: answers feature codes, and is told whose telephone is in use.
        services: serve what they take; the first one that takes it.
    """

    def __init__(
        self, parts: CallParts, desk: FeatureDesk, services: Sequence[PhoneService] = ()
    ) -> None:
        self._parts = parts
        self._desk = desk
        self._services = tuple(services)

    async def serve(self, arrived: LegArrived) -> None:
        """Serve one leg until it is gone; an agent who hangs up early is no fault."""
        ids = CallIds(new_call_id(self._parts.clock.now()))
        service = next((each for each in self._services if each.takes(arrived.dialled)), None)
        try:
            if service is not None:
                await service.serve(arrived, ids)
            elif arrived.dialled.startswith("*"):
                await self._feature(arrived, ids)
            else:
                await self._internal(arrived, ids)
        except LegGone:
            log.debug("agent_hung_up", agent=arrived.agent)
        except (TelephonyError, SpeechError) as fault:
            log.warning("agent_call_failed", agent=arrived.agent, fault=str(fault))

    async def _internal(self, arrived: LegArrived, ids: CallIds) -> None:
        caller, called = AgentNumber(arrived.agent), AgentNumber(arrived.dialled)
        with self._desk.outside_call(caller, called):
            call = InternalCall(arrived.leg, self._parts, ids, caller=caller, called=called)
            await call.run()

    async def _feature(self, arrived: LegArrived, ids: CallIds) -> None:
        agent = AgentNumber(arrived.agent)
        # Whoever has just become ready is offered a caller when the telephone is free again.
        with self._desk.outside_call(agent):
            async with PhoneLeg(arrived.leg, self._parts, ids) as phone:
                await self._confirm(agent, arrived.dialled, phone)

    async def _confirm(self, agent: AgentNumber, dialled: str, phone: PhoneLeg) -> None:
        await phone.answer()
        answer = await self._desk.dialled(agent, dialled)
        if answer.reason_wanted:
            reason = await phone.ask(answer.prompts, answer.language, within_s=REASON_WITHIN_S)
            answer = await self._desk.dialled(agent, f"{dialled}{reason or NO_REASON}")
        await phone.say(answer.prompts, answer.language)
