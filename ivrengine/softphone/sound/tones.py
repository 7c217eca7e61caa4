"""Is there a tone in this sound, and which: the proof that two people can hear each other."""

import numpy as np

from ivrengine.softphone.sound.codec import SAMPLE_RATE_HZ, Samples


def tone_share(samples: Samples, frequency_hz: float) -> float:
    """The share of the sound's energy that lies at one frequency, 0.0 to 1.0.

    A Goertzel filter: exact for whole periods, and for 20 ms frames within a bin of 50 Hz.
    """
    wave = samples.astype(np.float64)
    energy = float(np.dot(wave, wave))
    if energy == 0.0:
        return 0.0
    turn = np.exp(-2j * np.pi * frequency_hz / SAMPLE_RATE_HZ * np.arange(wave.size))
    strength = abs(complex(np.dot(wave, turn)))
    return min(1.0, 2 * strength**2 / (wave.size * energy))


def loudest_frequency_hz(samples: Samples) -> float:
    """The frequency that carries most energy; 0.0 for silence."""
    wave = samples.astype(np.float64) * np.hanning(samples.size)
    spectrum = np.abs(np.fft.rfft(wave, n=8192))
    return float(np.argmax(spectrum)) * SAMPLE_RATE_HZ / 8192


def peak(samples: Samples) -> int:
    """The largest magnitude, in 16-bit units; 0 for no samples."""
    return int(np.abs(samples.astype(np.int32)).max(initial=0))


def level_dbfs(samples: Samples) -> float:
    """The mean level below full scale, in decibels; -96 stands for silence."""
    mean_square = float(np.mean(samples.astype(np.float64) ** 2)) if samples.size else 0.0
    return max(-96.0, 10 * np.log10(mean_square / 32768**2)) if mean_square else -96.0
