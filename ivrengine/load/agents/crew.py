"""The agents as a run sees them: a process of telephones, and what they have told so far."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from math import inf
from pathlib import Path
from typing import Final, Self, assert_never

import structlog

from ivrengine.load.agents.news import Answered, Freed, News, Rang, Staffed, Strange, read
from ivrengine.load.own_process import OwnProcess, Role
from ivrengine.softphone.sip.sdp import Address

log = structlog.get_logger(__name__)

_JOINED_WITHIN_S: Final = 6.0
"""An agent who has picked up is told first who comes, and the caller waits until that is over."""


class Crew:
    """Telephones of ``agents``, all registered. What they tell can be waited for.

    ``strange`` counts by what happened that must not.
    """

    def __init__(self, process: OwnProcess, agents: Sequence[str]) -> None:
        self.agents = tuple(agents)
        self.strange: Counter[str] = Counter()
        self._process = process
        self._rang_at_s: dict[str, float] = {}
        self._picked_up_at_s: dict[str, float] = {}
        self._staffed = False

    @classmethod
    @asynccontextmanager
    async def at(
        cls, sip: Address, agents: Sequence[str], *, seed: int, log: Path
    ) -> AsyncIterator[Self]:
        """Have the telephones of these agents registered until the end of the block.

        Raises:
            ExceptionGroup: of EngineError, they could not be, or went before the end; ``log``
                tells why.
        """
        host, port = sip
        role = Role(
            name="the agents' telephones",
            module="ivrengine.load.agents",
            arguments=(f"{host}:{port}", str(seed), *agents),
            log=log,
        )
        process = await OwnProcess.start(role)
        crew = cls(process, agents)
        async with process.heard_by(crew._hear, has_begun=lambda: crew._staffed):
            yield crew

    @property
    def pid(self) -> int:
        """The process of the telephones."""
        return self._process.pid

    @property
    def claimed(self) -> int:
        """How many callers may have an agent already though they still wait: most there can be.

        Their agent's telephone rings, or was picked up so lately that the agent may still be told
        who comes.
        """
        joined_by_s = time.monotonic() - _JOINED_WITHIN_S
        return sum(at_s > joined_by_s for at_s in self._picked_up_at_s.values())

    async def until_free(self, agent: str, *, within_s: float) -> bool:
        """Wait until an agent's telephone is not in use; False when it still was."""
        return await self._process.until(
            lambda: agent not in self._picked_up_at_s, within_s=within_s
        )

    async def rings(self, agent: str, *, since_s: float, within_s: float) -> float | None:
        """Wait for the next call to an agent after a monotonic moment; None when none came.

        Return the monotonic moment at which the kernel had its INVITE.
        """

        def rang() -> bool:
            return self._rang_at_s.get(agent, 0.0) >= since_s

        rung = await self._process.until(rang, within_s=within_s)
        return self._rang_at_s[agent] if rung else None

    def _hear(self, line: bytes) -> None:
        self._take(read(line.decode("ascii").rstrip("\n")))

    def _take(self, news: News) -> None:
        match news:
            case Staffed():
                self._staffed = True
            case Rang(agent=agent, at_s=at_s):
                self._rang_at_s[agent] = at_s
                self._picked_up_at_s[agent] = inf
            case Answered(agent=agent):
                self._picked_up_at_s[agent] = time.monotonic()
            case Freed(agent=agent):
                self._picked_up_at_s.pop(agent, None)
            case Strange(agent=agent, what=what):
                self.strange[what] += 1
                log.warning("strange_at_telephone", agent=agent, what=what)
            case _:
                assert_never(news)
