"""Keeps the parts of a running system up: restarts what dies or goes deaf, and stops it all.

Theory of operation: parts are started in order and stopped last started first. Between the two,
every part has a keeper, a task that waits for the part to end or to stay silent for too long, and
starts it again, after a growing delay if it did not last. The first start is different: a part
that cannot start at all is a fault to report, so everything is stopped and the error raised. A stop
is the cancellation of the task that runs the supervisor, whether a signal or
:meth:`Supervisor.request_stop` asked for it.
"""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from ivrengine.errors import EngineError
from ivrengine.softswitch.local.processes import Ended


class Part(Protocol):
    """Something that runs as a process of its own and can be asked whether it is well."""

    @property
    def name(self) -> str:
        """What an operator knows it by."""
        ...

    @property
    def rests_s(self) -> float:
        """How long it must have been down before it can be started again."""
        ...

    async def start(self) -> None:
        """Start it and return once it is ready to serve; raises EngineError when it is not."""
        ...

    async def wait(self) -> Ended:
        """Wait until it has ended; returns at once when it already has."""
        ...

    async def stop(self) -> Ended:
        """Stop it within a deadline of its own; idempotent."""
        ...

    async def interrupt(self) -> Ended:
        """Stop it to start it again at once; what was prepared for the next run stays."""
        ...

    async def is_answering(self, *, timeout_s: float) -> bool:
        """Tell whether it does its work, not merely exists."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingPolicy:
    """When a part is started again: at once after its rest if it had run for ``settled_s``.

    One that dies sooner, or does not start, is waited for, from ``first_delay_s`` on longer every
    time. A part counts as deaf only after a long silence, because to restart it ends its calls.
    """

    first_delay_s: float = 1.0
    longest_delay_s: float = 30.0
    settled_s: float = 20.0
    probe_every_s: float = 5.0
    probe_timeout_s: float = 2.0
    probes_missed: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PartStarted:
    """A part is ready; ``again`` tells a restart from the first start."""

    name: str
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartEnded:
    """A part ended, by our order or without it."""

    ended: Ended


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDeaf:
    """A part runs but has answered nothing for too long; it is stopped and started again."""

    name: str
    probes_missed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFailedToStart:
    """A restart did not succeed; ``reason`` is for the operator. It will be tried again."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartPlanned:
    """A part will be started again after ``delay_s``."""

    name: str
    delay_s: float


News = PartStarted | PartEnded | PartDeaf | PartFailedToStart | RestartPlanned


Errand = Callable[[], Coroutine[None, None, None]]
"""Something to do while all parts are up; must not raise."""


class Supervisor:
    """Runs ``parts``; what happens to them is told to ``tell``, which must not raise."""

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        tell: Callable[[News], None],
        policy: KeepingPolicy | None = None,
    ) -> None:
        self._parts = parts
        self._tell = tell
        self._policy = policy or KeepingPolicy()
        self._started: list[Part] = []
        self._running: asyncio.Task[object] | None = None
        self._asked_to_stop = False

    async def run(self, *, meanwhile: Errand | None = None) -> None:
        """Start every part, and keep them up until told to stop.

        ``meanwhile`` begins once every part is ready. If it has not ended by itself when the parts
        are to stop, it is cancelled first, so that its end still finds them up.

        Raises:
            EngineError: a part could not be started for the first time; all are stopped again.
        """
        self._running = asyncio.current_task()
        with self._signals_stop():
            try:
                await self._start_all()
                async with asyncio.TaskGroup() as keepers:
                    if meanwhile is not None:
                        keepers.create_task(meanwhile())
                    for part in self._parts:
                        keepers.create_task(self._keep(part))
            except asyncio.CancelledError:
                if not self._asked_to_stop or self._running is None:
                    raise
                self._running.uncancel()
            finally:
                await self._stop_all()

    def request_stop(self) -> None:
        """Make :meth:`run` stop every part and return; asking twice changes nothing."""
        if self._running is not None and not self._asked_to_stop:
            self._asked_to_stop = True
            self._running.cancel()

    async def _start_all(self) -> None:
        for part in self._parts:
            await _start(part)
            self._started.append(part)
            self._tell(PartStarted(name=part.name, again=False))

    async def _stop_all(self) -> None:
        for part in reversed(self._started):
            self._tell(PartEnded(ended=await part.stop()))

    async def _keep(self, part: Part) -> None:
        delay_s = part.rests_s
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            self._tell(PartEnded(ended=await self._until_down(part)))
            if clock() - began >= self._policy.settled_s:
                delay_s = part.rests_s
            delay_s = await self._start_again(part, delay_s)

    async def _until_down(self, part: Part) -> Ended:
        """Wait until a part has ended, or has been stopped because it went deaf."""
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(self._stop_when_deaf(part))
            ended = await part.wait()
            listening.cancel()
        return ended

    async def _stop_when_deaf(self, part: Part) -> None:
        missed = 0
        while missed < self._policy.probes_missed:
            await asyncio.sleep(self._policy.probe_every_s)
            heard = await part.is_answering(timeout_s=self._policy.probe_timeout_s)
            missed = 0 if heard else missed + 1
        self._tell(PartDeaf(name=part.name, probes_missed=missed))
        await part.interrupt()

    async def _start_again(self, part: Part, delay_s: float) -> float:
        """Start a part until it runs; return the delay that the next restart begins with."""
        while True:
            self._tell(RestartPlanned(name=part.name, delay_s=delay_s))
            await asyncio.sleep(delay_s)
            delay_s = max(2 * delay_s, self._policy.first_delay_s, part.rests_s)
            delay_s = min(delay_s, self._policy.longest_delay_s)
            try:
                await _start(part)
            except EngineError as failure:
                self._tell(PartFailedToStart(name=part.name, reason=str(failure)))
            else:
                self._tell(PartStarted(name=part.name, again=True))
                return delay_s

    @contextmanager
    def _signals_stop(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        for number in signals:
            loop.add_signal_handler(number, self.request_stop)
        try:
            yield
        finally:
            for number in signals:
                loop.remove_signal_handler(number)


async def _start(part: Part) -> None:
    """Start a part; what the operating system refuses is a fault to report like any other."""
    try:
        await part.start()
    except OSError as fault:
        raise EngineError(
            f"{part.name} cannot be started: {fault}",
            remedy="check that the state folder is writable and the disk is not full",
        ) from fault
