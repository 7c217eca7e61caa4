"""The masters: one compact wideband file for each prompt and language, kept in the repository.

A master is Ogg Opus at 24 kHz and about 26 kbit/s, G.722's class of sound at a tenth of the size
of lossless. Beside them stands a manifest for each language, one line a prompt: what the master was
made from, so that only what differs is rendered again, and what it holds, so that only what differs
is installed again.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from ivrengine.errors import ConfigError, SpeechError
from ivrengine.speech.prompt_ids import audio_path
from ivrengine.values import Language, PromptId

SAMPLE_RATE_HZ = 24_000
SUFFIX = ".opus"
MANIFEST = "manifest.json"
MUSIC = "music"

Waveform = NDArray[np.float32]
"""Mono samples between -1 and 1."""

# libsndfile maps 0..1 to 256..6 kbit/s for each channel of Opus.
_COMPRESSION_LEVEL = 0.92


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterRecord:
    """One line of a manifest. ``source`` and ``audio`` are digests, ``engine`` the voice used."""

    source: str
    audio: str
    duration_s: float
    engine: str


Manifest = Mapping[PromptId, MasterRecord]


def master_path(prompts_dir: Path, language: Language, prompt_id: str) -> Path:
    """Return where the master of a prompt lies."""
    return prompts_dir / language / audio_path(prompt_id, SUFFIX)


def read_master(path: Path) -> Waveform:
    """Return the samples of a master, at 24 kHz.

    Raises:
        SpeechError: the file is not there or holds no mono audio of that rate.
    """
    try:
        samples, rate_hz = soundfile.read(path, dtype="float32")
    except (OSError, soundfile.SoundFileError) as fault:
        raise SpeechError(f"cannot read {path}", remedy="run `make prompts`") from fault
    if rate_hz != SAMPLE_RATE_HZ or samples.ndim != 1:
        raise SpeechError(f"{path} is not mono at {SAMPLE_RATE_HZ} Hz")
    return np.asarray(samples, dtype=np.float32)


def write_master(path: Path, samples: Waveform) -> str:
    """Write a master whole or not at all; return the digest of the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    soundfile.write(
        part,
        samples,
        SAMPLE_RATE_HZ,
        format="OGG",
        subtype="OPUS",
        compression_level=_COMPRESSION_LEVEL,
    )
    digest = file_digest(part)
    part.replace(path)
    return digest


def file_digest(path: Path) -> str:
    """Return a short digest of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def load_manifest(prompts_dir: Path, language: Language) -> dict[PromptId, MasterRecord]:
    """Return what was rendered for a language; nothing when there is no manifest yet.

    Raises:
        ConfigError: the manifest is damaged.
    """
    path = prompts_dir / language / MANIFEST
    if not path.exists():
        return {}
    try:
        lines = json.loads(path.read_text(encoding="utf-8"))
        return {PromptId(key): MasterRecord(**fields) for key, fields in lines.items()}
    except (ValueError, TypeError, AttributeError) as fault:
        raise ConfigError(f"{path} is damaged: {fault}", remedy="run `make prompts`") from fault


def save_manifest(prompts_dir: Path, language: Language, manifest: Manifest) -> None:
    """Write a manifest, one sorted line a prompt, so that histories show which ones differ."""
    lines = [f"{json.dumps(key)}: {json.dumps(asdict(manifest[key]))}" for key in sorted(manifest)]
    path = prompts_dir / language / MANIFEST
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    part.replace(path)
