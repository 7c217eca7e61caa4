"""All legs to agents' telephones: rung, adopted, hung up, and compared with what really is."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import structlog

from acd.commands import RingAgent
from acd.events import LiveEvent, OfferRefused
from acd.model import AgentId, OfferOutcome, ReservationId
from ivrengine.agents.agent_line import AgentLine, leg_of
from ivrengine.agents.legs import Legs
from ivrengine.agents.ports import BranchLines
from ivrengine.errors import Bug, TelephonyError
from ivrengine.telephony import LegId, Switch
from ivrengine.values import AgentNumber

log = structlog.get_logger(__name__)


class AgentLines:
    """Keeps each leg in a task of its own, from its order to its end.

    Args:
        switch: dials and hangs up.
        legs: where the legs' events are claimed.
        tell: takes what becomes of legs as events for the router.
        hang_up_attempts: how often hanging up is tried.
        branch_lines: the lines over which agents of branches are reached.
    """

    def __init__(
        self,
        switch: Switch,
        legs: Legs,
        tell: Callable[[LiveEvent], None],
        *,
        hang_up_attempts: int,
        branch_lines: BranchLines,
    ) -> None:
        self._switch = switch
        self._legs = legs
        self._tell = tell
        self._attempts = hang_up_attempts
        self._branch_lines = branch_lines
        self._lines: dict[ReservationId, AgentLine] = {}
        self._latest: dict[AgentId, AgentLine] = {}
        self._scope: asyncio.TaskGroup | None = None

    def __len__(self) -> int:
        return len(self._lines)

    def live_in(self, scope: asyncio.TaskGroup) -> None:
        """Run the tasks of all legs in ``scope``."""
        self._scope = scope

    def ring(self, order: RingAgent, caller_id: str) -> None:
        """Ring an agent's telephone; what becomes of it is told as events."""
        if not self._branch_lines.seize(leg_of(order.reservation), AgentNumber(order.agent)):
            log.warning("no_line_to_branch", agent=order.agent)
            self._tell(
                OfferRefused(reservation=order.reservation, outcome=OfferOutcome.UNREACHABLE)
            )
            return
        before = self._latest.get(order.agent)
        line = self._open(order.reservation, order.agent, answered=False)
        self._spawn(order.reservation, line, line.ring(order, caller_id, after=before))

    def adopt(self, reservation: ReservationId, agent: AgentId) -> None:
        """Take over the leg of a conversation that is up; one that is known is left alone."""
        if reservation not in self._lines:
            self._branch_lines.adopt(leg_of(reservation), AgentNumber(agent))
            line = self._open(reservation, agent, answered=True)
            self._spawn(reservation, line, line.live())

    def hang_up(self, reservation: ReservationId) -> None:
        """End a leg, whatever it does now and whether or not it is known here."""
        line = self._lines.get(reservation)
        if line is not None:
            line.hang_up()
        elif self._scope is not None:
            self._scope.create_task(self._hang_up_unknown(leg_of(reservation)))

    def compare(
        self, live: frozenset[LegId], conversations: Mapping[ReservationId, AgentId]
    ) -> None:
        """Learn which legs the softswitch has; those that it has not are over."""
        for reservation, agent in conversations.items():
            self.adopt(reservation, agent)
        for line in tuple(self._lines.values()):
            if line.is_up and line.leg not in live:
                line.lose()

    def _open(self, reservation: ReservationId, agent: AgentId, *, answered: bool) -> AgentLine:
        line = AgentLine(
            reservation,
            self._switch,
            self._tell,
            answered=answered,
            hang_up_attempts=self._attempts,
        )
        self._lines[reservation] = self._latest[agent] = line
        self._legs.claim(line.leg, line.take)
        return line

    def _spawn(
        self, reservation: ReservationId, line: AgentLine, life: Coroutine[Any, Any, None]
    ) -> None:
        if self._scope is None:
            raise Bug("agents' legs are ordered only while the dispatcher runs")
        self._scope.create_task(self._live(reservation, line, life), name=f"agent-leg {line.leg}")

    async def _live(
        self, reservation: ReservationId, line: AgentLine, life: Coroutine[Any, Any, None]
    ) -> None:
        try:
            await life
        except Exception:
            # The boundary of one leg: a fault here must not end all other conversations.
            log.exception("agent_leg_failed", leg=line.leg)
        finally:
            self._legs.release(line.leg)
            self._branch_lines.release(line.leg)
            self._lines.pop(reservation, None)

    async def _hang_up_unknown(self, leg: LegId) -> None:
        try:
            await self._switch.hang_up(leg)
        except TelephonyError as fault:
            log.warning("agent_leg_not_hung_up", leg=leg, fault=str(fault))
