"""Sounds that are made rather than spoken: the beep before a recording."""

from collections.abc import Callable, Mapping

import numpy as np

from ivrengine.speech.masters import SAMPLE_RATE_HZ, Waveform


def beep() -> Waveform:
    """Return 250 ms of 1 kHz with soft edges, as loud as speech."""
    length = SAMPLE_RATE_HZ // 4
    times_s = np.arange(length) / SAMPLE_RATE_HZ
    edge = np.minimum(1, np.minimum(times_s, times_s[::-1]) / 0.01)
    return np.asarray(0.2 * edge * np.sin(2 * np.pi * 1000 * times_s), dtype=np.float32)


TONES: Mapping[str, Callable[[], Waveform]] = {"beep": beep}
