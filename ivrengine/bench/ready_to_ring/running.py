"""Starting the two sides, and stopping them whatever happens in between."""

import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiohttp

from ivrengine.bench.ready_to_ring.places import HOST, Places
from ivrengine.bench.ready_to_ring.sides import AppQueueSide, EngineSide
from ivrengine.bootstrap.system import succeeds
from ivrengine.config import Settings
from ivrengine.console.token import read_token
from ivrengine.softswitch.ami.session import AmiSession
from ivrengine.softswitch.ami.settings import AmiAccess, AmiSettings
from ivrengine.softswitch.local.asterisk import LocalSoftswitch
from ivrengine.softswitch.local.debian.progress import Report
from ivrengine.softswitch.local.installation import fetch
from ivrengine.softswitch.local.processes import ChildSpec
from ivrengine.softswitch.local.program import Program

_READY_WITHIN_S: Final = 180.0
_STOPPED_WITHIN_S: Final = 20.0
_ORDER_WITHIN_S: Final = 5.0


@asynccontextmanager
async def running_engine(places: Places, settings: Settings) -> AsyncIterator[EngineSide]:
    """Run the whole system as a person starts it; nothing of an earlier run is kept but prompts.

    Raises:
        EngineError: it did not come up; the message closes with what it said.
    """
    state = places.engine_state
    _empty_but_prompts(places)
    spec = ChildSpec(
        name="the engine",
        argv=(sys.executable, "-m", "ivrengine", "run", "--no-demo"),
        log=state / "run.log",
        environment=places.engine_environment(settings, os.environ),
        stop_signal=signal.SIGINT,
        stop_timeout_s=_STOPPED_WITHIN_S,
    )

    async def answers(timeout_s: float) -> bool:
        return await succeeds(f"http://{HOST}:{places.api_port}/health/ready", timeout_s)

    program = Program(spec, is_answering=answers, ready_timeout_s=_READY_WITHIN_S)
    await program.start()
    try:
        headers = {"Authorization": f"Bearer {read_token(state).reveal()}"}
        limit = aiohttp.ClientTimeout(total=_ORDER_WITHIN_S)
        async with aiohttp.ClientSession(headers=headers, timeout=limit) as session:
            yield EngineSide(places, session)
    finally:
        await program.stop()


@asynccontextmanager
async def running_app_queue(
    places: Places, settings: Settings, report: Report
) -> AsyncIterator[AppQueueSide]:
    """Run an Asterisk with app_queue and the engine's own music.

    Raises:
        EngineError: it did not come up.
    """
    own = places.rival_settings(settings.softswitch)
    places.rival_state.mkdir(parents=True, exist_ok=True)
    prompts = places.rival_state / "prompts"
    if not prompts.is_symlink():
        prompts.symlink_to(places.engine_state.resolve() / "prompts")
    switch = LocalSoftswitch(
        own, state_dir=places.rival_state, installation=fetch(own, report=report)
    )
    await switch.start()
    try:
        await switch.command("module load app_queue.so")
        session = await AmiSession.open(AmiAccess.of(own, switch.secrets), AmiSettings())
        try:
            yield AppQueueSide(switch, session)
        finally:
            session.close()
    finally:
        await switch.stop()


def _empty_but_prompts(places: Places) -> None:
    state = places.engine_state
    state.mkdir(parents=True, exist_ok=True)
    for kept in state.iterdir():
        if kept.is_dir() and not kept.is_symlink():
            if kept.name != "prompts":
                shutil.rmtree(kept)
        else:
            kept.unlink()
