"""The websocket of an engine that died, ended in its place: in silence, and read to its end."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from ivrengine.softswitch.ari.events import EVERY_KIND, FILTERED
from ivrengine.softswitch.ari.parting import Parting
from tests.kit.switch_worlds import FakeWorld

pytestmark = pytest.mark.contract

CLOSE = b"\x88\x02\x03\xe9"
MUCH = b"e" * 1_000_000
AT_ONCE_S = 10.0


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Asterisk's end of a websocket, and the one that a dead engine left."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        asterisks = socket.create_connection(listener.getsockname())
        left, _ = listener.accept()
    for end in (asterisks, left):
        end.setblocking(False)
    with closing(asterisks), closing(left):
        yield asterisks, left


async def test_asterisk_is_silent_while_it_is_told_and_may_still_write(
    world: FakeWorld, ends: tuple[socket.socket, socket.socket]
) -> None:
    asterisks, left = ends
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(AT_ONCE_S), asyncio.TaskGroup() as scope:
        scope.create_task(loop.sock_sendall(asterisks, MUCH))
        scope.create_task(Parting(lambda: world.access)(left))
        assert await loop.sock_recv(asterisks, 100) == CLOSE
        assert world.ari.filtered == frozenset(EVERY_KIND)
        asterisks.shutdown(socket.SHUT_WR)
    assert world.ari.filtered == frozenset(FILTERED)


async def test_who_is_next_hears_events_though_asterisk_never_closes(
    world: FakeWorld, ends: tuple[socket.socket, socket.socket]
) -> None:
    asterisks, left = ends
    async with asyncio.timeout(AT_ONCE_S):
        await Parting(lambda: world.access)(left)
        assert await asyncio.get_running_loop().sock_recv(asterisks, 100) == CLOSE
    assert world.ari.filtered == frozenset(FILTERED)


async def test_an_asterisk_that_takes_no_orders_is_told_all_the_same(
    world: FakeWorld, ends: tuple[socket.socket, socket.socket]
) -> None:
    asterisks, left = ends
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        access = replace(world.access, http_port=deaf.getsockname()[1])
        async with asyncio.timeout(AT_ONCE_S), asyncio.TaskGroup() as scope:
            scope.create_task(Parting(lambda: access)(left))
            loop = asyncio.get_running_loop()
            assert await loop.sock_recv(asterisks, 100) == CLOSE
            asterisks.shutdown(socket.SHUT_WR)
