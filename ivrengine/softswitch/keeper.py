"""Keeps a child's connection open beyond its death, and ends it in good order then.

A websocket that breaks while Asterisk writes events to it can end Asterisk, and all calls with it
(docs/adr/standby-engine.md). So a connection does not break with the process that served it: the
parent holds it too, and says farewell in its place.
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import Final, Protocol, Self

_VARIABLE: Final = "IVR_KEEPER_SOCKET"
"""Names the child's end; no setting, so not among the IVRENGINE_ variables."""

_KEEP: Final = b"keep"
_LET_GO: Final = b"let go"

Farewell = Callable[[socket.socket], Awaitable[None]]
"""Ends a connection in the place of whoever had it, in a bounded time; must not raise."""


class Connection(Protocol):
    """The part of a socket that is needed."""

    def fileno(self) -> int:
        """Return its descriptor."""
        ...


class SocketKeeper:
    """The parent's side, for one child. Give the child ``environment`` and ``theirs``.

    Args:
        farewell: ends the connection that the child leaves behind.
    """

    def __init__(self, farewell: Farewell) -> None:
        self._farewell = farewell
        self._held: socket.socket | None = None
        self._ours, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._ours.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._ours, self._listen)

    @property
    def environment(self) -> Mapping[str, str]:
        """Tells the child where its end is."""
        return {_VARIABLE: str(self.theirs.fileno())}

    async def bury(self) -> None:
        """End what the child was connected to when it died; to be called when it has.

        May be called again, and is quick when there is nothing to end.
        """
        self._listen()
        held, self._held = self._held, None
        self._close()
        if held is not None:
            with closing(held):
                await self._farewell(held)

    def _listen(self) -> None:
        """Take in what the child says; nothing is left unread for long, as that holds sockets."""
        while self._ours.fileno() >= 0:
            try:
                said, descriptors, _, _ = socket.recv_fds(self._ours, len(_LET_GO), 1)
            except BlockingIOError:
                return
            except OSError:
                said, descriptors = b"", []
            if not said:
                self._close()
                return
            self._hold(socket.socket(fileno=descriptors[0]) if descriptors else None)

    def _hold(self, connection: socket.socket | None) -> None:
        if self._held is not None:
            self._held.close()
        self._held = connection
        if connection is not None:
            connection.setblocking(False)

    def _close(self) -> None:
        if self._ours.fileno() >= 0:
            self._loop.remove_reader(self._ours)
            self._ours.close()
        self.theirs.close()


class Kept:
    """The child's side; without a parent that keeps anything it does nothing.

    Args:
        parent: our end of what leads to the parent.
    """

    def __init__(self, parent: socket.socket | None = None) -> None:
        self._parent = parent

    @classmethod
    def by_parent(cls) -> Self:
        """Return what our parent gave us, if anything."""
        descriptor = os.environ.get(_VARIABLE)
        if descriptor is None:
            return cls()
        parent = socket.socket(fileno=int(descriptor))
        parent.set_inheritable(False)
        parent.setblocking(False)
        return cls(parent)

    def close(self) -> None:
        """Leave nothing more to the parent."""
        if self._parent is not None:
            self._parent.close()

    @contextmanager
    def keeping(self, connection: Connection | None) -> Iterator[None]:
        """Have a connection kept open beyond our death until the end of the block; one at a time.

        Close it after the block: while it is kept, to close it here does not end it.
        """
        if self._parent is None or connection is None:
            yield
            return
        with suppress(OSError):
            socket.send_fds(self._parent, [_KEEP], [connection.fileno()])
        try:
            yield
        finally:
            with suppress(OSError):
                self._parent.send(_LET_GO)
