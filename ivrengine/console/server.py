"""Serves the console from the engine's own event loop; starts and ends with its task scope."""

import asyncio
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from ivrengine.errors import ConfigError

_CLOSING_S = 3
"""Time that requests have to finish at the end, in seconds."""

_CONNECTIONS = 512
"""Connections at once; more are answered 503, so that they cannot eat the engine's open files."""


def listen(address: str, port: int) -> socket.socket:
    """Take the port, before anything else of the engine is started; port 0 is any free one.

    Raises:
        ConfigError: it is taken, or may not be had.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
        listener.listen()
    except OSError as fault:
        listener.close()
        taken = fault.errno == errno.EADDRINUSE
        raise ConfigError(
            f"port {port} of {address} for the console "
            + ("is taken by another program" if taken else f"cannot be had: {fault.strerror}"),
            remedy="stop the other program, or set http_port (IVRENGINE_HTTP_PORT) to a free one",
        ) from fault
    return listener


async def serve(app: ASGIApp, listener: socket.socket) -> None:
    """Serve ``app`` until cancelled, then let requests end for a moment and close everything."""
    server = _Server(
        uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            limit_concurrency=_CONNECTIONS,
            timeout_graceful_shutdown=_CLOSING_S,
        )
    )
    async with asyncio.TaskGroup() as scope:
        serving = scope.create_task(server.serve(sockets=[listener]), name="console")
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            server.should_exit = True
            await asyncio.wait([serving], timeout=_CLOSING_S + 1)
            raise
        finally:
            listener.close()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the engine, which ends this server with all its other parts."""
        yield
