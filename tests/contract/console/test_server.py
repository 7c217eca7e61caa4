"""The console on a real socket: how it starts, and how it ends."""

import asyncio
import signal
import socket
from pathlib import Path

import httpx
import pytest

from ivrengine.console.app import console_app
from ivrengine.console.server import listen, serve
from ivrengine.errors import ConfigError
from tests.kit.console import TOKEN, Bench

pytestmark = pytest.mark.contract


async def test_it_answers_until_its_scope_ends_and_then_frees_the_port(tmp_path: Path) -> None:
    app, listener = console_app(Bench(tmp_path).parts()), listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    async with asyncio.TaskGroup() as scope:
        serving = scope.create_task(serve(app, listener))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=5) as client:
            assert (await client.get("/health/live")).status_code == 200
            refused = await client.get("/api/agents")
            assert (refused.status_code, "server" in refused.headers) == (401, False)
            headers = {"Authorization": f"Bearer {TOKEN}"}
            assert (await client.get("/api/agents", headers=headers)).status_code == 200
            assert handlers == [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)]
            serving.cancel()
    listen("127.0.0.1", port).close()


async def test_it_ends_in_time_although_a_client_hangs_on(tmp_path: Path) -> None:
    app, listener = console_app(Bench(tmp_path).parts()), listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    async with asyncio.timeout(10), asyncio.TaskGroup() as scope:
        serving = scope.create_task(serve(app, listener))
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /health/live HTTP/1.1\r\nHost: x\r\n")
        await writer.drain()
        await asyncio.sleep(0.2)
        serving.cancel()
    assert serving.cancelled()
    listen("127.0.0.1", port).close()
    writer.close()


def test_a_port_that_is_taken_is_told_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigError, match=f"port {port} .* is taken") as caught:
            listen("127.0.0.1", port)
    assert "http_port" in caught.value.remedy


def test_an_address_that_is_not_ours_is_told() -> None:
    with pytest.raises(ConfigError, match="cannot be had"):
        listen("192.0.2.1", 0)
