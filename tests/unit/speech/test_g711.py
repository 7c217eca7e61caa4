"""Encoders against the values of ITU-T G.711, tables 1a to 2b, scaled to 16 bits."""

import numpy as np
import pytest

from ivrengine.speech.g711 import encode_a_law, encode_mu_law

pytestmark = pytest.mark.unit

_ALL = np.arange(-32768, 32768, dtype=np.int32).astype(np.int16)


@pytest.mark.parametrize(
    ("sample", "octet"),
    [
        (0, 0xFF),
        (-1, 0x7F),
        (4, 0xFE),
        (-5, 0x7E),
        (124, 0xEF),
        (380, 0xDF),
        (892, 0xCF),
        (32767, 0x80),
        (-32768, 0x00),
        (8031 * 4, 0x80),
    ],
)
def test_mu_law_meets_the_table(sample: int, octet: int) -> None:
    assert encode_mu_law(np.array([sample], dtype=np.int16)).tolist() == [octet]


@pytest.mark.parametrize(
    ("sample", "octet"),
    [
        (0, 0xD5),
        (-1, 0x55),
        (16, 0xD4),
        (256, 0xC5),
        (512, 0xF5),
        (1024, 0xE5),
        (32767, 0xAA),
        (-32768, 0x2A),
    ],
)
def test_a_law_meets_the_table(sample: int, octet: int) -> None:
    assert encode_a_law(np.array([sample], dtype=np.int16)).tolist() == [octet]


def expand_mu_law(octet: int) -> int:
    """The decoder of ITU-T G.711 table 2a, in 16 bits."""
    code = ~octet & 0xFF
    magnitude = ((((code & 0x0F) << 1) + 33) << ((code >> 4) & 0x07)) - 33
    return -4 * magnitude if code & 0x80 else 4 * magnitude


def expand_a_law(octet: int) -> int:
    """The decoder of ITU-T G.711 table 1a, in 16 bits."""
    code = octet ^ 0x55
    segment, step = (code >> 4) & 0x07, code & 0x0F
    magnitude = (2 * step + 1) if segment == 0 else (2 * step + 33) << (segment - 1)
    return 8 * magnitude if code & 0x80 else -8 * magnitude


@pytest.mark.parametrize(
    ("encode", "expand"), [(encode_mu_law, expand_mu_law), (encode_a_law, expand_a_law)]
)
def test_every_sample_gets_the_octet_nearest_to_it(encode, expand) -> None:  # type: ignore[no-untyped-def]
    levels = np.array([expand(octet) for octet in range(256)])
    decoded = levels[encode(_ALL)]
    nearest = np.sort(np.abs(levels))
    reachable = np.clip(_ALL.astype(np.int64), -nearest[-1], nearest[-1])
    error = np.abs(decoded - reachable)
    # Half a step of the segment that the sample is in, and the two bits that 16 have over 14.
    step = np.maximum(2.0 ** np.floor(np.log2(np.abs(reachable) + 132)) / 16, 16)
    assert (error <= step / 2 + 4).all()


@pytest.mark.parametrize("encode", [encode_mu_law, encode_a_law])
def test_negative_samples_mirror_positive_ones(encode) -> None:  # type: ignore[no-untyped-def]
    positive = np.arange(0, 32768, dtype=np.int32).astype(np.int16)
    mirrored = (~positive.astype(np.int32)).astype(np.int16)
    assert (encode(positive) ^ 0x80 == encode(mirrored)).all()
