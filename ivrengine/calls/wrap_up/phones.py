"""Agents who key the code of their newest conversation: ``*14`` and the code's digits."""

from ivrengine.agents.desk import Desk
from ivrengine.agents.orders import AgentOrder, AgentVerb, NotPossible, UnknownAgent
from ivrengine.agents.wrap_up_codes import NoSuchCode, Noted, NoteOrder, parse_wrap_up_code
from ivrengine.calls.context import CallParts
from ivrengine.calls.ids import CallIds
from ivrengine.calls.phone_leg import PhoneLeg
from ivrengine.calls.wrap_up.notes import WrapUpNotes
from ivrengine.telephony import LegArrived
from ivrengine.values import AgentNumber, Language, PromptId

_NOTED = PromptId("wrap_up.noted")
_UNKNOWN_CODE = PromptId("wrap_up.unknown_code")
_REFUSED = PromptId("agent.refused")


class WrapUpPhones:
    """Notes what is keyed, and ends the wrap-up with it.

    Args:
        parts: what every call uses.
        notes: takes the codes.
        desk: ends wrap-ups, and is told that the telephone is in use.
    """

    def __init__(self, parts: CallParts, notes: WrapUpNotes, desk: Desk) -> None:
        self._parts = parts
        self._notes = notes
        self._desk = desk

    def takes(self, dialled: str) -> bool:
        """Tell whether ``dialled`` is the feature code with a code behind it."""
        return parse_wrap_up_code(dialled) is not None

    async def serve(self, arrived: LegArrived, ids: CallIds) -> None:
        """Serve a leg that dialled so until it is over.

        Raises:
            TelephonyError: the telephone is gone, or the softswitch does not do what it takes.
            SpeechError: there is no prompt for it.
        """
        agent, code = AgentNumber(arrived.agent), parse_wrap_up_code(arrived.dialled)
        if code is None:
            return
        with self._desk.outside_call(agent):
            async with PhoneLeg(arrived.leg, self._parts, ids) as phone:
                await phone.answer()
                await phone.say((await self._note(agent, code),), self._language(agent))

    async def _note(self, agent: AgentNumber, code: str) -> PromptId:
        match self._notes.note(NoteOrder(agent=agent, code=code)):
            case Noted():
                # In the conversation itself there is no wrap-up yet, and nothing to end.
                await self._desk.carry_out(AgentOrder(agent=agent, verb=AgentVerb.END_WRAP_UP))
                return _NOTED
            case NoSuchCode():
                return _UNKNOWN_CODE
            case UnknownAgent() | NotPossible():
                return _REFUSED

    def _language(self, agent: AgentNumber) -> Language:
        settings = self._parts.roster().agents.get(agent)
        return Language(settings.language) if settings else Language.MANDARIN
