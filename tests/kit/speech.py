"""Speech for tests: what fragments say when they are joined, and a voice that hums."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np

from ivrengine.errors import SpeechError
from ivrengine.speech.catalogue import Catalogue, load
from ivrengine.speech.masters import SAMPLE_RATE_HZ, Waveform
from ivrengine.speech.readings import Readable, Reading, read_out
from ivrengine.speech.voices.voice import Manner, Voice
from ivrengine.values import Language

PROMPTS = Path(__file__).resolve().parents[2] / "prompts"


@cache
def house_catalogue() -> Catalogue:
    """The texts that this repository ships."""
    return load(PROMPTS / "texts")


def spoken(value: Readable, reading: Reading, language: Language) -> str:
    """What a caller hears as a read-out, as one line without full stops."""
    texts = [
        house_catalogue().text(prompt_id, language)
        for prompt_id in read_out(value, reading, language)
    ]
    if language is Language.MANDARIN:
        return "".join(text.removesuffix("。") for text in texts)
    return " ".join(text if text.endswith(".m.") else text.removesuffix(".") for text in texts)


class HummingEngine:
    """A voice engine whose every text is a hum of its length, with silence around it.

    Texts in `mute` come out silent; `said` holds every list that was ordered.
    """

    name = "hum"

    def __init__(self, mute: Sequence[str] = ()) -> None:
        self.said: list[tuple[str, ...]] = []
        self._mute = set(mute)

    def voice_of(self, language: Language) -> str:
        return f"hum-{language}"

    @contextmanager
    def open(self) -> Iterator[Voice]:
        yield _Hum(self.said, self._mute)


class _Hum:
    def __init__(self, said: list[tuple[str, ...]], mute: set[str]) -> None:
        self._said = said
        self._mute = mute

    def say(self, texts: Sequence[str], manner: Manner) -> list[Waveform]:
        if not texts:
            raise SpeechError("nothing to say")
        self._said.append(tuple(texts))
        return [self._hum(text, manner) for text in texts]

    def _hum(self, text: str, manner: Manner) -> Waveform:
        if text in self._mute:
            return np.zeros(SAMPLE_RATE_HZ, dtype=np.float32)
        length_s = 0.25 * len(text) if manner.language is Language.MANDARIN else 0.08 * len(text)
        times = np.arange(int(length_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
        air = np.zeros(SAMPLE_RATE_HZ // 4)
        hum = 0.3 * np.sin(2 * np.pi * 300 * times)
        return np.asarray(np.concatenate([air, hum, air]), dtype=np.float32)
