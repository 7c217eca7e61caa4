"""The probes as a run sees them: a process of telephones that listen, and what they found out."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self, assert_never

from ivrengine.load.callers.tally import Tally
from ivrengine.load.measures.probe_call import ProbeCall
from ivrengine.load.measures.probes.news import Answered, Begun, Listening, News, Over, read
from ivrengine.load.measures.probes.orders import ProbeOrders
from ivrengine.load.own_process import OwnProcess, Role


class Probes:
    """Made by :meth:`at`; ``calls`` has every call that is over, in the order of their ends."""

    def __init__(self, process: OwnProcess) -> None:
        self.calls: list[ProbeCall] = []
        self._process = process
        self._placed = 0
        self._up = 0
        self._listening = False

    @classmethod
    @asynccontextmanager
    async def at(cls, orders: ProbeOrders, *, log: Path) -> AsyncIterator[Self]:
        """Have the telephones there until the end of the block; they call from :meth:`begin` on.

        Raises:
            ExceptionGroup: of EngineError when they did not come, or went before the end; ``log``
                tells why.
        """
        role = Role(
            name="the probes' telephones",
            module="ivrengine.load.measures.probes",
            arguments=(orders.written(),),
            log=log,
        )
        process = await OwnProcess.start(role)
        probes = cls(process)
        async with process.heard_by(probes._hear, has_begun=lambda: probes._listening):
            yield probes

    @property
    def pid(self) -> int:
        """The process of the telephones."""
        return self._process.pid

    def tally(self) -> Tally:
        """Return how far the calls have come; one that was broken off at the end is complete."""
        refused = Counter(call.refused for call in self.calls if call.refused)
        failed = Counter(call.fault.partition("\n")[0] for call in self.calls if call.fault)
        return Tally(
            placed=self._placed,
            up=self._up,
            completed=len(self.calls) - refused.total() - failed.total(),
            refused=refused,
            failed=failed,
        )

    def begin(self) -> None:
        """Have every telephone call, and call again after each call.

        Raises:
            EngineError: they have gone.
        """
        self._process.tell(b"\n")

    async def finish(self) -> None:
        """Have every telephone hang up where it is; returns when all have. May be called twice."""
        await self._process.leave()

    def _hear(self, line: bytes) -> None:
        self._take(read(line))

    def _take(self, news: News) -> None:
        match news:
            case Listening():
                self._listening = True
            case Begun():
                self._placed += 1
            case Answered():
                self._up += 1
            case Over(call=call):
                self._up -= call.setup_s is not None
                self.calls.append(call)
            case _:
                assert_never(news)
