"""espeak-ng: small, robotic voices that need no model; for machines without Kokoro's packages."""

import io
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import soundfile
import soxr

from ivrengine.errors import ConfigError, SpeechError
from ivrengine.speech.masters import SAMPLE_RATE_HZ, Waveform
from ivrengine.speech.settings import SpeechSettings
from ivrengine.speech.voices.voice import Manner, Voice
from ivrengine.values import Language

_WORDS_A_MINUTE = 175
_DEADLINE_S = 30.0


class EspeakEngine:
    """The ``espeak-ng`` of this machine."""

    name = "espeak"

    def __init__(self, settings: SpeechSettings) -> None:
        self._settings = settings

    def voice_of(self, language: Language) -> str:
        """Return the name of espeak-ng's voice for a language."""
        return self._settings.voice(language).espeak

    @contextmanager
    def open(self) -> Iterator[Voice]:
        """Find the program.

        Raises:
            ConfigError: there is none on PATH.
        """
        program = shutil.which("espeak-ng")
        if program is None:
            raise ConfigError("espeak-ng is not installed", remedy="install the package espeak-ng")
        yield _EspeakVoice(program)


class _EspeakVoice:
    def __init__(self, program: str) -> None:
        self._program = program

    def say(self, texts: Sequence[str], manner: Manner) -> list[Waveform]:
        return [self._say(text, manner) for text in texts]

    def _say(self, text: str, manner: Manner) -> Waveform:
        pace = round(_WORDS_A_MINUTE * manner.speed)
        order = [self._program, "-v", manner.voice, "-s", str(pace), "--stdout", "--", text]
        try:
            done = subprocess.run(order, capture_output=True, timeout=_DEADLINE_S, check=True)
            samples, rate_hz = soundfile.read(io.BytesIO(done.stdout), dtype="float32")
        except subprocess.CalledProcessError as fault:
            reason = fault.stderr.decode(errors="replace").strip()
            raise SpeechError(f"espeak-ng cannot say {text!r}: {reason}") from fault
        except (subprocess.TimeoutExpired, OSError, soundfile.SoundFileError) as fault:
            raise SpeechError(f"espeak-ng cannot say {text!r}") from fault
        return np.asarray(soxr.resample(samples, rate_hz, SAMPLE_RATE_HZ), dtype=np.float32)
