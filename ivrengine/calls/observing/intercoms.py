"""Supervisors who have a word with agents who have no call: at a code, and by order."""

import asyncio
from contextlib import ExitStack

import structlog

from ivrengine.agents.desk import Desk
from ivrengine.agents.intercom import IntercomAnswer, IntercomBegun, IntercomOrder
from ivrengine.agents.observing import NotAllowed
from ivrengine.agents.orders import NotPossible, UnknownAgent
from ivrengine.calls.context import CallParts
from ivrengine.calls.ids import CallIds, new_call_id
from ivrengine.calls.internal_call import InternalCall
from ivrengine.calls.observing.settings import ObservingSettings
from ivrengine.calls.patience import attempt
from ivrengine.calls.phone_leg import PhoneLeg
from ivrengine.calls.scope import Scope
from ivrengine.errors import LegGone, SpeechError, TelephonyError
from ivrengine.telephony import LegAnswered, LegEnded, LegEvent, LegId
from ivrengine.values import AgentNumber, Language, PromptId

log = structlog.get_logger(__name__)

GREETING = PromptId("intercom.speaks")
NOT_FREE = PromptId("intercom.not_free")
NOT_REACHED = PromptId("talk.not_reached")


class Intercoms:
    """Begins such calls and sees them through.

    Args:
        parts: what every call uses.
        desk: knows who is free, and is told who is in a call.
        settings: how supervisors observe agents.
    """

    def __init__(self, parts: CallParts, desk: Desk, settings: ObservingSettings) -> None:
        self._parts = parts
        self._desk = desk
        self._settings = settings
        self._under_way: dict[LegId, InternalCall] = {}
        self._scope = Scope()

    async def serve(self) -> None:
        """Serve until cancelled; whoever talks is let go then."""
        await self._scope.serve()

    def legs(self) -> frozenset[LegId]:
        """Return the legs that are served."""
        return frozenset(leg for call in self._under_way.values() for leg in call.legs)

    def obstacle(self, order: IntercomOrder) -> NotAllowed | UnknownAgent | NotPossible | None:
        """Return what speaks against an order whatever the agent does; None for nothing."""
        agents = self._parts.roster().agents
        supervisor = agents.get(order.supervisor)
        if supervisor is None or not supervisor.supervisor:
            return NotAllowed()
        if order.agent not in agents:
            return UnknownAgent()
        if order.agent == order.supervisor:
            return NotPossible(why="nobody can have a word with themselves")
        return None

    async def speak_from(self, leg: LegId, order: IntercomOrder) -> None:
        """Let a supervisor on ``leg``, which is answered, speak to an agent; the leg is gone then.

        Raises:
            TelephonyError: the softswitch does not do what it takes, or the supervisor hung up.
            SpeechError: there is no prompt for it.
        """
        ids = CallIds(new_call_id(self._parts.clock.now()))
        async with self._desk.called_inside(order.agent) as is_free:
            log.warning(
                "intercom_began",
                agent=order.agent,
                supervisor=order.supervisor,
                by=order.by,
                free=is_free,
            )
            talked = is_free and await self._call(leg, order, ids)
        async with PhoneLeg(leg, self._parts, ids) as phone:
            if not talked:
                said = NOT_REACHED if is_free else NOT_FREE
                await phone.say((said,), self._language(order.supervisor))

    async def _call(self, leg: LegId, order: IntercomOrder, ids: CallIds) -> bool:
        call = self._under_way[leg] = InternalCall(
            leg,
            self._parts,
            ids,
            caller=order.supervisor,
            called=order.agent,
            opens_itself=self._opens_itself(order.agent),
            greeting=GREETING,
            is_answered=True,
        )
        try:
            await call.talk()
        finally:
            del self._under_way[leg]
        return call.talked

    # By order.

    async def order(self, order: IntercomOrder) -> IntercomAnswer:
        """Ring a supervisor's telephone and then an agent's, or say why not."""
        answer = self._order(order)
        if not isinstance(answer, IntercomBegun):
            why = type(answer).__name__
            log.warning("intercom_refused", agent=order.agent, by=order.by, why=why)
        return answer

    def _order(self, order: IntercomOrder) -> IntercomAnswer:
        obstacle = self.obstacle(order)
        if obstacle is not None:
            return obstacle
        if not self._desk.is_free(order.agent):
            return NotPossible(why=f"agent {order.agent} is not free")
        if not self._desk.is_idle(order.supervisor):
            return NotPossible(why=f"{order.supervisor} is in a call")
        if not self._scope.is_open:
            return NotPossible(why="nobody can be called yet: the engine is starting")
        # Before anything is waited for, so that nobody else rings the same telephone.
        in_use = ExitStack()
        in_use.enter_context(self._desk.outside_call(order.supervisor))
        self._scope.begin(self._ring_supervisor(order, in_use), f"intercom {order.agent}")
        return IntercomBegun(
            agent=order.agent,
            supervisor=order.supervisor,
            opens_itself=self._opens_itself(order.agent),
        )

    async def _ring_supervisor(self, order: IntercomOrder, in_use: ExitStack) -> None:
        try:
            with in_use:
                await self._speak_by(order)
        except (LegGone, TelephonyError, SpeechError) as fault:
            log.warning("intercom_failed", supervisor=order.supervisor, fault=str(fault))

    async def _speak_by(self, order: IntercomOrder) -> None:
        ids = CallIds(new_call_id(self._parts.clock.now()), run="-intercom")
        leg, events = ids.leg(), asyncio.Queue[LegEvent]()
        self._parts.legs.claim(leg, events.put_nowait)
        try:
            await self._parts.switch.dial(
                leg,
                order.supervisor,
                caller_id=order.agent,
                ring_timeout_s=self._settings.ring_timeout_s,
            )
            if await _is_picked_up(events):
                await self.speak_from(leg, order)
        finally:
            self._parts.legs.release(leg)
            await attempt(self._parts.switch.hang_up, leg)

    def _opens_itself(self, agent: AgentNumber) -> bool:
        settings = self._parts.roster().agents.get(agent)
        return settings is not None and settings.opens_itself

    def _language(self, supervisor: AgentNumber) -> Language:
        settings = self._parts.roster().agents.get(supervisor)
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
