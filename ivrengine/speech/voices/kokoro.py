"""Kokoro: natural voices, each speaker a process of the voices' own environment."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import IO

import numpy as np

from ivrengine.errors import SpeechError
from ivrengine.speech.masters import Waveform
from ivrengine.speech.settings import SpeechSettings
from ivrengine.speech.voices.voice import Manner, Voice
from ivrengine.values import Language

_PACKAGE_ROOT = Path(__file__).resolve().parents[3]
_WORKER = "ivrengine.speech.voices.kokoro_worker"
_DEADLINE_S = 300.0
_END_S = 10.0
_REMEDY = "see the end of voices.log in the speech folder of the state directory"


class KokoroEngine:
    """Speakers of the environment that ``environment.prepare`` made in ``folder``."""

    name = "kokoro"

    def __init__(self, folder: Path, settings: SpeechSettings) -> None:
        self._folder = folder
        self._settings = settings

    def voice_of(self, language: Language) -> str:
        """Return the name of Kokoro's voice for a language."""
        return self._settings.voice(language).kokoro

    @contextmanager
    def open(self) -> Iterator[Voice]:
        """Start a speaker with one thread at low priority."""
        with (
            (self._folder / "voices.log").open("ab") as log,
            subprocess.Popen(
                [sys.executable, "-m", _WORKER, str(self._folder.resolve())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=_PACKAGE_ROOT,
            ) as process,
        ):
            if process.stdin is None or process.stdout is None:
                raise SpeechError("the speaker has no pipes")
            try:
                yield _KokoroVoice(process, process.stdin, process.stdout)
            finally:
                _end(process)


class _KokoroVoice:
    def __init__(self, process: subprocess.Popen[bytes], orders: IO[bytes], sound: IO[bytes]):
        self._process = process
        self._orders = orders
        self._sound = sound

    def say(self, texts: Sequence[str], manner: Manner) -> list[Waveform]:
        order = {
            "texts": list(texts),
            "language": manner.language,
            "voice": manner.voice,
            "speed": manner.speed,
        }
        # Killing the process ends the read below; nothing else can interrupt a pipe.
        watchdog = Timer(_DEADLINE_S, self._process.kill)
        watchdog.start()
        try:
            self._orders.write(json.dumps(order).encode() + b"\n")
            self._orders.flush()
            return self._answer(texts)
        except BrokenPipeError as fault:
            raise SpeechError("the speaker is gone", remedy=_REMEDY) from fault
        finally:
            watchdog.cancel()

    def _answer(self, texts: Sequence[str]) -> list[Waveform]:
        header = self._sound.readline()
        if not header:
            raise SpeechError("the speaker is gone", remedy=_REMEDY)
        answer = json.loads(header)
        if "error" in answer:
            raise SpeechError(f"cannot say {' | '.join(texts)!r}: {answer['error']}")
        return [
            np.frombuffer(self._sound.read(4 * count), dtype="<f4") for count in answer["samples"]
        ]


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(_END_S)
    except subprocess.TimeoutExpired:
        process.kill()
