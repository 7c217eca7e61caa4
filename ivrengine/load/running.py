"""Starting a whole system as a person does, and stopping it whatever happens in between."""

import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp

from ivrengine.bootstrap.system import succeeds
from ivrengine.config import Settings
from ivrengine.console.token import read_token
from ivrengine.load.engine_api import EngineApi
from ivrengine.load.places import HOST, SystemPlace
from ivrengine.softswitch.local.processes import Child, ChildSpec
from ivrengine.softswitch.local.program import Program

_READY_WITHIN_S: Final = 180.0
_STOPPED_WITHIN_S: Final = 20.0
_ORDER_WITHIN_S: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningSystem:
    """A system that serves: the process that keeps it up, and its API."""

    keeper_pid: int
    api: EngineApi


@asynccontextmanager
async def running_system(place: SystemPlace, settings: Settings) -> AsyncIterator[RunningSystem]:
    """Run the whole system; nothing of an earlier run is kept but prompts.

    Raises:
        EngineError: it did not come up; the message closes with what it said.
    """
    empty_but_prompts(place.state)
    base = f"http://{HOST}:{place.api_port}"
    spec = ChildSpec(
        name="the system",
        argv=(sys.executable, "-m", "ivrengine", "run", "--no-demo"),
        log=place.state / "run.log",
        environment=place.environment(settings, os.environ),
        stop_signal=signal.SIGINT,
        stop_timeout_s=_STOPPED_WITHIN_S,
    )

    async def answers(timeout_s: float) -> bool:
        return await succeeds(f"{base}/health/ready", timeout_s)

    program = Program(Child(spec), is_answering=answers, ready_timeout_s=_READY_WITHIN_S)
    await program.start()
    try:
        headers = {"Authorization": f"Bearer {read_token(place.state).reveal()}"}
        limit = aiohttp.ClientTimeout(total=_ORDER_WITHIN_S)
        async with aiohttp.ClientSession(headers=headers, timeout=limit) as session:
            yield RunningSystem(keeper_pid=program.pid, api=EngineApi(f"{base}/api", session))
    finally:
        await program.stop()


def empty_but_prompts(state: Path) -> None:
    """Take everything out of a state folder but the prompts, which take a while to lay out."""
    state.mkdir(parents=True, exist_ok=True)
    for kept in state.iterdir():
        if kept.is_dir() and not kept.is_symlink():
            if kept.name != "prompts":
                shutil.rmtree(kept)
        else:
            kept.unlink()
