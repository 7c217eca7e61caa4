"""The check of the masters: every text has audio, and the audio can be what the text says.

Nobody listens here; what a broken rendering shows in numbers is looked for: a length that no voice
needs for such a text, silence, a hole in the middle, clipped peaks, a level far from the others.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ivrengine.errors import SpeechError
from ivrengine.speech.catalogue import Catalogue, CatalogueEntry
from ivrengine.speech.finishing import speech_level_dbfs, step_levels
from ivrengine.speech.masters import SAMPLE_RATE_HZ, Waveform, master_path, read_master
from ivrengine.values import Language, PromptId

_HAN = re.compile(r"[\u4e00-\u9fff]")
_VOWELS = re.compile(r"[aeiouy]+")
_PAUSES = re.compile(r"[，。；：！？、,.;:!?]")
_SHORTEST_SYLLABLE_S = 0.09
_LONGEST_SYLLABLE_S = 0.48
_LONGEST_PAUSE_S = 0.7
_SLACK_S = 0.3
_STEP_S = 0.005
_CLIPPED = 0.998
_LEVEL_TOLERANCE_DB = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong with one prompt in one language."""

    id: PromptId
    language: Language
    fault: str


def inspect(
    catalogue: Catalogue, prompts_dir: Path, *, loudness_dbfs: float
) -> tuple[Finding, ...]:
    """Return what is wrong with the masters, in the order of the catalogue."""
    return tuple(
        Finding(id=entry.id, language=language, fault=fault)
        for entry in catalogue
        for language in Language
        for fault in _faults(entry, language, prompts_dir, loudness_dbfs)
    )


def plausible_length_s(text: str, language: Language) -> tuple[float, float]:
    """Return how short and how long the speech of a text can be, in seconds."""
    syllables = _syllables(text, language)
    pauses = len(_PAUSES.findall(text))
    longest = syllables * _LONGEST_SYLLABLE_S + pauses * _LONGEST_PAUSE_S + _SLACK_S
    return syllables * _SHORTEST_SYLLABLE_S, longest


def _faults(
    entry: CatalogueEntry, language: Language, prompts_dir: Path, loudness_dbfs: float
) -> Iterator[str]:
    try:
        samples = read_master(master_path(prompts_dir, language, entry.id))
    except SpeechError:
        yield "has no audio"
        return
    if np.abs(samples).max(initial=0.0) >= _CLIPPED:
        yield "is clipped"
    level = speech_level_dbfs(samples)
    if level < loudness_dbfs - 25:
        yield "is silent"
    elif not entry.tone:
        yield from _speech_faults(entry.speech(language), language, samples)
        if abs(level - loudness_dbfs) > _LEVEL_TOLERANCE_DB:
            yield f"is at {level:.0f} dB instead of {loudness_dbfs:.0f}"


def _speech_faults(text: str, language: Language, samples: Waveform) -> Iterator[str]:
    length_s = len(samples) / SAMPLE_RATE_HZ
    shortest_s, longest_s = plausible_length_s(text, language)
    if not shortest_s <= length_s <= longest_s:
        yield f"takes {length_s:.2f} s where {shortest_s:.2f} to {longest_s:.2f} are likely"
    hole_s = _longest_hole_s(samples)
    if hole_s > _LONGEST_PAUSE_S + 0.5:
        yield f"is silent for {hole_s:.2f} s in the middle"


def _longest_hole_s(samples: Waveform) -> float:
    levels = step_levels(samples)
    loud = np.flatnonzero(levels > levels.max(initial=0.0) * 0.02)
    return float(np.diff(loud).max(initial=1) - 1) * _STEP_S


def _syllables(text: str, language: Language) -> int:
    if language is Language.MANDARIN:
        return max(len(_HAN.findall(text)), 1)
    words = re.findall(r"[a-z']+", text.lower())
    return max(sum(max(len(_VOWELS.findall(word)), 1) for word in words), 1)
