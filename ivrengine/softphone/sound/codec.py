"""The two G.711 codecs as numbers: what a payload byte means, and back.

Written apart from the engine's own G.711 on purpose, so that a fault there is heard here instead of
being shared.  The tables follow ITU-T G.711 (A-law with its even bits inverted, mu-law inverted).
"""

from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ: Final = 8000
FRAME_SAMPLES: Final = 160
FRAME_S: Final = FRAME_SAMPLES / SAMPLE_RATE_HZ

Samples = NDArray[np.int16]


class Codec(Enum):
    """A static RTP payload type of RFC 3551, with the name SDP and file extensions give it."""

    PCMU = (0, "ulaw", 0xFF)
    PCMA = (8, "alaw", 0xD5)

    def __init__(self, payload_type: int, suffix: str, silent_byte: int) -> None:
        self.payload_type = payload_type
        self.suffix = suffix
        self.silent_byte = silent_byte

    @property
    def silent_frame(self) -> bytes:
        """Twenty milliseconds of nothing."""
        return bytes([self.silent_byte]) * FRAME_SAMPLES

    @classmethod
    def of_payload_type(cls, payload_type: int) -> "Codec | None":
        """The codec of a static payload type, or None when it is neither of the two."""
        return next((codec for codec in cls if codec.payload_type == payload_type), None)


def decode(payload: bytes, codec: Codec) -> Samples:
    """Linear 16-bit samples of a G.711 payload."""
    return _DECODED[codec][np.frombuffer(payload, dtype=np.uint8)]


def encode(samples: Samples, codec: Codec) -> bytes:
    """The G.711 bytes whose decoded values lie nearest to `samples`."""
    order, boundaries = _NEAREST[codec]
    return order[np.searchsorted(boundaries, samples.astype(np.int32))].tobytes()


def _decode_mu_law(byte: int) -> int:
    inverted = ~byte & 0xFF
    magnitude = (((inverted & 0x0F) << 3) + 0x84) << ((inverted & 0x70) >> 4)
    return 0x84 - magnitude if inverted & 0x80 else magnitude - 0x84


def _decode_a_law(byte: int) -> int:
    toggled = byte ^ 0x55
    mantissa, segment = (toggled & 0x0F) << 4, (toggled & 0x70) >> 4
    magnitude = mantissa + 8 if segment == 0 else (mantissa + 0x108) << (segment - 1)
    return magnitude if toggled & 0x80 else -magnitude


def _nearest_table(decoded: Samples) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    order = np.argsort(decoded, kind="stable").astype(np.uint8)
    levels = decoded[order].astype(np.float64)
    return order, (levels[1:] + levels[:-1]) / 2


_DECODED: Final = {
    Codec.PCMU: np.array([_decode_mu_law(byte) for byte in range(256)], dtype=np.int16),
    Codec.PCMA: np.array([_decode_a_law(byte) for byte in range(256)], dtype=np.int16),
}
_NEAREST: Final = {codec: _nearest_table(decoded) for codec, decoded in _DECODED.items()}
