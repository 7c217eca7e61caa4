"""What a telephone can say: endless silence, a tone, or a file, as 20 ms payloads."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ivrengine.softphone.sound.codec import FRAME_SAMPLES, SAMPLE_RATE_HZ, Codec, encode


def silence(codec: Codec) -> Iterator[bytes]:
    """Silence without end."""
    return itertools.repeat(codec.silent_frame)


def tone(codec: Codec, frequency_hz: float, *, level_dbfs: float = -12.0) -> Iterator[bytes]:
    """A steady sine without end; its phase runs on from frame to frame."""
    amplitude = 32767 * 10 ** (level_dbfs / 20)
    for first in itertools.count(step=FRAME_SAMPLES):
        at = np.arange(first, first + FRAME_SAMPLES) / SAMPLE_RATE_HZ
        wave = amplitude * np.sin(2 * np.pi * frequency_hz * at)
        yield encode(wave.astype(np.int16), codec)


def recording(path: Path, codec: Codec) -> Iterator[bytes]:
    """A headerless G.711 file, once; the last frame is filled up with silence.

    The caller says which codec the file holds: nothing in such a file does.
    """
    payload = path.read_bytes()
    for first in range(0, len(payload), FRAME_SAMPLES):
        frame = payload[first : first + FRAME_SAMPLES]
        yield frame + codec.silent_frame[len(frame) :]
