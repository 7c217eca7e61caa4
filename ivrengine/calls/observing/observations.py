"""All observations that are under way: who may begin one, from where, and what becomes of it."""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from ivrengine.agents.feature_codes import FeatureDesk
from ivrengine.agents.observing import (
    NotAllowed,
    ObserveAnswer,
    ObserveMode,
    ObserveOrder,
    ObserveStage,
    Observing,
)
from ivrengine.agents.orders import NotPossible, UnknownAgent
from ivrengine.calls.context import CallParts
from ivrengine.calls.ids import CallIds, new_call_id
from ivrengine.calls.observing.observation import Observation, TakesOver
from ivrengine.calls.observing.settings import ObservingSettings
from ivrengine.calls.observing.talks import Talks
from ivrengine.calls.patience import attempt
from ivrengine.calls.scope import Scope
from ivrengine.errors import LegGone, SpeechError, TelephonyError
from ivrengine.telephony import LegId
from ivrengine.values import AgentNumber

log = structlog.get_logger(__name__)


class Observations:
    """Begins, changes and ends observations.

    Args:
        parts: what every call uses.
        talks: knows the agents' conversations.
        take_over: puts a supervisor in an agent's place.
        desk: is told that a supervisor's telephone is in use.
        settings: how supervisors observe agents.
    """

    def __init__(
        self,
        parts: CallParts,
        talks: Talks,
        take_over: TakesOver,
        *,
        desk: FeatureDesk,
        settings: ObservingSettings,
    ) -> None:
        self._parts = parts
        self._talks = talks
        self._take_over = take_over
        self._desk = desk
        self._settings = settings
        self._under_way: dict[AgentNumber, Observation] = {}
        self._scope = Scope()

    async def serve(self) -> None:
        """Serve until cancelled; supervisors are let go then."""
        await self._scope.serve()

    def under_way(self, agent: AgentNumber) -> Sequence[Observing]:
        """Return who observes ``agent``, and how."""
        return [each.view() for each in self._under_way.values() if each.agent == agent]

    def legs(self) -> frozenset[LegId]:
        """Return the legs of all observations."""
        return frozenset(leg for each in self._under_way.values() for leg in each.legs)

    async def order(self, order: ObserveOrder) -> ObserveAnswer:
        """Ring the supervisor's telephone and observe, or change the mode of one under way."""
        answer = self._order(order)
        done = isinstance(answer, Observing)
        log.warning(
            "observing_ordered",
            agent=order.agent,
            supervisor=order.supervisor,
            mode=order.mode,
            refused="" if done else type(answer).__name__,
        )
        return answer

    def _order(self, order: ObserveOrder) -> ObserveAnswer:
        known = self._under_way.get(order.supervisor)
        if known is not None and known.agent == order.agent:
            known.turn_to(order.mode)
            return replace(known.view(), mode=order.mode)
        obstacle = self.obstacle(order)
        if obstacle is not None:
            return obstacle
        if order.mode is ObserveMode.TAKE_OVER and self._talks.of(order.agent) is None:
            return NotPossible(why=f"agent {order.agent} is in no conversation")
        if not self._scope.is_open:
            return NotPossible(why="nobody can observe yet: the engine is starting")
        observation = self._begin(order)
        self._scope.begin(self._ring(observation), f"observe {order.agent}")
        return observation.view()

    def obstacle(self, order: ObserveOrder) -> NotAllowed | UnknownAgent | NotPossible | None:
        """Return what speaks against an observation that is not under way; None for nothing."""
        agents = self._parts.roster().agents
        supervisor = agents.get(order.supervisor)
        if supervisor is None or not supervisor.supervisor:
            return NotAllowed()
        if order.agent not in agents:
            return UnknownAgent()
        if order.agent == order.supervisor:
            return NotPossible(why="nobody can observe themselves")
        if self._talks.of(order.supervisor) is not None:
            return NotPossible(why=f"{order.supervisor} is in a conversation")
        if order.supervisor in self._under_way:
            observed = self._under_way[order.supervisor].agent
            return NotPossible(why=f"{order.supervisor} observes {observed}")
        return None

    def end(self, agent: AgentNumber, supervisor: AgentNumber | None = None) -> Sequence[Observing]:
        """Let go whoever observes ``agent``, or one of them; return who that was."""
        ended = [
            each
            for each in self._under_way.values()
            if each.agent == agent and supervisor in (None, each.supervisor)
        ]
        for each in ended:
            log.warning("observing_ended", agent=agent, supervisor=each.supervisor)
            each.dismiss()
        return [each.view() for each in ended]

    async def observe_from(self, leg: LegId, order: ObserveOrder) -> None:
        """Observe from a leg that is answered, until it is over; the order has no obstacle.

        Raises:
            TelephonyError: the softswitch does not do what it takes.
            SpeechError: there is no prompt for it.
        """
        observation = self._begin(order)
        self._parts.legs.claim(leg, observation.file)
        try:
            await observation.run(leg)
        finally:
            self._parts.legs.release(leg)
            del self._under_way[order.supervisor]

    def _begin(self, order: ObserveOrder) -> Observation:
        observation = self._under_way[order.supervisor] = Observation(
            self._parts,
            self._talks,
            self._take_over,
            settings=self._settings,
            wanted=Observing(
                agent=order.agent,
                supervisor=order.supervisor,
                mode=order.mode,
                stage=ObserveStage.RINGING,
            ),
            ids=CallIds(new_call_id(self._parts.clock.now())),
        )
        return observation

    async def _ring(self, observation: Observation) -> None:
        """Ring a supervisor's telephone, and observe from it when it is picked up."""
        leg = observation.new_leg()
        self._parts.legs.claim(leg, observation.file)
        try:
            with self._desk.outside_call(observation.supervisor):
                await self._observe_by(observation, leg)
        except (LegGone, TelephonyError, SpeechError) as fault:
            log.warning("observing_failed", supervisor=observation.supervisor, fault=str(fault))
        finally:
            self._parts.legs.release(leg)
            del self._under_way[observation.supervisor]

    async def _observe_by(self, observation: Observation, leg: LegId) -> None:
        await self._parts.switch.dial(
            leg,
            observation.supervisor,
            caller_id=observation.agent,
            ring_timeout_s=self._settings.ring_timeout_s,
        )
        try:
            if await observation.answered(leg):
                await observation.run(leg)
        finally:
            await attempt(self._parts.switch.hang_up, leg)
