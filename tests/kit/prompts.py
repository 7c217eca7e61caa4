"""A tiny prompt library for tests: sounds as uneven as speech, in both codecs."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ivrengine.softphone.sound.codec import FRAME_SAMPLES, Codec, Samples, encode


def speech_like(frames: int, *, seed: int) -> Samples:
    """Noise with quiet edges and a pause in the middle, as a spoken prompt has them."""
    chance = np.random.default_rng(seed)
    wave = chance.normal(0, 3000, frames * FRAME_SAMPLES)
    for quiet in (0, 1, frames // 2, frames - 1):
        wave[quiet * FRAME_SAMPLES : (quiet + 1) * FRAME_SAMPLES] = 0
    return wave.clip(-32768, 32767).astype(np.int16)


def write_library(directory: Path, lengths: Mapping[str, int]) -> Path:
    """Makes one file per name and codec, so many frames long; a name is like `zh/menu/main`."""
    for seed, (name, frames) in enumerate(sorted(lengths.items())):
        for codec in Codec:
            path = directory / f"{name}.{codec.suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(encode(speech_like(frames, seed=seed), codec))
    return directory
