"""Many datagrams with one call to the kernel: sendmmsg and recvmmsg of Linux, which Python lacks.

The kernel is handed arrays of numpy whose rows are the structures of `sendmmsg(2)` on 64-bit Linux.
"""

import ctypes
import os
import socket
import struct
from errno import EAGAIN, EINTR
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ivrengine.softphone.sip.sdp import Address

Bytes = NDArray[np.uint8]

_LIBC: Final = ctypes.CDLL(None, use_errno=True)
_MESSAGE: Final = np.dtype(
    {
        "names": [
            "name",
            "name_len",
            "iov",
            "iov_len",
            "control",
            "control_len",
            "flags",
            "length",
        ],
        "formats": ["u8", "u4", "u8", "u8", "u8", "u8", "i4", "u4"],
        "offsets": [0, 8, 16, 24, 32, 40, 48, 56],
        "itemsize": 64,
    }
)
_PIECE: Final = np.dtype([("base", "u8"), ("len", "u8")])
_NAME: Final = np.dtype([("family", "=u2"), ("port", ">u2"), ("host", "S4"), ("rest", "V8")])


class Batch:
    """Room for ``capacity`` datagrams of up to ``size`` bytes, in rows that the caller fills.

    ``data`` is what they hold, ``ports`` and ``lengths`` where to or from and how long.
    """

    def __init__(self, capacity: int, size: int) -> None:
        self.capacity = capacity
        self.data: Bytes = np.zeros((capacity, size), dtype=np.uint8)
        self._names = np.zeros(capacity, dtype=_NAME)
        self._names["family"] = socket.AF_INET
        self._pieces = np.zeros(capacity, dtype=_PIECE)
        self._pieces["base"] = _addresses(self.data)
        self._pieces["len"] = size
        self._messages = np.zeros(capacity, dtype=_MESSAGE)
        self._messages["name"] = _addresses(self._names)
        self._messages["name_len"] = _NAME.itemsize
        self._messages["iov"] = _addresses(self._pieces)
        self._messages["iov_len"] = 1
        self._at = self._messages.ctypes.data
        self.ports: NDArray[np.uint16] = self._names["port"]
        self.lengths: NDArray[np.uint64] = self._pieces["len"]
        self.received: NDArray[np.uint32] = self._messages["length"]

    def address(self, row: int, destination: Address) -> None:
        """Have the datagram of ``row`` go there."""
        host, port = destination
        self._names[row] = (socket.AF_INET, port, b"", b"")
        # Written as bytes: a text of numpy would lose the zeros at the end of an address.
        at = self._names.ctypes.data + row * _NAME.itemsize + 4
        ctypes.memmove(at, socket.inet_aton(host), 4)

    def move(self, source: int, row: int) -> None:
        """Have ``row`` be what ``source`` is."""
        self.data[row] = self.data[source]
        self._names[row] = self._names[source]
        self.lengths[row] = self.lengths[source]

    def send(self, out: socket.socket, count: int) -> int:
        """Send the first ``count``; return how many the kernel took.

        Raises:
            OSError: it takes none, and not for want of room.
        """
        return self._call(_LIBC.sendmmsg, out, count, 0)

    def receive(self, ear: socket.socket) -> int:
        """Take in what waits at ``ear``; return how many datagrams that were.

        Raises:
            OSError: the socket is broken.
        """
        self._messages["name_len"] = _NAME.itemsize
        return self._call(_LIBC.recvmmsg, ear, self.capacity, socket.MSG_DONTWAIT, None)

    def _call(self, function: object, at: socket.socket, count: int, *rest: object) -> int:
        assert callable(function)
        done = function(at.fileno(), ctypes.c_void_p(self._at), count, *rest)
        if done >= 0:
            return int(done)
        number = ctypes.get_errno()
        if number in (EAGAIN, EINTR):
            return 0
        raise OSError(number, os.strerror(number))


def _addresses(rows: NDArray[np.generic]) -> NDArray[np.uint64]:
    """Return where in memory each row begins."""
    step = rows.strides[0]
    first = np.uint64(rows.ctypes.data)
    return first + np.arange(len(rows), dtype=np.uint64) * np.uint64(step)


assert struct.calcsize("P") == 8, "the structures above are those of a 64-bit kernel"
