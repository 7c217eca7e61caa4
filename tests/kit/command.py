"""Commands as somebody at a terminal knows them: what they print, Ctrl-C, and how they end."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

from tests.kit.instance import PROJECT, STATE_VARIABLE, Instance
from tests.kit.processes import Process, processes_of

_PAUSE_S: Final = 0.05


class RunCommand:
    """One that is kept up; `instance` tells its ports and folder, and is never started itself."""

    def __init__(self, instance: Instance, running: subprocess.Popen[bytes], printed: Path) -> None:
        self.instance = instance
        self._running = running
        self._printed = printed

    @property
    def pid(self) -> int:
        """The supervisor's process id."""
        return self._running.pid

    @property
    def said(self) -> str:
        """Everything printed so far, lines that were folded joined again."""
        return " ".join(self._printed.read_text(errors="replace").split())

    @property
    def processes(self) -> list[Process]:
        """Every process of this system that lives, the supervisor included."""
        return processes_of(STATE_VARIABLE, str(self.instance.state_dir))

    async def says(self, words: str, *, within_s: float = 90.0) -> None:
        """Waits until this was printed.

        Raises:
            AssertionError: it was not, or the command ended before; what was printed is shown.
        """
        await self._until(
            lambda: words in self.said or self._running.poll() is not None, within_s=within_s
        )
        assert words in self.said, f"{words!r} was not said, but:\n{self.said}"

    def sends(self, number: signal.Signals) -> None:
        """Sends the supervisor alone a signal; SIGINT is Ctrl-C."""
        self._running.send_signal(number)

    async def ends(self, *, within_s: float = 30.0) -> int:
        """Waits for the end; the exit code, negative for a signal."""
        await self._until(lambda: self._running.poll() is not None, within_s=within_s)
        code = self._running.poll()
        assert code is not None, f"it still runs after {within_s} s:\n{self.said}"
        return code

    async def leaves_nothing(self, *, within_s: float = 10.0) -> None:
        """Waits until no process of this system is left."""
        await self._until(lambda: not self.processes, within_s=within_s)
        assert not self.processes, f"left behind: {self.processes}"

    def part(self, words: str) -> Process:
        """The process whose command line holds these words."""
        return next(process for process in self.processes if words in process.command)

    async def _until(self, holds: Callable[[], bool], *, within_s: float) -> None:
        clock = asyncio.get_running_loop().time
        deadline = clock() + within_s
        # What is waited for happens in other processes, of which no event of ours can tell.
        while not holds() and clock() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(_PAUSE_S)


def run_command(instance: Instance, *arguments: str) -> AbstractContextManager[RunCommand]:
    """Starts one `ivrengine run`; what still runs in the end is killed."""
    return command(instance, "run", *arguments)


@contextmanager
def command(instance: Instance, *words: str) -> Iterator[RunCommand]:
    """Starts `ivrengine` with these words; what still runs in the end is killed."""
    instance.state_dir.mkdir(parents=True, exist_ok=True)
    printed = instance.state_dir / f"printed.{words[0]}"
    with printed.open("wb") as out:
        running = subprocess.Popen(
            [str(Path(sys.executable).with_name("ivrengine")), *words],
            cwd=PROJECT,
            env=instance.environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    started = RunCommand(instance, running, printed)
    try:
        yield started
    finally:
        for process in started.processes:
            process.send(signal.SIGKILL)
        running.wait()
