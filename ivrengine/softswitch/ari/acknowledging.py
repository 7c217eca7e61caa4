"""Has what Asterisk sends acknowledged at once, so that it does not hold back what comes next.

Asterisk 22.10 leaves Nagle's algorithm (RFC 896) in force on connections that it dials: an event
is not sent while the one before it is unacknowledged. A host that only listens may take its time
with that (RFC 1122, 4.2.3.2), and Linux takes up to 40 ms.
"""

import socket
from contextlib import suppress
from typing import Protocol

_AT_ONCE: int | None = getattr(socket, "TCP_QUICKACK", None)
"""Linux has this; elsewhere nothing is done."""


class Connection(Protocol):
    """The part of a socket that is needed."""

    def setsockopt(self, level: int, option: int, value: int, /) -> None:
        """Set an option; may raise OSError."""
        ...


def acknowledge(connection: Connection | None) -> None:
    """Acknowledge what has been read from ``connection``; to be called after every read.

    The kernel goes back to taking its time by itself (tcp(7), ``TCP_QUICKACK``).
    """
    if connection is None or _AT_ONCE is None:
        return
    with suppress(OSError):
        connection.setsockopt(socket.IPPROTO_TCP, _AT_ONCE, 1)
