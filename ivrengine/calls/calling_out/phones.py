"""Where agents' calls to telephones outside begin: at their telephones, or by order."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import structlog

from acd.agent_states import ENGAGED, Presence, Work
from acd.trunk_groups import LineClass
from ivrengine.agents.calling_out import CallingOut, CallOutAnswer, NumberRefused
from ivrengine.agents.desk import Desk
from ivrengine.agents.orders import NotPossible, UnknownAgent
from ivrengine.calls.calling_out.hand_made import HandMadeCall
from ivrengine.calls.calling_out.resumed import ResumedCall
from ivrengine.calls.calling_out.settings import CallingOutSettings
from ivrengine.calls.context import CallParts
from ivrengine.calls.ids import CallIds, new_call_id
from ivrengine.calls.patience import attempt
from ivrengine.calls.phone_leg import PhoneLeg
from ivrengine.calls.scope import Scope
from ivrengine.calls.talk.numbers import Verdict
from ivrengine.errors import LegGone, SpeechError, TelephonyError
from ivrengine.telephony import LegAnswered, LegArrived, LegEnded, LegEvent, LegId
from ivrengine.values import AgentNumber, CallId, Language, PromptId

log = structlog.get_logger(__name__)

_REFUSALS = {
    Verdict.FORBIDDEN: NumberRefused.FORBIDDEN,
    Verdict.EMERGENCY: NumberRefused.EMERGENCY,
}
_SAID = {
    NumberRefused.FORBIDDEN: PromptId("outbound.forbidden"),
    NumberRefused.EMERGENCY: PromptId("outbound.emergency"),
}
_NO_LINE = PromptId("outbound.no_line")
_REFUSED = PromptId("agent.refused")
_CALLING = PromptId("outbound.calling")


class CallingOutPhones:
    """Serves agents who call out by hand.

    Args:
        parts: what every call uses.
        desk: knows agents, and is told what they do.
        settings: how agents call out.
    """

    def __init__(self, parts: CallParts, desk: Desk, settings: CallingOutSettings) -> None:
        self._parts = parts
        self._desk = desk
        self._settings = settings
        self._calls: dict[AgentNumber, HandMadeCall] = {}
        self._scope = Scope()

    async def serve_orders(self) -> None:
        """Serve until cancelled; conversations are left to the softswitch then."""
        await self._scope.serve()

    def call_of(self, agent: AgentNumber) -> HandMadeCall | None:
        """Return the call that ``agent`` makes at the moment."""
        return self._calls.get(agent)

    def legs(self) -> frozenset[LegId]:
        """Return the legs of all calls that are under way."""
        return frozenset(leg for each in self._calls.values() for leg in each.legs)

    # From the telephone.

    def takes(self, dialled: str) -> bool:
        """Tell whether ``dialled`` is a number outside, with the prefix before it."""
        prefix = self._parts.talk.outside_prefix
        is_agent = AgentNumber(dialled) in self._parts.roster().agents
        return dialled.startswith(prefix) and dialled != prefix and not is_agent

    async def serve(self, arrived: LegArrived, ids: CallIds) -> None:
        """Serve a leg that dialled a number outside until it is over.

        Raises:
            TelephonyError: the telephone is gone, or the softswitch does not do what it takes.
            SpeechError: there is no prompt for it.
        """
        agent = AgentNumber(arrived.agent)
        number = arrived.dialled.removeprefix(self._parts.talk.outside_prefix)
        refusal = self._refusal(agent, number)
        call = new_call_id(self._parts.clock.now())
        if refusal is not None:
            said = _REFUSED if isinstance(refusal, NotPossible) else _SAID[refusal]
            await self._tell(arrived.leg, said, agent, ids)
        elif not self._seize(call):
            await self._tell(arrived.leg, _NO_LINE, agent, ids)
        else:
            with self._line(call):
                await self._make(agent, number, call, arrived.leg)

    async def _tell(self, leg: LegId, said: PromptId, agent: AgentNumber, ids: CallIds) -> None:
        with self._desk.outside_call(agent):
            async with PhoneLeg(leg, self._parts, ids) as phone:
                await phone.answer()
                await phone.say((said,), self._language(agent))

    async def _make(self, agent: AgentNumber, number: str, call: CallId, leg: LegId) -> None:
        made = self._call(agent, number, call)
        with self._on_the_line(made):
            await made.run(leg, is_answered=False)

    # By order.

    async def order(self, agent: AgentNumber, number: str, *, by: str) -> CallOutAnswer:
        """Ring an agent's telephone and then call ``number``, or say why not."""
        answer = self._order(agent, number)
        done = isinstance(answer, CallingOut)
        refused = "" if done else type(answer).__name__
        log.warning("call_out_ordered", agent=agent, by=by, refused=refused)
        return answer

    def _order(self, agent: AgentNumber, number: str) -> CallOutAnswer:
        if agent not in self._parts.roster().agents:
            return UnknownAgent()
        refusal = self._refusal(agent, number)
        if refusal is not None:
            return refusal
        if not self._scope.is_open:
            return NotPossible(why="nobody can call out yet: the engine is starting")
        call = new_call_id(self._parts.clock.now())
        if not self._seize(call):
            return NotPossible(why="all lines for calls that go out are busy")
        made = self._call(agent, number, call)
        # Before anything is waited for, so that the agent is in no other call meanwhile.
        in_use = ExitStack()
        in_use.enter_context(self._line(call))
        in_use.enter_context(self._on_the_line(made))
        self._scope.begin(self._ring_agent(made, call, in_use), f"call-out {call}")
        return CallingOut(call=call, agent=agent, number=number)

    async def _ring_agent(self, made: HandMadeCall, call: CallId, in_use: ExitStack) -> None:
        leg = CallIds(call, run="-agent").leg()
        try:
            with in_use:
                await self._call_from(made, leg)
        except (LegGone, TelephonyError, SpeechError) as fault:
            log.warning("call_out_failed", agent=made.agent, fault=str(fault))

    async def _call_from(self, made: HandMadeCall, leg: LegId) -> None:
        events: asyncio.Queue[LegEvent] = asyncio.Queue()
        self._parts.legs.claim(leg, events.put_nowait)
        try:
            await self._parts.switch.dial(
                leg,
                made.agent,
                caller_id=self._parts.talk.outside_caller_id,
                ring_timeout_s=self._settings.agent_ring_timeout_s,
            )
            if await _is_picked_up(events):
                await made.run(leg, is_answered=True)
        finally:
            self._parts.legs.release(leg)
            if not made.talked:
                await attempt(self._parts.switch.hang_up, leg)

    # After a restart.

    def resume(self, found: ResumedCall) -> bool:
        """Go on with a conversation that outlived the engine; False when that cannot be."""
        if not self._scope.is_open:
            return False
        self._parts.admission.adopt(found.call, found.trunk, LineClass.OUTGOING)
        made = self._call(found.agent, found.number, found.call, run="-resumed")
        made.take_up(found)
        self._scope.begin(self._go_on(made, found), f"call-out {found.call}")
        return True

    async def _go_on(self, made: HandMadeCall, found: ResumedCall) -> None:
        with self._line(found.call), self._on_the_line(made):
            await made.resume(found)

    # What all of them share.

    def _call(
        self, agent: AgentNumber, number: str, call: CallId, *, run: str = ""
    ) -> HandMadeCall:
        return HandMadeCall(
            self._parts,
            self._settings,
            agent=agent,
            number=number,
            call=call,
            ids=CallIds(call, run=run),
        )

    def _refusal(self, agent: AgentNumber, number: str) -> NumberRefused | NotPossible | None:
        verdict = self._parts.talk.outside_numbers.verdict(number)
        if verdict is not Verdict.ALLOWED:
            return _REFUSALS[verdict]
        view = self._desk.agent(agent)
        if view is None or view.presence is Presence.LOGGED_OUT:
            return NotPossible(why=f"agent {agent} is not logged in")
        if view.work in ENGAGED or view.work is Work.EXTERNAL or agent in self._calls:
            return NotPossible(why=f"agent {agent} is in a call")
        return None

    def _seize(self, call: CallId) -> bool:
        trunk = self._parts.talk.outside_trunk
        return bool(self._parts.admission.seize(call, trunk, LineClass.OUTGOING))

    @contextmanager
    def _line(self, call: CallId) -> Iterator[None]:
        try:
            yield
        finally:
            self._parts.admission.release(call)

    @contextmanager
    def _on_the_line(self, made: HandMadeCall) -> Iterator[None]:
        """Have it known that an agent is in a call of the agent's own, and what follows it."""
        self._calls[made.agent] = made
        try:
            with (
                self._desk.outside_call(made.agent),
                self._desk.working_outside(
                    made.agent, lambda: self._settings.wrap_up_s if made.talked else 0.0
                ),
            ):
                yield
        finally:
            del self._calls[made.agent]

    def _language(self, agent: AgentNumber) -> Language:
        settings = self._parts.roster().agents.get(agent)
        return Language(settings.language) if settings else Language.MANDARIN


async def _is_picked_up(events: "asyncio.Queue[LegEvent]") -> bool:
    while True:
        match await events.get():
            case LegAnswered():
                return True
            case LegEnded():
                return False
            case _:
                pass
