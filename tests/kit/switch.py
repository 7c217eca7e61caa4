"""A bare Asterisk for tests without an engine: the system's own configuration, another dialplan."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from ivrengine.softswitch.local.asterisk import LocalSoftswitch
from ivrengine.softswitch.local.debian.progress import silent
from ivrengine.softswitch.local.installation import fetch
from ivrengine.softswitch.settings import CONFIG_TEMPLATES, OutgoingTrunk, SoftswitchSettings
from tests.kit.ports import free_ports


@asynccontextmanager
async def bare_asterisk(
    state_dir: Path, *, templates: Path, modules: tuple[str, ...] = ()
) -> AsyncIterator[LocalSoftswitch]:
    """Runs an Asterisk whose templates in `templates` stand before the system's own."""
    ports = free_ports()
    settings = SoftswitchSettings(
        templates=(templates, CONFIG_TEMPLATES),
        sip_port=ports.sip,
        http_port=ports.asterisk_http,
        events_port=ports.events,
        ami_port=ports.ami,
        rtp_first_port=ports.rtp_first,
        rtp_last_port=ports.rtp_last,
        outgoing=(OutgoingTrunk(trunk_group="main", peer=f"127.0.0.1:{ports.carrier}"),),
    )
    switch = LocalSoftswitch(
        settings, state_dir=state_dir, installation=fetch(settings, report=silent)
    )
    await switch.start()
    try:
        for module in modules:
            await switch.command(f"module load {module}")
        yield switch
    finally:
        await switch.stop()
