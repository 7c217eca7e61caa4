"""The connection of a child that died: ended by its parent, in good order."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import closing

import pytest

from ivrengine.softswitch.keeper import Kept, SocketKeeper

pytestmark = pytest.mark.unit

FAREWELL = b"farewell"
AT_ONCE_S = 5.0


async def say(connection: socket.socket) -> None:
    """Says farewell to whoever is connected."""
    await asyncio.get_running_loop().sock_sendall(connection, FAREWELL)


class Pair:
    """A child's connection: its own end, and that of whoever is connected to it."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.peer = socket.create_connection(listener.getsockname())
            self.own, _ = listener.accept()
        self.own.setblocking(False)
        self.peer.setblocking(False)

    async def hears(self) -> bytes:
        """What the peer reads next; nothing when the connection was ended in good order."""
        async with asyncio.timeout(AT_ONCE_S):
            return await asyncio.get_running_loop().sock_recv(self.peer, 100)

    def close(self) -> None:
        """Closes both."""
        self.own.close()
        self.peer.close()


class Child:
    """A child of ours, which dies when it is told to."""

    def __init__(self, keeper: SocketKeeper) -> None:
        self.kept = Kept(keeper.theirs.dup())
        keeper.theirs.close()

    def die(self, connection: socket.socket) -> None:
        """Takes all of its sockets with it."""
        connection.close()
        self.kept.close()


@pytest.fixture
def pair() -> Iterator[Pair]:
    with closing(Pair()) as pair:
        yield pair


@pytest.fixture
async def keeper() -> AsyncIterator[SocketKeeper]:
    keeper = SocketKeeper(say)
    yield keeper
    await keeper.bury()


async def test_a_connection_is_kept_however_soon_the_child_dies(
    keeper: SocketKeeper, pair: Pair
) -> None:
    child = Child(keeper)
    with child.kept.keeping(pair.own):
        child.die(pair.own)
    await keeper.bury()
    assert await pair.hears() == FAREWELL
    assert await pair.hears() == b""


async def test_a_connection_that_was_let_go_ends_when_the_child_closes_it(
    keeper: SocketKeeper, pair: Pair
) -> None:
    child = Child(keeper)
    with child.kept.keeping(pair.own):
        pass
    pair.own.close()
    assert await pair.hears() == b""
    child.die(pair.own)


async def test_only_the_connection_of_now_is_kept(keeper: SocketKeeper, pair: Pair) -> None:
    child = Child(keeper)
    with closing(Pair()) as older:
        with child.kept.keeping(older.own):
            older.own.close()
        with child.kept.keeping(pair.own):
            assert await older.hears() == b""
            child.die(pair.own)
        await keeper.bury()
    assert await pair.hears() == FAREWELL


async def test_who_died_without_a_connection_leaves_nothing_to_do(
    keeper: SocketKeeper, pair: Pair
) -> None:
    Child(keeper).die(pair.own)
    await keeper.bury()
    await keeper.bury()
    assert await pair.hears() == b""


async def test_without_a_parent_a_connection_is_ones_own(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IVR_KEEPER_SOCKET", raising=False)
    with Kept.by_parent().keeping(pair.own):
        pair.own.close()
        assert await pair.hears() == b""


async def test_a_child_finds_the_way_to_its_parent(
    keeper: SocketKeeper, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in keeper.environment.items():
        monkeypatch.setenv(name, value)
    keeper.theirs.detach()
    with closing(Kept.by_parent()) as kept, kept.keeping(pair.own):
        pair.own.close()
        await keeper.bury()
        assert await pair.hears() == FAREWELL
