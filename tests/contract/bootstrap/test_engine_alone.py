"""`ivrengine engine` by itself, while what it leans on is away."""

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.kit.api import Refused
from tests.kit.instance import PROJECT, Instance
from tests.kit.postgres import PostgresServer

pytestmark = pytest.mark.contract

STARTED_WITHIN_S = 60.0
STOPPED_WITHIN_S = 10.0
"""The supervisor's patience, after which it kills."""


class EngineAlone:
    """An engine without an Asterisk; ``instance`` knows its ports and folder."""

    def __init__(self, instance: Instance, process: subprocess.Popen[bytes], said: Path) -> None:
        self.instance = instance
        self.process = process
        self._said = said

    @property
    def said(self) -> str:
        """What it printed."""
        return self._said.read_text(errors="replace")

    async def until(self, holds: Callable[[], bool]) -> None:
        """Waits for what only another process can bring about."""
        async with asyncio.timeout(STARTED_WITHIN_S):
            while not await asyncio.to_thread(holds):
                assert self.process.poll() is None, self.said
                await asyncio.sleep(0.1)

    def answers(self, path: str) -> bool:
        """Whether it gives what lies there."""
        try:
            self.instance.api.get(path)
        except Refused:
            return False
        return True

    async def ends(self, *, within_s: float = STOPPED_WITHIN_S) -> int:
        """Its exit code, once it has ended."""
        return await asyncio.to_thread(self.process.wait, within_s)


@contextmanager
def engine_alone(folder: Path, **settings: str) -> Iterator[EngineAlone]:
    """Starts one; it is killed in the end if it still runs."""
    folder.mkdir(exist_ok=True)
    instance = Instance(folder, settings=settings)
    said = folder / "said"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "ivrengine", "engine"],
            cwd=PROJECT,
            env=instance.environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    try:
        yield EngineAlone(instance, process, said)
    finally:
        process.kill()
        process.wait()


LIVE = "/health/live"
RECORDS = "/api/call-records"


async def test_without_an_asterisk_it_waits_and_says_what_is_missing(tmp_path: Path) -> None:
    with engine_alone(tmp_path) as engine:
        await engine.until(lambda: engine.answers(LIVE))
        with pytest.raises(Refused, match="softswitch") as refusal:
            await asyncio.to_thread(engine.instance.api.get, "/health/ready")
        assert refusal.value.status == 503


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_although_a_client_hangs_on(
    tmp_path: Path, number: signal.Signals
) -> None:
    with engine_alone(tmp_path) as engine:
        await engine.until(lambda: engine.answers(LIVE))
        with socket.create_connection(("127.0.0.1", engine.instance.ports.api)) as client:
            client.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n")
            engine.process.send_signal(number)
            assert await engine.ends() == 0


async def test_a_port_that_is_taken_is_told_without_a_stack_trace(tmp_path: Path) -> None:
    events_port = Instance(tmp_path).ports.events
    with (
        socket.create_server(("127.0.0.1", events_port)),
        engine_alone(tmp_path, IVRENGINE_SOFTSWITCH__EVENTS_PORT=str(events_port)) as engine,
    ):
        assert await engine.ends(within_s=STARTED_WITHIN_S) == 1
        assert f"error port {events_port}" in engine.said.replace("\n", " ")
        assert "softswitch.events_port" in engine.said


async def test_it_starts_without_its_database_and_uses_it_once_it_is_there(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    postgres.create("engine")
    url = postgres.url("engine")
    postgres.crash()
    try:
        with engine_alone(tmp_path, IVRENGINE_STORAGE__URL=url) as engine:
            await engine.until(lambda: engine.answers(LIVE))
            with pytest.raises(Refused) as refusal:
                await asyncio.to_thread(engine.instance.api.get, RECORDS)
            assert refusal.value.status == 503
            await asyncio.to_thread(postgres.start)
            await engine.until(lambda: engine.answers(RECORDS))
            engine.process.send_signal(signal.SIGTERM)
            assert await engine.ends() == 0
    finally:
        postgres.crash()
        postgres.start()


async def test_a_database_that_stands_still_does_not_hold_up_its_end(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    postgres.create("still-engine")
    url = postgres.url("still-engine")
    with engine_alone(tmp_path, IVRENGINE_STORAGE__URL=url) as engine:
        await engine.until(lambda: engine.answers(RECORDS))
        with postgres.standing_still():
            engine.process.send_signal(signal.SIGTERM)
            assert await engine.ends() == 0
