"""An Asterisk that is kept up by a supervisor, and all that the supervisor tells."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final

from ivrengine.softswitch.local.asterisk import LocalSoftswitch
from ivrengine.softswitch.local.debian.progress import silent
from ivrengine.softswitch.local.installation import fetch
from ivrengine.softswitch.local.supervisor import KeepingPolicy, News, PartStarted, Supervisor
from ivrengine.softswitch.settings import SoftswitchSettings
from tests.kit.ports import free_ports

WITHIN_S: Final = 30.0


class Watched:
    """An Asterisk under a supervisor, and what was told of it so far."""

    def __init__(self, switch: LocalSoftswitch, policy: KeepingPolicy) -> None:
        self.switch = switch
        self.news: list[News] = []
        self._told = asyncio.Event()
        self.supervisor = Supervisor([switch], tell=self._take, policy=policy)

    async def tells(self, wanted: Callable[[News], bool]) -> None:
        """Waits until something like that was told; a TimeoutError says that it was not."""
        async with asyncio.timeout(WITHIN_S):
            while not any(wanted(each) for each in self.news):
                self._told.clear()
                await self._told.wait()

    def _take(self, news: News) -> None:
        self.news.append(news)
        self._told.set()


@contextlib.asynccontextmanager
async def supervised(
    state_dir: Path, policy: KeepingPolicy | None = None, *, stop_timeout_s: float = 5.0
) -> AsyncIterator[Watched]:
    """Runs one; the policy is the system's own unless another is given."""
    ports = free_ports()
    settings = SoftswitchSettings(
        sip_port=ports.sip,
        http_port=ports.asterisk_http,
        events_port=ports.events,
        ami_port=ports.ami,
        rtp_first_port=ports.rtp_first,
        rtp_last_port=ports.rtp_last,
        stop_timeout_s=stop_timeout_s,
        log_limit_mb=1,
    )
    installation = fetch(settings, silent)
    switch = LocalSoftswitch(settings, state_dir=state_dir, installation=installation)
    watched = Watched(switch, policy or KeepingPolicy())
    async with asyncio.TaskGroup() as group:
        group.create_task(watched.supervisor.run())
        await watched.tells(lambda news: news == PartStarted(name="asterisk", again=False))
        try:
            yield watched
        finally:
            watched.supervisor.request_stop()
