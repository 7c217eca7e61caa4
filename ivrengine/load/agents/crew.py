"""The agents as a run sees them: a process of telephones, and what they have told so far."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final, Self, assert_never

import structlog

from ivrengine.errors import EngineError
from ivrengine.load.agents.news import Answered, Freed, News, Rang, Staffed, Strange, read
from ivrengine.softphone.sip.sdp import Address
from ivrengine.softphone.watch import Watch

log = structlog.get_logger(__name__)

_STAFFED_WITHIN_S: Final = 30.0
_LEFT_WITHIN_S: Final = 10.0


class Crew:
    """Telephones of ``agents``, all registered. What they tell can be waited for.

    ``strange`` counts by what happened that must not.
    """

    def __init__(self, process: Process, agents: Sequence[str], log: Path) -> None:
        self.agents = tuple(agents)
        self.strange: Counter[str] = Counter()
        self._process = process
        self._log = log
        self._leaving = False
        self._rang_at_s: dict[str, float] = {}
        self._engaged: set[str] = set()
        self._ringing: set[str] = set()
        self._staffed = False
        self._watch = Watch()

    @classmethod
    @asynccontextmanager
    async def at(
        cls, sip: Address, agents: Sequence[str], *, seed: int, log: Path
    ) -> AsyncIterator[Self]:
        """Have the telephones of these agents registered until the end of the block.

        Raises:
            EngineError: they could not be; ``log`` tells why.
        """
        host, port = sip
        with log.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "ivrengine.load.agents"),
                *(f"{host}:{port}", str(seed), *agents),
                stdin=PIPE,
                stdout=PIPE,
                stderr=errors,
                process_group=0,
            )
        crew = cls(process, agents, log)
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(crew._listen())
            try:
                await crew._until_staffed()
                yield crew
            finally:
                await crew._leave()
                listening.cancel()

    @property
    def pid(self) -> int:
        """The process of the telephones."""
        return self._process.pid

    @property
    def ringing(self) -> int:
        """How many telephones ring."""
        return len(self._ringing)

    async def until_free(self, agent: str, *, within_s: float) -> bool:
        """Wait until an agent's telephone is not in use; False when it still was."""
        return await self._watch.until(lambda: agent not in self._engaged, within_s=within_s)

    async def rings(self, agent: str, *, since_s: float, within_s: float) -> float | None:
        """Wait for the next call to an agent after a monotonic moment; None when none came.

        Return the monotonic moment at which the kernel had its INVITE.
        """

        def rang() -> bool:
            return self._rang_at_s.get(agent, 0.0) >= since_s

        return self._rang_at_s[agent] if await self._watch.until(rang, within_s=within_s) else None

    async def _until_staffed(self) -> None:
        over = lambda: self._staffed or self._process.returncode is not None  # noqa: E731
        await self._watch.until(over, within_s=_STAFFED_WITHIN_S)
        if not self._staffed:
            raise EngineError(
                "the agents' telephones could not be registered", remedy=f"see {self._log}"
            )

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self._take(read(line.decode("ascii").rstrip("\n")))
            self._watch.notify()
        await self._process.wait()
        self._watch.notify()
        if not self._leaving:
            raise EngineError("the agents' telephones have gone", remedy=f"see {self._log}")

    def _take(self, news: News) -> None:
        match news:
            case Staffed():
                self._staffed = True
            case Rang(agent=agent, at_s=at_s):
                self._rang_at_s[agent] = at_s
                self._engaged.add(agent)
                self._ringing.add(agent)
            case Answered(agent=agent):
                self._ringing.discard(agent)
            case Freed(agent=agent):
                self._engaged.discard(agent)
                self._ringing.discard(agent)
            case Strange(agent=agent, what=what):
                self.strange[what] += 1
                log.warning("strange_at_telephone", agent=agent, what=what)
            case _:
                assert_never(news)

    async def _leave(self) -> None:
        assert self._process.stdin is not None
        self._leaving = True
        self._process.stdin.close()
        try:
            async with asyncio.timeout(_LEFT_WITHIN_S):
                await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)
            await self._process.wait()
