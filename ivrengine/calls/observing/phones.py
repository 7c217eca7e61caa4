"""What supervisors dial from their own telephones: observing an agent, and orders about one."""

from typing import Protocol, assert_never

from acd.agent_states import PresenceTrigger
from ivrengine.agents.feature_codes import FeatureDesk
from ivrengine.agents.intercom import IntercomOrder
from ivrengine.agents.observing import NotAllowed, ObserveOrder
from ivrengine.agents.orders import Done, NotPossible, OrderAnswer, UnknownAgent
from ivrengine.agents.recording import RecordingAnswer, RecordingTurned, RecordingVerb
from ivrengine.agents.supervision import ForceOrder
from ivrengine.agents.supervisor_codes import (
    IntercomCode,
    LogOffCode,
    ObserveCode,
    RecordCode,
    SupervisorCode,
    parse_supervisor_code,
)
from ivrengine.calls.context import CallParts
from ivrengine.calls.ids import CallIds
from ivrengine.calls.observing.intercoms import Intercoms
from ivrengine.calls.observing.observations import Observations
from ivrengine.calls.phone_leg import PhoneLeg
from ivrengine.calls.talk.recording_by_order import NOT_RECORDED, RECORDED
from ivrengine.telephony import LegArrived
from ivrengine.values import AgentNumber, Language, PromptId

_NOT_ALLOWED = PromptId("observe.not_allowed")
_UNKNOWN_AGENT = PromptId("observe.unknown_agent")
_REFUSED = PromptId("agent.refused")
_LOGGED_OFF = PromptId("observe.logged_off")
_AFTER_CALL = PromptId("observe.logs_off_after_call")
_DONE = {RecordingVerb.START: RECORDED, RecordingVerb.STOP: NOT_RECORDED}


class Forcing(Protocol):
    """Puts agents into presences by order of supervisors."""

    async def force(self, order: ForceOrder) -> OrderAnswer:
        """Put an agent into a presence, or say why not."""
        ...


class Recording(Protocol):
    """Turns the recordings of agents' conversations."""

    async def turn(self, agent: AgentNumber, verb: RecordingVerb, *, by: str) -> RecordingAnswer:
        """Begin, pause or end the recording of an agent's conversation, or say why not."""
        ...


class SupervisorPhones:
    """Serves the codes of supervisors.

    Args:
        parts: what every call uses.
        observations: begins observations.
        forcing: logs agents out.
        recording: records conversations by order.
        intercoms: lets supervisors speak to agents.
        desk: is told that the supervisor's telephone is in use.
    """

    def __init__(
        self,
        parts: CallParts,
        observations: Observations,
        forcing: Forcing,
        *,
        recording: Recording,
        intercoms: Intercoms,
        desk: FeatureDesk,
    ) -> None:
        self._parts = parts
        self._observations = observations
        self._forcing = forcing
        self._recording = recording
        self._intercoms = intercoms
        self._desk = desk

    def takes(self, dialled: str) -> bool:
        """Tell whether ``dialled`` is such a code."""
        return parse_supervisor_code(dialled) is not None

    async def serve(self, arrived: LegArrived, ids: CallIds) -> None:
        """Serve a leg that dialled such a code until it is over.

        Raises:
            TelephonyError: the telephone is gone, or the softswitch does not do what it takes.
            SpeechError: there is no prompt for it.
        """
        code, supervisor = parse_supervisor_code(arrived.dialled), AgentNumber(arrived.agent)
        if code is None:
            return
        with self._desk.outside_call(supervisor):
            async with PhoneLeg(arrived.leg, self._parts, ids) as phone:
                await phone.answer()
                said = await self._carry_out(code, supervisor, arrived)
                if said is not None:
                    await phone.say((said,), self._language(supervisor))

    async def _carry_out(
        self, code: SupervisorCode, supervisor: AgentNumber, arrived: LegArrived
    ) -> PromptId | None:
        match code:
            case ObserveCode(agent=agent, mode=mode):
                order = ObserveOrder(agent=agent, supervisor=supervisor, mode=mode)
                match self._observations.obstacle(order):
                    case None:
                        await self._observations.observe_from(arrived.leg, order)
                        return None
                    case NotAllowed():
                        return _NOT_ALLOWED
                    case UnknownAgent():
                        return _UNKNOWN_AGENT
                    case NotPossible():
                        return _REFUSED
            case LogOffCode(agent=agent):
                return await self._log_off(agent, supervisor)
            case RecordCode():
                return await self._record(code, supervisor)
            case IntercomCode(agent=agent):
                return await self._speak(agent, supervisor, arrived)
            case _:
                assert_never(code)

    async def _log_off(self, agent: AgentNumber, supervisor: AgentNumber) -> PromptId:
        if not self._is_supervisor(supervisor):
            return _NOT_ALLOWED
        by = f"supervisor {supervisor}"
        order = ForceOrder(agent=agent, presence=PresenceTrigger.LOG_OUT, by=by)
        match await self._forcing.force(order):
            case Done(agent=view):
                return _AFTER_CALL if view.pending else _LOGGED_OFF
            case UnknownAgent():
                return _UNKNOWN_AGENT
            case NotPossible():
                return _REFUSED

    async def _record(self, code: RecordCode, supervisor: AgentNumber) -> PromptId:
        if not self._is_supervisor(supervisor):
            return _NOT_ALLOWED
        by = f"supervisor {supervisor}"
        match await self._recording.turn(code.agent, code.verb, by=by):
            case RecordingTurned():
                return _DONE[code.verb]
            case UnknownAgent():
                return _UNKNOWN_AGENT
            case NotPossible():
                return _REFUSED

    async def _speak(
        self, agent: AgentNumber, supervisor: AgentNumber, arrived: LegArrived
    ) -> PromptId | None:
        by = f"supervisor {supervisor}"
        order = IntercomOrder(agent=agent, supervisor=supervisor, by=by)
        match self._intercoms.obstacle(order):
            case None:
                await self._intercoms.speak_from(arrived.leg, order)
                return None
            case NotAllowed():
                return _NOT_ALLOWED
            case UnknownAgent():
                return _UNKNOWN_AGENT
            case NotPossible():
                return _REFUSED

    def _is_supervisor(self, number: AgentNumber) -> bool:
        settings = self._parts.roster().agents.get(number)
        return settings is not None and settings.supervisor

    def _language(self, supervisor: AgentNumber) -> Language:
        settings = self._parts.roster().agents.get(supervisor)
        return Language(settings.language) if settings else Language.MANDARIN
