"""Finding an instance's processes by what the kernel knows about them (proc(5)).

An instance is recognised by the state folder in its environment, so that two instances, and the
instances of other people on the same machine, are never mixed up.
"""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One running process."""

    pid: int
    parent: int
    command: str

    def send(self, number: signal.Signals) -> None:
        """Sends it a signal; one that has ended meanwhile is no trouble."""
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return

    def is_alive(self) -> bool:
        """Whether it still runs; a zombie does not."""
        return any(process.pid == self.pid for process in _running())


def processes_of(variable: str, value: str) -> list[Process]:
    """Every process of this user that was started with this environment variable."""
    wanted = f"{variable}={value}".encode()
    return [process for process in _running() if wanted in _environment(process.pid)]


def _running() -> Iterator[Process]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            process = _read(int(entry.name))
            if process is not None:
                yield process


def _read(pid: int) -> Process | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return None
    state, parent, *_ = stat.rpartition(")")[2].split()
    if state == "Z":
        return None
    words = command.replace(b"\0", b" ").decode(errors="replace").strip()
    return Process(pid=pid, parent=int(parent), command=words)


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []
