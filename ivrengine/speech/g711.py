"""G.711 encoding: 16-bit samples to the two companded codes that telephones speak.

Both laws are computed from the segment of a sample's magnitude (ITU-T G.711, tables 1a/2a and
1b/2b); inputs of 16 bits are taken down to the 14 and 13 bits that the laws are defined on, as
ITU-T G.191's ``ulaw_compress`` and ``alaw_compress`` do.
"""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
Octets = NDArray[np.uint8]


def encode_mu_law(samples: Samples) -> Octets:
    """Return the mu-law octets of 16-bit samples; 0 becomes 0xFF."""
    wide = samples.astype(np.int32)
    # One's complement of negatives, then the bias of 33 that makes every segment a power of two.
    magnitude = np.minimum((np.where(wide < 0, ~wide, wide) >> 2) + 33, 0x1FFF)
    segment = _highest_bit(magnitude) - 5
    step = (magnitude >> (segment + 1)) & 0x0F
    sign = np.where(wide < 0, 0x00, 0x80)
    code = sign | (0x70 - (segment << 4)) | (0x0F - step)
    return np.asarray(code, dtype=np.uint8)


def encode_a_law(samples: Samples) -> Octets:
    """Return the A-law octets of 16-bit samples, even bits inverted; 0 becomes 0xD5."""
    wide = samples.astype(np.int32)
    magnitude = np.where(wide < 0, ~wide, wide) >> 4
    # Segments 0 and 1 have the same step, so that both keep the lowest four bits.
    segment = np.maximum(_highest_bit(magnitude) - 3, 0)
    step = (magnitude >> np.maximum(segment - 1, 0)) & 0x0F
    sign = np.where(wide < 0, 0x00, 0x80)
    code = (sign | (segment << 4) | step) ^ 0x55
    return np.asarray(code, dtype=np.uint8)


def _highest_bit(values: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the position of the highest set bit, 0 for the value 0."""
    _, exponent = np.frexp(values.astype(np.float64))
    return np.asarray(np.maximum(exponent - 1, 0), dtype=np.int32)
