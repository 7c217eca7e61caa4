"""Tells the dialplan every few seconds that calls are served here; it stops when events stop.

A frozen engine keeps its socket open, so the dialplan knows it only by this missing sign, and then
serves callers by itself.
"""

import asyncio
import contextlib
from datetime import datetime

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from ivrengine.errors import TelephonyError
from ivrengine.softswitch.ari.client import AriClient, Operation
from ivrengine.softswitch.ari.connection import EventConnection
from ivrengine.softswitch.ari.settings import AriSettings

log = structlog.get_logger(__name__)

BEAT_VARIABLE = "IVRENGINE_BEAT"
"""Global variable of the dialplan that holds when we last lived, in epoch seconds."""


class _Pong(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    timestamp: datetime


class Heartbeat:
    """Beats while events flow.

    Args:
        settings: the rhythm.
        client: reaches the dialplan, on connections that no order can block.
        connection: the event connection.
    """

    def __init__(
        self, settings: AriSettings, *, client: AriClient, connection: EventConnection
    ) -> None:
        self._settings = settings
        self._client = client
        self._connection = connection
        self._begun = asyncio.Event()

    async def wait_begun(self) -> None:
        """Wait for the first beat, before which the dialplan lets no call in."""
        await self._begun.wait()

    async def run(self) -> None:
        """Beat until cancelled, and at once when events flow again."""
        while True:
            await self._connection.wait_ready()
            if self._connection.is_alive():
                await self._beat()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._settings.beat_interval_s):
                    await self._connection.wait_lost()

    async def _beat(self) -> None:
        """Set the beat to Asterisk's own time, so that no difference of clocks matters."""
        deadline_s = self._settings.probe_deadline_s
        try:
            reply = await self._client.order_within(deadline_s, Operation.PING)
            asterisk_now = _Pong.model_validate_json(reply.body).timestamp
            await self._client.order_within(
                deadline_s,
                Operation.SET_GLOBAL,
                variable=BEAT_VARIABLE,
                value=str(int(asterisk_now.timestamp())),
            )
        except (TelephonyError, ValidationError) as fault:
            log.warning("beat_missed", fault=str(fault))
        else:
            self._begun.set()
