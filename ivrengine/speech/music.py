"""Music on hold: a tune of our own, computed from its score, the same in every build.

Eight bars of soft chords with a broken-chord melody over them, played three times with a varied
melody, at 66 beats a minute: about 87 s. Notes are a few decaying partials, without anything above
3 kHz that a telephone could not carry.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ivrengine.speech.masters import MUSIC, SAMPLE_RATE_HZ, SUFFIX, Waveform, write_master

TUNE = "hold"

_LEVEL_DBFS = -28.0
_BEAT_S = 60 / 66
_BARS = 8
_ROUNDS = 3
# Chords as MIDI notes, two octaves below the melody's: C, Am7, F, G, Em, Am, Dm7, G.
_CHORDS = (
    (48, 55, 64),
    (45, 55, 60),
    (41, 53, 57),
    (43, 55, 59),
    (40, 55, 59),
    (45, 52, 60),
    (38, 53, 60),
    (43, 53, 59),
)
# Steps of the broken chord in eighths: which note of the chord, and how many octaves up; -1 rests.
_MELODIES = (
    ((0, 2), (1, 1), (2, 1), (1, 1), (0, 2), (1, 1), (2, 1), (-1, 0)),
    ((2, 1), (-1, 0), (1, 1), (0, 2), (2, 1), (0, 2), (1, 1), (-1, 0)),
    ((0, 2), (2, 1), (1, 1), (2, 1), (-1, 0), (1, 1), (0, 2), (2, 1)),
)


def tune_path(prompts_dir: Path) -> Path:
    """Return where the master of the tune lies."""
    return prompts_dir / MUSIC / f"{TUNE}{SUFFIX}"


def render_tune(prompts_dir: Path) -> None:
    """Write the master of the tune."""
    write_master(tune_path(prompts_dir), compose())


def compose() -> Waveform:
    """Return the tune at 24 kHz; its end runs into its beginning, so that it can be looped."""
    bar = round(4 * _BEAT_S * SAMPLE_RATE_HZ)
    score = np.zeros(bar * _BARS * _ROUNDS)
    # The same notes come again and again; they are kept for as long as the tune is composed.
    for begin, note in _notes(bar, cache(_note)):
        where = (begin + np.arange(len(note))) % len(score)
        score[where] += note
    level = np.sqrt((score**2).mean())
    return np.asarray(score * (10 ** (_LEVEL_DBFS / 20) / level), dtype=np.float32)


def _notes(
    bar: int, play: Callable[..., NDArray[np.float64]]
) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Yield every note with the sample at which it begins."""
    eighth = bar // 8
    for number in range(_BARS * _ROUNDS):
        chord, melody = _CHORDS[number % _BARS], _MELODIES[number // _BARS]
        for pitch in chord:
            yield number * bar, play(pitch, length_s=5 * _BEAT_S, attack_s=0.35, strength=0.5)
        for step, (which, octaves) in enumerate(melody):
            if which >= 0:
                pitch = chord[which] + 12 * octaves
                note = play(pitch, length_s=3 * _BEAT_S, attack_s=0.012, strength=0.4)
                yield number * bar + step * eighth, note


def _note(pitch: int, *, length_s: float, attack_s: float, strength: float) -> NDArray[np.float64]:
    """Return one note: partials that fade the faster the higher they are."""
    frequency_hz = 440 * 2 ** ((pitch - 69) / 12)
    times_s = np.arange(round(length_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    sound = np.zeros_like(times_s)
    for partial, share in ((1, 1.0), (2, 0.35), (3, 0.12), (4, 0.05)):
        if partial * frequency_hz < 3000:
            fading = np.exp(-times_s * (1.1 + 0.7 * partial))
            sound += share * fading * np.sin(2 * np.pi * partial * frequency_hz * times_s)
    attack = np.minimum(1, times_s / attack_s)
    release = np.minimum(1, (length_s - times_s) / 0.2)
    return np.asarray(strength * attack * release * sound, dtype=np.float64)
