"""Ends the event websocket of an engine that died, so that Asterisk takes no harm.

Asterisk 22.10 may crash when a websocket ends to which it writes (docs/adr/standby-engine.md). So
it is told to write nothing for the moments in which the websocket is closed, and then to keep
events again for the engine that comes next.
"""

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

import structlog

from ivrengine.errors import TelephonyError
from ivrengine.softswitch.ari.client import AriClient
from ivrengine.softswitch.ari.events import EVERY_KIND, FILTERED
from ivrengine.softswitch.ari.observers import AriObservers
from ivrengine.softswitch.ari.settings import AriAccess, AriSettings

log = structlog.get_logger(__name__)

_FAREWELL: Final = b"\x88\x02\x03\xe9"
"""What a server that goes away sends, whole: close, 1001 (RFC 6455, sections 5.5.1 and 7.4.1)."""

_READ_BYTES: Final = 65536
_ORDER_WITHIN_S: Final = 0.5
_CLOSED_WITHIN_S: Final = 1.0
_SETTLES_S: Final = 0.02
"""For threads that were about to write when they were told not to."""


class Parting:
    """Says farewell in a dead engine's place; never raises for what Asterisk does.

    Args:
        access: gives the way to Asterisk, which nobody may know before it runs.
    """

    def __init__(self, access: Callable[[], AriAccess]) -> None:
        self._access = access

    async def __call__(self, websocket: socket.socket) -> None:
        """End the connection that the engine had."""
        settings = AriSettings(order_deadline_s=_ORDER_WITHIN_S)
        client = AriClient(self._access(), settings, AriObservers(), pool_size=1)
        try:
            await _filter(client, EVERY_KIND)
            await asyncio.sleep(_SETTLES_S)
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(_CLOSED_WITHIN_S):
                    await _close(websocket)
            await _filter(client, FILTERED)
        finally:
            await client.close()


async def _filter(client: AriClient, kinds: Sequence[str]) -> None:
    try:
        await client.set_event_filter(list(kinds))
    except TelephonyError as fault:
        log.warning("event_filter_not_set", fault=str(fault))


async def _close(websocket: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(websocket, _FAREWELL)
    while await loop.sock_recv(websocket, _READ_BYTES):
        pass
