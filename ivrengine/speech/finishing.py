"""What every rendering goes through before it is kept: silence trimmed, loudness made equal.

Fragments of read-outs are cut tightly, because the player joins them without a gap; sentences keep
a little air.
"""

import numpy as np

from ivrengine.errors import SpeechError
from ivrengine.speech.masters import SAMPLE_RATE_HZ, Waveform

SENTENCE_AIR_S = 0.035
FRAGMENT_AIR_S = 0.012

_STEP = SAMPLE_RATE_HZ // 200
_FADE_S = 0.004
_SPEECH_BELOW_PEAK_DB = 36.0
_KNEE = 0.7
_CEILING = 0.94


def finish(samples: Waveform, *, loudness_dbfs: float, air_s: float) -> Waveform:
    """Return speech with ``air_s`` of silence around it, at the given level, faded at both ends.

    Raises:
        SpeechError: there is nothing but silence.
    """
    return _faded(_levelled(trimmed(samples, air_s=air_s), loudness_dbfs))


def trimmed(samples: Waveform, *, air_s: float) -> Waveform:
    """Cut off what is 36 dB below the loudest 5 ms, but for ``air_s`` at both ends."""
    levels = step_levels(samples)
    loudest = float(levels.max(initial=0.0))
    if loudest < 1e-4:
        raise SpeechError("a rendering is silent")
    audible = np.flatnonzero(levels > loudest * 10 ** (-_SPEECH_BELOW_PEAK_DB / 20))
    air = round(air_s * SAMPLE_RATE_HZ)
    begin = int(audible[0]) * _STEP - air
    end = (int(audible[-1]) + 1) * _STEP + air
    missing = (max(-begin, 0), max(end - len(samples), 0))
    return np.pad(samples[max(begin, 0) : end], missing)


def step_levels(samples: Waveform) -> Waveform:
    """Return the root mean square of each 5 ms."""
    steps = np.pad(samples, (0, -len(samples) % _STEP)).reshape(-1, _STEP)
    return np.asarray(np.sqrt((steps**2).mean(axis=1)), dtype=np.float32)


def speech_level_dbfs(samples: Waveform) -> float:
    """Return the level of what is spoken, leaving out the pauses, in decibels of full scale."""
    levels = step_levels(samples)
    loud = levels[levels > levels.max(initial=0.0) * 0.1]
    return 20 * float(np.log10(np.sqrt((loud**2).mean()) + 1e-9)) if len(loud) else -180.0


def _levelled(samples: Waveform, loudness_dbfs: float) -> Waveform:
    gain = 10 ** ((loudness_dbfs - speech_level_dbfs(samples)) / 20)
    return _limited(samples * np.float32(gain))


def _limited(samples: Waveform) -> Waveform:
    """Bend peaks over the knee smoothly below the ceiling, so that none is clipped later."""
    room = _CEILING - _KNEE
    over = np.maximum(np.abs(samples) - _KNEE, 0)
    bent = np.minimum(np.abs(samples), _KNEE) + room * np.tanh(over / room)
    return np.asarray(np.sign(samples) * bent, dtype=np.float32)


def _faded(samples: Waveform) -> Waveform:
    length = min(round(_FADE_S * SAMPLE_RATE_HZ), len(samples) // 2)
    ramp = np.linspace(0, 1, length, dtype=np.float32)
    faded = samples.copy()
    faded[:length] *= ramp
    faded[len(faded) - length :] *= ramp[::-1]
    return faded
