"""How soon a telephone rings once its agent is ready, seen from outside while callers wait.

A few of the agents leave after each call and come back after a moment that has to do with nothing.
A sample begins when the order to be ready is sent, and ends when the kernel has the INVITE. It
is one only if somebody surely waited then: else it would be the time until the next caller comes.
"""

import asyncio
import time
from collections.abc import Sequence
from random import Random
from typing import Final, NoReturn

import structlog

from ivrengine.errors import EngineError
from ivrengine.load.agents.crew import Crew
from ivrengine.load.report.result import Ring
from ivrengine.load.target import Target

log = structlog.get_logger(__name__)

_RINGS_WITHIN_S: Final = 10.0
_CALL_WITHIN_S: Final = 180.0
_AWAY_S: Final = (0.7, 2.5)
_SYSTEM_AWAY_S: Final = 1.0
_SURELY: Final = 3
"""Others may come free between the question and the order; of three one is left for this agent."""


class Readiness:
    """Samples are taken until cancelled; ``rings`` grows with each. ``origin`` is monotonic.

    ``passed_over`` counts those who came while nobody surely waited for them.
    """

    def __init__(self, target: Target, crew: Crew, *, origin: float, chance: Random) -> None:
        self.rings: list[Ring] = []
        self.passed_over = 0
        self._target = target
        self._crew = crew
        self._origin = origin
        self._chance = chance

    async def sample(self, agents: Sequence[str]) -> None:
        """Have these agents come and go."""
        async with asyncio.TaskGroup() as tasks:
            for agent in agents:
                tasks.create_task(self._keep_on(agent))

    async def _keep_on(self, agent: str) -> NoReturn:
        while True:
            try:
                await self._come_and_go(agent)
            except EngineError as fault:
                # Engines that are killed on purpose are away for a while.
                log.debug("no_ring_sampled", agent=agent, fault=str(fault))
                await asyncio.sleep(_SYSTEM_AWAY_S)

    async def _come_and_go(self, agent: str) -> None:
        await self._target.make_unready(agent)
        await self._crew.until_free(agent, within_s=_CALL_WITHIN_S)
        await asyncio.sleep(self._chance.uniform(*_AWAY_S))
        waited = await self._somebody_waits()
        began = time.monotonic()
        await self._target.make_ready(agent)
        rang_at = await self._crew.rings(agent, since_s=began, within_s=_RINGS_WITHIN_S)
        # Who waited may have given up before a telephone that kept still could have rung.
        if waited and (rang_at is not None or await self._somebody_waits()):
            took_s = None if rang_at is None else rang_at - began
            self.rings.append(Ring(at_s=began - self._origin, took_s=took_s))
        else:
            self.passed_over += 1

    async def _somebody_waits(self) -> bool:
        """Tell whether callers surely wait who have not been given to an agent."""
        return await self._target.waiting() - self._crew.claimed >= _SURELY
