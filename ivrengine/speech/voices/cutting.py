"""Where to cut a text out of a longer utterance: the pause between two words."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 24_000

Audio = NDArray[np.float32]

# The voice neither stops nor starts exactly where the model's frames of 25 ms say.
_EARLIER = RATE_HZ * 30 // 1000
_LATER = RATE_HZ * 20 // 1000
_STEP = RATE_HZ * 5 // 1000
_QUIET = 0.004
_LOUDEST_PAUSE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A place between two words: a sample, and how loud it is there."""

    at: int
    level: float

    @property
    def silent(self) -> bool:
        """Tell whether there is a pause; if not, the words ran into each other."""
        return self.level < _LOUDEST_PAUSE


def find_pause(samples: Audio, begin: int, end: int) -> Cut:
    """Find the last of the quietest places between two samples, and a little around them."""
    begin = max(begin - _EARLIER, 0)
    part = samples[begin : end + _LATER]
    steps = part[: len(part) // _STEP * _STEP].reshape(-1, _STEP)
    if not len(steps):
        return Cut(at=begin, level=1.0)
    levels = np.sqrt((steps**2).mean(axis=1))
    quiet = np.flatnonzero(levels <= max(float(levels.min()), _QUIET))
    return Cut(at=begin + int(quiet[-1]) * _STEP, level=float(levels.min()))
