"""When the kernel took a datagram in: a busy process still measures the network and not itself."""

import socket
import struct
import time
from typing import Final

_SO_TIMESTAMPNS: Final = 35
_TIMESPEC: Final = struct.Struct("@qq")

ANCILLARY_BYTES: Final = 64
"""Room for one stamp beside a datagram."""


def bound_socket(host: str, port: int) -> socket.socket:
    """Bind a UDP socket that does not block, and whose datagrams come with the kernel's stamp.

    Raises:
        OSError: the port is taken.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        bound.setblocking(False)
        bound.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


def taken_in_at(ancillary: list[tuple[int, int, bytes]]) -> float:
    """Return the monotonic moment of the stamp, in seconds; now, where there is none."""
    now, wall_ns = time.monotonic(), time.clock_gettime_ns(time.CLOCK_REALTIME)
    for level, kind, stamp in ancillary:
        if level == socket.SOL_SOCKET and kind == _SO_TIMESTAMPNS:
            seconds, nanoseconds = _TIMESPEC.unpack_from(stamp)
            # The stamp is of the wall clock, so only its age can be carried over.
            age_ns: int = wall_ns - seconds * 1_000_000_000 - nanoseconds
            return now - age_ns / 1e9
    return now
