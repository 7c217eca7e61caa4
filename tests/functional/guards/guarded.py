"""A real Asterisk with our configuration, or with ours less one guard, and no engine."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from ivrengine.softswitch.local.asterisk import LocalSoftswitch
from ivrengine.softswitch.local.debian.progress import silent
from ivrengine.softswitch.local.installation import fetch
from ivrengine.softswitch.settings import CONFIG_TEMPLATES, SoftswitchSettings
from tests.kit.api import WebApi, asked, basic
from tests.kit.ports import free_ports

Edits = Mapping[str, Mapping[str, str]]
"""By template file: what is replaced, and by what."""


async def comes_true(holds: Callable[[], bool], *, within_s: float = 20.0) -> None:
    """Waits for what another process does, of which no event of ours can tell.

    Raises:
        TimeoutError: it did not happen.
    """
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


class Guarded:
    """An Asterisk without an engine, and what the engine would use of it."""

    def __init__(self, switch: LocalSoftswitch) -> None:
        self.switch = switch
        self.settings = switch.settings
        self.sip = ("127.0.0.1", switch.settings.sip_port)
        self.ari = WebApi(
            base=f"http://127.0.0.1:{switch.settings.http_port}/ari",
            authorization=basic(switch.settings.ari_user, switch.paths.secrets / "ari"),
        )

    async def beats(self, *, seconds_ago: float = 0.0) -> None:
        """Sets the heartbeat as the engine does."""
        value = int(time.time() - seconds_ago)  # noqa: TID251
        path = f"/asterisk/variable?variable=IVRENGINE_BEAT&value={value}"
        await asked(lambda: self.ari.post(path))

    async def channels(self) -> list[Any]:
        """The channels as ARI lists them."""
        found: list[Any] = await asked(lambda: self.ari.get("/channels"))
        return found


@asynccontextmanager
async def asterisk_for_tests(
    state_dir: Path, *, edits: Edits, settings: Mapping[str, object]
) -> AsyncIterator[Guarded]:
    """Runs an Asterisk whose configuration is ours but for ``edits``."""
    ports = free_ports()
    chosen = SoftswitchSettings.model_validate(
        {
            "templates": (_edited(state_dir / "edited", edits), CONFIG_TEMPLATES),
            "sip_port": ports.sip,
            "http_port": ports.asterisk_http,
            "events_port": ports.events,
            "ami_port": ports.ami,
            "rtp_first_port": ports.rtp_first,
            "rtp_last_port": ports.rtp_last,
            **settings,
        }
    )
    switch = LocalSoftswitch(chosen, state_dir=state_dir, installation=fetch(chosen, report=silent))
    await switch.start()
    try:
        yield Guarded(switch)
    finally:
        await switch.stop()


def _edited(folder: Path, edits: Edits) -> Path:
    folder.mkdir(parents=True)
    for name, changes in edits.items():
        text = (CONFIG_TEMPLATES / f"{name}.j2").read_text(encoding="utf-8")
        for ours, instead in changes.items():
            assert ours in text, f"{name} has no {ours!r}: this test removes nothing"
            text = text.replace(ours, instead)
        (folder / f"{name}.j2").write_text(text, encoding="utf-8")
    return folder


StartAsterisk = Callable[..., Awaitable[Guarded]]
"""Starts one: `await start_asterisk(edits={...}, guard_timeout_s=2)`."""
