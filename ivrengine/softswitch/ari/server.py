"""The engine's side of the event connection: Asterisk dials it, and it takes one at a time.

The connection is Asterisk's persistent outbound websocket (res_websocket_client, 22.5 and newer).
Whoever dials must show the shared secret and speak the subprotocol ``ari``; a newer connection
takes the place of an older one, which Asterisk has then given up.
"""

import asyncio
import hmac
from base64 import b64decode
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from ivrengine.errors import ConfigError
from ivrengine.softswitch.ari.settings import AriAccess
from ivrengine.softswitch.keeper import Kept

log = structlog.get_logger(__name__)

PATH = "/ari"
_SUBPROTOCOL = "ari"
_LARGEST_EVENT_BYTES = 1 << 20
_CLOSE_WITHIN_S = 1.0

Attendant = Callable[[web.WebSocketResponse], Awaitable[None]]
"""Serves one connection until it is closed."""


class EventServer:
    """Listens on loopback for Asterisk.

    Args:
        access: the port, and the secret that Asterisk must show.
        attend: is given each accepted connection.
        kept: has the connection outlive us, should we die.
    """

    def __init__(self, access: AriAccess, attend: Attendant, kept: Kept) -> None:
        self._access = access
        self._attend = attend
        self._kept = kept
        self._current: web.WebSocketResponse | None = None
        self._turn = asyncio.Lock()

    async def run(self) -> None:
        """Serve until cancelled.

        Raises:
            ConfigError: the port is taken.
        """
        app = web.Application()
        app.router.add_get(PATH, self._accept)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=_CLOSE_WITHIN_S)
        await runner.setup()
        try:
            site = await self._listen(runner)
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                # Asterisk dials again at once: nobody may listen any more when it is let go.
                await site.stop()
                await self._replace(None)
        finally:
            await runner.cleanup()

    async def _listen(self, runner: web.AppRunner) -> web.TCPSite:
        port = self._access.event_port
        site = web.TCPSite(runner, self._access.host, port)
        try:
            await site.start()
        except OSError as fault:
            raise ConfigError(
                f"port {port} for Asterisk's events cannot be opened: {fault.strerror}",
                remedy="stop what holds it, or change softswitch.events_port",
            ) from fault
        return site

    async def _accept(self, request: web.Request) -> web.StreamResponse:
        if not self._may_enter(request.headers.get("Authorization", "")):
            log.warning("event_connection_refused", peer=request.remote, reason="credentials")
            return web.Response(status=401)
        if _SUBPROTOCOL not in request.headers.get("Sec-WebSocket-Protocol", ""):
            log.warning("event_connection_refused", peer=request.remote, reason="subprotocol")
            return web.Response(status=400)
        socket = web.WebSocketResponse(
            protocols=(_SUBPROTOCOL,),
            autoping=False,
            max_msg_size=_LARGEST_EVENT_BYTES,
            timeout=_CLOSE_WITHIN_S,
        )
        await socket.prepare(request)
        await self._replace(socket)
        try:
            # The older one's attendant ends first: two connections never speak at once.
            async with self._turn:
                with self._kept.keeping(socket.get_extra_info("socket")):
                    await self._attend(socket)
        finally:
            if self._current is socket:
                self._current = None
            await socket.close()
        return socket

    async def _replace(self, newer: web.WebSocketResponse | None) -> None:
        older, self._current = self._current, newer
        if older is not None:
            await older.close()

    def _may_enter(self, authorization: str) -> bool:
        scheme, _, encoded = authorization.partition(" ")
        try:
            shown = b64decode(encoded, validate=True)
        except ValueError:
            return False
        access = self._access
        wanted = f"{access.event_user}:{access.event_secret.reveal()}".encode()
        return scheme.lower() == "basic" and hmac.compare_digest(shown, wanted)
