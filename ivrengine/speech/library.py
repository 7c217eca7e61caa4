"""The installed library: the masters as files that the softswitch plays without transcoding.

Every prompt becomes a mu-law and an A-law file at 8 kHz, padded with silence to whole frames of
20 ms, so that a frame on the wire is a frame of the file. Installing is incremental: a stamp beside
the files says from which masters they were made.
"""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr

from ivrengine.speech.g711 import (
    encode_a_law,
    encode_mu_law,
)
from ivrengine.speech.masters import (
    MUSIC,
    SAMPLE_RATE_HZ,
    SUFFIX,
    Waveform,
    file_digest,
    load_manifest,
    master_path,
    read_master,
)
from ivrengine.speech.prompt_ids import audio_path
from ivrengine.values import Language

PROMPTS_DIR = Path(__file__).resolve().parents[2] / "prompts"
"""Where the repository keeps its masters."""

LINE_RATE_HZ = 8_000
FRAME_SAMPLES = 160
SUFFIXES = (".ulaw", ".alaw")

_STAMP = ".installed.json"
# Part of the stamp: installed files of another form are made again.
_FORM = "g711-20ms-1"
_WORKERS = 2

Progress = Callable[[int, int], None]
"""Told how many files are done, of how many that had to be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What an installation did, counted in prompts."""

    installed: int
    unchanged: int
    removed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Master:
    file: Path
    stem: Path
    audio: str


def media_uri(prompt_id: str, language: Language) -> str:
    """Return what the softswitch is told to play: ``sound:ivr/zh/menu/main``.

    Asterisk looks for it below the ``sounds`` folder of its data directory, where ``ivr`` is to
    be the folder that :func:`install` filled.
    """
    return f"sound:ivr/{language}/{audio_path(prompt_id, '')}"


def install(
    target_dir: Path, *, prompts_dir: Path = PROMPTS_DIR, progress: Progress | None = None
) -> Installation:
    """Bring ``target_dir`` up to date: ``<language>/<path>.ulaw`` and ``.alaw``, and ``music/``.

    Files that are there and made from the same masters stay untouched, those without a master go.

    Raises:
        SpeechError: a master cannot be read.
    """
    masters = {str(master.stem): master for master in _masters(prompts_dir)}
    stamped = _read_stamp(target_dir)
    due = [
        master
        for key, master in masters.items()
        if stamped.get(key) != master.audio or not _is_installed(target_dir, master.stem)
    ]
    gone = sorted(stamped.keys() - masters.keys())
    for key in gone:
        _remove(target_dir, Path(key))
    with ThreadPoolExecutor(_WORKERS, thread_name_prefix="prompts") as pool:
        made = pool.map(lambda master: _make(master, target_dir), due)
        for count, _ in enumerate(made, start=1):
            if progress:
                progress(count, len(due))
    if due or gone:
        _write_stamp(target_dir, {key: master.audio for key, master in masters.items()})
    return Installation(installed=len(due), unchanged=len(masters) - len(due), removed=len(gone))


def line_samples(wideband: Waveform) -> Waveform:
    """Return a master's samples at 8 kHz, padded with silence to whole frames of 20 ms."""
    narrow = np.asarray(soxr.resample(wideband, SAMPLE_RATE_HZ, LINE_RATE_HZ), dtype=np.float32)
    return np.pad(narrow, (0, -len(narrow) % FRAME_SAMPLES))


def _masters(prompts_dir: Path) -> Iterator[_Master]:
    for language in Language:
        for prompt_id, record in load_manifest(prompts_dir, language).items():
            yield _Master(
                file=master_path(prompts_dir, language, prompt_id),
                stem=Path(language, audio_path(prompt_id, "")),
                audio=record.audio,
            )
    for file in sorted((prompts_dir / MUSIC).glob(f"*{SUFFIX}")):
        yield _Master(file=file, stem=Path(MUSIC, file.stem), audio=file_digest(file))


def _make(master: _Master, target_dir: Path) -> None:
    samples = line_samples(read_master(master.file))
    linear = np.clip(np.rint(samples * 32767), -32768, 32767).astype(np.int16)
    stem = target_dir / master.stem
    stem.parent.mkdir(parents=True, exist_ok=True)
    for suffix, octets in ((".ulaw", encode_mu_law(linear)), (".alaw", encode_a_law(linear))):
        # A file that is being played keeps its old content: the new one takes only its name.
        part = stem.with_name(f"{stem.name}{suffix}.part")
        part.write_bytes(octets.tobytes())
        part.replace(stem.with_name(stem.name + suffix))


def _is_installed(target_dir: Path, stem: Path) -> bool:
    return all((target_dir / stem).with_name(stem.name + suffix).exists() for suffix in SUFFIXES)


def _remove(target_dir: Path, stem: Path) -> None:
    for suffix in SUFFIXES:
        (target_dir / stem).with_name(stem.name + suffix).unlink(missing_ok=True)


def _read_stamp(target_dir: Path) -> dict[str, str]:
    """Return which masters the folder was made from; a stamp of no use counts as none."""
    try:
        stamp = json.loads((target_dir / _STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(stamp, dict) or stamp.get("form") != _FORM:
        return {}
    return dict(stamp.get("masters", {}))


def _write_stamp(target_dir: Path, masters: dict[str, str]) -> None:
    part = target_dir / f"{_STAMP}.part"
    part.write_text(json.dumps({"form": _FORM, "masters": masters}), encoding="utf-8")
    part.replace(target_dir / _STAMP)
