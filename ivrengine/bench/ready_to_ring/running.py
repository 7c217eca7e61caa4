"""Starting the two sides, and stopping them whatever happens in between."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ivrengine.bench.ready_to_ring.places import Places
from ivrengine.bench.ready_to_ring.sides import AppQueueSide, EngineSide
from ivrengine.config import Settings
from ivrengine.load.places import HOST
from ivrengine.load.running import running_system
from ivrengine.softswitch.ami.session import AmiSession
from ivrengine.softswitch.ami.settings import AmiAccess, AmiSettings
from ivrengine.softswitch.local.asterisk import LocalSoftswitch
from ivrengine.softswitch.local.debian.progress import Report
from ivrengine.softswitch.local.installation import fetch


@asynccontextmanager
async def running_engine(places: Places, settings: Settings) -> AsyncIterator[EngineSide]:
    """Run the whole system as a person starts it; nothing of an earlier run is kept but prompts.

    Raises:
        EngineError: it did not come up; the message closes with what it said.
    """
    async with running_system(places.engine, settings) as system:
        yield EngineSide((HOST, places.engine.first_port), system.api)


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
