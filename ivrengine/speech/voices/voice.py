"""The port to a speech engine."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from ivrengine.speech.masters import Waveform
from ivrengine.values import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """Who says something and how fast; ``speed`` is a share of the voice's own pace."""

    language: Language
    voice: str
    speed: float


class Voice(Protocol):
    """One speaker at work; used by one thread."""

    def say(self, texts: Sequence[str], manner: Manner) -> list[Waveform]:
        """Speak each text by itself, at 24 kHz, with whatever silence there is around it.

        Short texts that come together may be spoken as a list, which costs less. A text without a
        full stop is spoken as if more followed.

        Raises:
            SpeechError: the engine failed, or took too long.
        """
        ...


class VoiceEngine(Protocol):
    """A kind of voice, of which several can speak at once."""

    @property
    def name(self) -> str:
        """Short name, noted with everything that was rendered."""
        ...

    def voice_of(self, language: Language) -> str:
        """Return the name of the engine's voice for a language."""
        ...

    def open(self) -> AbstractContextManager[Voice]:
        """Start a speaker; leaving the context ends it."""
        ...
