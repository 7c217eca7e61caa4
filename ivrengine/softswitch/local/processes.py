"""A child process that never outlives us, and the words for how it ended.

A child runs in a process group of its own, so that Ctrl-C in a terminal reaches only the
supervisor, which then stops its children in order.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from ivrengine.errors import Bug
from ivrengine.softswitch.keeper import Farewell, SocketKeeper

_LAUNCHER = Path(__file__).with_name("launcher.py")
_TAIL_BYTES = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSpec:
    """What to start, and how to stop it.

    ``argv[0]`` is an absolute path. The output of the child is appended to ``log``;
    ``other_logs`` are files that it writes by itself. ``stop_signal`` is also what the kernel
    sends it should we be killed. One that ``waits`` reads a line from its standard input before it
    begins, and ends by itself when there is none to come. One that has a ``farewell`` may have us
    keep a connection of its own, to which that is said when it dies.
    """

    name: str
    argv: tuple[str, ...]
    log: Path
    other_logs: tuple[Path, ...] = ()
    environment: Mapping[str, str] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 5.0
    waits: bool = False
    farewell: Farewell | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a child ended. ``code`` is negative for a signal; ``asked`` tells that we stopped it."""

    name: str
    code: int
    asked: bool
    killed_late: bool = False

    def describe(self) -> str:
        """Say it in words for an operator."""
        if self.killed_late:
            return f"{self.name} did not stop in time and was killed"
        if self.asked:
            return f"{self.name} stopped"
        if self.code < 0:
            return f"{self.name} was ended by {signal.Signals(-self.code).name}"
        return f"{self.name} ended by itself with exit code {self.code}"


@dataclass(slots=True)
class Child:
    """One run of a :class:`ChildSpec`."""

    spec: ChildSpec
    _process: asyncio.subprocess.Process | None = None
    _asked: bool = field(default=False)
    _keeper: SocketKeeper | None = None

    @property
    def pid(self) -> int:
        """Process id of the child; it must have been started."""
        return self._running().pid

    def is_running(self) -> bool:
        """Tell whether it was started and has not ended."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start the child; it inherits nothing but its output file, and the way to a keeper."""
        self.spec.log.parent.mkdir(parents=True, exist_ok=True)
        self._asked = False
        farewell = self.spec.farewell
        self._keeper = keeper = None if farewell is None else SocketKeeper(farewell)
        try:
            self._process = await self._launch(keeper)
        except BaseException:
            await self._bury()
            raise
        finally:
            if keeper is not None:
                keeper.theirs.close()

    async def _launch(self, keeper: SocketKeeper | None) -> asyncio.subprocess.Process:
        launch = (sys.executable, "-I", "-S", str(_LAUNCHER))
        bond = (str(os.getpid()), str(int(self.spec.stop_signal)))
        environment = self.spec.environment
        if keeper is not None:
            inherited = os.environ if environment is None else environment
            environment = {**inherited, **keeper.environment}
        with self.spec.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *launch,
                *bond,
                *self.spec.argv,
                stdin=asyncio.subprocess.PIPE if self.spec.waits else asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                process_group=0,
                pass_fds=() if keeper is None else (keeper.theirs.fileno(),),
            )

    def begin(self) -> None:
        """Have a child begin that waits for that; one that has ended hears nothing of it."""
        told = self._running().stdin
        if told is not None and not told.is_closing():
            told.write(b"\n")
            told.close()

    async def wait(self) -> Ended:
        """Wait until the child has ended, and what it was connected to with it."""
        code = await self._running().wait()
        await self._bury()
        return Ended(name=self.spec.name, code=code, asked=self._asked)

    async def stop(self) -> Ended:
        """Ask the child to stop, and kill its group once its time is over; idempotent."""
        running = self._running()
        self._asked = True
        if running.returncode is None:
            running.send_signal(self.spec.stop_signal)
        try:
            async with asyncio.timeout(self.spec.stop_timeout_s):
                return await self.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            ended = await self.wait()
            return replace(ended, killed_late=True)

    async def _bury(self) -> None:
        if self._keeper is not None:
            await self._keeper.bury()

    def log_tail(self) -> str:
        """Return the end of what the child wrote, for an error message."""
        tails = (_tail(log) for log in (*self.spec.other_logs, self.spec.log))
        return "\n".join(text for text in tails if text)

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise Bug(f"{self.spec.name} was never started")
        return self._process


def _tail(file: Path) -> str:
    if not file.is_file():
        return ""
    with file.open("rb") as text:
        text.seek(max(0, file.stat().st_size - _TAIL_BYTES))
        return text.read().decode("utf-8", errors="replace").strip()
