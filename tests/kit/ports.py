"""Free ports for one instance of the system, apart from those of other instances and workers.

Chosen below the range from which the kernel serves outgoing sockets, so that no telephone of a test
takes one between the choice and its use.  Every test process on the machine claims the ports that
it chose, so that no other chooses them before they are used.
"""

import os
import random
import socket
from dataclasses import dataclass
from functools import cache
from typing import Final

_SIGNALLING: Final = range(24000, 27000)
_MEDIA: Final = range(27000, 32600)
_MEDIA_BLOCK: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Every port an instance listens on, and where its calls go out to.

    RTP takes all from `rtp_first` to `rtp_last`.
    """

    sip: int
    asterisk_http: int
    events: int
    ami: int
    api: int
    carrier: int
    rtp_first: int
    rtp_last: int


def free_ports() -> Ports:
    """Chooses ports that nobody holds at this moment."""
    chance = random.Random(f"{os.environ.get('PYTEST_XDIST_WORKER', '')}{os.getpid()}")
    candidates = iter(chance.sample(_SIGNALLING, len(_SIGNALLING)))
    sip, http, events, ami, api, carrier = (
        next(port for port in candidates if _is_free(port) and _claim(port)) for _ in range(6)
    )
    rtp_first = _media_block()
    return Ports(
        sip=sip,
        asterisk_http=http,
        events=events,
        ami=ami,
        api=api,
        carrier=carrier,
        rtp_first=rtp_first,
        rtp_last=rtp_first + _MEDIA_BLOCK - 1,
    )


@cache
def _media_block() -> int:
    """The first media port of this process's instances, which no other process claims.

    A telephone whose softswitch was killed goes on sending: an instance of another process that
    had been given the same port would take that stream for its own caller's.
    """
    blocks = range(_MEDIA.start, _MEDIA.stop, _MEDIA_BLOCK)
    return next(block for block in random.sample(blocks, len(blocks)) if _claim(block))


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(socket.AF_INET, kind) as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def _claim(port: int) -> bool:
    """Takes a name for the port that only one process can have (unix(7), abstract names)."""
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        claim.bind(f"\0ivrengine-test-port-{port}")
    except OSError:
        claim.close()
        return False
    # Held until this process ends, when the kernel lets go of it.
    claim.detach()
    return True
