"""Running SIPp: another SIP stack than ours, for scenarios kept as files and for many calls.

SIPp speaks SIP; the sound of its calls comes from `ivrengine.load.sound`.
"""

import asyncio
import csv
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from ivrengine.load.sound.server import SoundServer
from ivrengine.softphone.sip.sdp import Address

KILLED_AFTER_S: Final = 5.0
_SCREEN: Final = "screen.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """The sums at the end of a run."""

    calls: int
    successful: int
    failed: int
    mean_response_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SippRun:
    """One run: `exit_code` 0 when every call went as the scenario says."""

    exit_code: int
    statistics: Statistics | None
    errors: str
    screen: str

    def explain(self) -> str:
        """What SIPp said, for the message of a failed assertion."""
        return "\n".join((f"SIPp ended with {self.exit_code}", self.errors, self.screen[-2000:]))


@dataclass(frozen=True, slots=True, kw_only=True)
class SippJob:
    """What to run.  `keys` fill the scenario's `[name]` fields, `variables` its globals."""

    scenario: Path
    server: Address
    number: str
    calls: int = 1
    at_once: int = 1
    rate_per_s: float = 1.0
    within_s: float = 60.0
    keys: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)


async def run_sipp(program: Path, job: SippJob, *, folder: Path) -> SippRun:
    """Runs a scenario in an existing folder, which keeps what SIPp writes.

    Raises:
        ExceptionGroup: the sound that the scenario orders cannot be had.
    """
    with SoundServer.opened() as sound:
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(sound.serve())
            exit_code = await _exit_code(_command(program, job, sound.address), job, folder)
            serving.cancel()
    return SippRun(
        exit_code=exit_code,
        statistics=read_statistics(folder / "statistics.csv"),
        errors=_text(folder / "errors.log"),
        screen=_text(folder / _SCREEN),
    )


async def _exit_code(command: list[str], job: SippJob, folder: Path) -> int:
    with (folder / _SCREEN).open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**os.environ, "TERM": "dumb"},
            start_new_session=True,
        )
    try:
        async with asyncio.timeout(job.within_s + KILLED_AFTER_S):
            return await process.wait()
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        raise


def read_statistics(path: Path) -> Statistics | None:
    """Reads the last line of SIPp's statistics; None when it wrote none."""
    if not path.exists():
        return None
    with path.open(newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    if not rows:
        return None
    last = rows[-1]
    return Statistics(
        calls=int(last["TotalCallCreated"]),
        successful=int(last["SuccessfulCall(C)"]),
        failed=int(last["FailedCall(C)"]),
        mean_response_s=_seconds(last["ResponseTime1(C)"]),
    )


def _command(program: Path, job: SippJob, sound: Address) -> list[str]:
    host, port = job.server
    twin_host, twin_port = sound
    keys = [word for name, value in job.keys.items() for word in ("-key", name, value)]
    variables = [word for name, value in job.variables.items() for word in ("-set", name, value)]
    return [
        *(str(program), f"{host}:{port}", "-sf", str(job.scenario), "-s", job.number, *keys),
        *variables,
        *("-m", str(job.calls), "-l", str(job.at_once), "-r", str(job.rate_per_s)),
        *("-i", host, "-3pcc", f"{twin_host}:{twin_port}"),
        *("-watchdog_interval", "0", "-nostdin", "-timeout", f"{job.within_s:.0f}s"),
        *("-timeout_error", "-trace_err", "-error_file", "errors.log"),
        *("-trace_stat", "-stf", "statistics.csv", "-fd", "1"),
    ]


def _seconds(text: str) -> float:
    """Reads `00:00:00:012345`, hours to microseconds."""
    hours, minutes, seconds, microseconds = (int(part) for part in text.split(":"))
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=microseconds)
    return length.total_seconds()


def _text(path: Path) -> str:
    return path.read_text(errors="replace") if path.exists() else ""
