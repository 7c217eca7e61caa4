from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ivrengine.errors import SpeechError
from ivrengine.speech.library import FRAME_SAMPLES, install, line_samples, media_uri
from ivrengine.speech.masters import (
    SAMPLE_RATE_HZ,
    MasterRecord,
    Waveform,
    load_manifest,
    master_path,
    save_manifest,
    write_master,
)
from ivrengine.values import Language, PromptId

pytestmark = pytest.mark.unit

MAIN = PromptId("menu.main")
DIGIT = PromptId("num.digit.1")


def tone(length_s: float) -> Waveform:
    times = np.arange(round(length_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return np.asarray(0.3 * np.sin(2 * np.pi * 440 * times), dtype=np.float32)


def keep(prompts: Path, language: Language, prompt_id: PromptId, length_s: float) -> None:
    audio = write_master(master_path(prompts, language, prompt_id), tone(length_s))
    manifest = load_manifest(prompts, language)
    manifest[prompt_id] = MasterRecord(source="s", audio=audio, duration_s=length_s, engine="tone")
    save_manifest(prompts, language, manifest)


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    folder = tmp_path / "prompts"
    for language in Language:
        keep(folder, language, MAIN, 0.5)
        keep(folder, language, DIGIT, 0.21)
    write_master(folder / "music" / "hold.opus", tone(1.0))
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "state" / "prompts"


def files(folder: Path) -> Iterator[str]:
    return (str(path.relative_to(folder)) for path in sorted(folder.rglob("*.?law")))


def test_a_prompt_is_played_from_the_folder_of_its_language() -> None:
    assert media_uri("menu.main", Language.MANDARIN) == "sound:ivr/zh/menu/main"
    assert media_uri("num.digit.1", Language.ENGLISH) == "sound:ivr/en/num/digit/1"


def test_every_master_becomes_a_file_in_both_laws(prompts: Path, target: Path) -> None:
    done = install(target, prompts_dir=prompts)
    assert (done.installed, done.unchanged, done.removed) == (5, 0, 0)
    assert list(files(target)) == [
        f"{stem}.{law}"
        for stem in (
            "en/menu/main",
            "en/num/digit/1",
            "music/hold",
            "zh/menu/main",
            "zh/num/digit/1",
        )
        for law in ("alaw", "ulaw")
    ]


def test_files_are_whole_frames_that_end_in_silence(prompts: Path, target: Path) -> None:
    install(target, prompts_dir=prompts)
    mu_law = (target / "zh/num/digit/1.ulaw").read_bytes()
    a_law = (target / "zh/num/digit/1.alaw").read_bytes()
    # 0.21 s are 1680 samples; the next whole frame ends at 1760.
    assert len(mu_law) == len(a_law) == 11 * FRAME_SAMPLES
    assert set(mu_law[1680:]) == {0xFF}
    assert set(a_law[1680:]) == {0xD5}


def test_the_sound_is_the_one_of_the_master() -> None:
    narrow = line_samples(tone(0.5))
    spectrum = np.abs(np.fft.rfft(narrow))
    assert len(narrow) == 4000
    assert int(spectrum.argmax()) * 8000 / len(narrow) == 440
    assert np.abs(narrow[400:-400]).max() == pytest.approx(0.3, abs=0.01)


def test_a_second_installation_touches_nothing(prompts: Path, target: Path) -> None:
    install(target, prompts_dir=prompts)
    before = {name: (target / name).stat().st_mtime_ns for name in files(target)}
    moved: list[tuple[int, int]] = []
    done = install(target, prompts_dir=prompts, progress=lambda *step: moved.append(step))
    assert (done.installed, done.unchanged, done.removed) == (0, 5, 0)
    assert moved == []
    assert {name: (target / name).stat().st_mtime_ns for name in files(target)} == before


def test_only_what_differs_is_installed_again(prompts: Path, target: Path) -> None:
    install(target, prompts_dir=prompts)
    keep(prompts, Language.MANDARIN, MAIN, 0.6)
    (target / "en/num/digit/1.alaw").unlink()
    moved: list[tuple[int, int]] = []
    done = install(target, prompts_dir=prompts, progress=lambda *step: moved.append(step))
    assert (done.installed, done.unchanged) == (2, 3)
    assert moved == [(1, 2), (2, 2)]
    assert (target / "zh/menu/main.ulaw").stat().st_size == 4800
    assert (target / "en/num/digit/1.alaw").exists()


def test_a_prompt_that_is_gone_is_removed(prompts: Path, target: Path) -> None:
    install(target, prompts_dir=prompts)
    manifest = load_manifest(prompts, Language.ENGLISH)
    del manifest[DIGIT]
    save_manifest(prompts, Language.ENGLISH, manifest)
    assert install(target, prompts_dir=prompts).removed == 1
    assert not (target / "en/num/digit/1.ulaw").exists()
    assert (target / "zh/num/digit/1.ulaw").exists()


@pytest.mark.parametrize("stamp", ["", "[]", '{"form": "older", "masters": {}}'])
def test_a_stamp_of_no_use_means_that_all_is_made_again(
    prompts: Path, target: Path, stamp: str
) -> None:
    install(target, prompts_dir=prompts)
    (target / ".installed.json").write_text(stamp, encoding="utf-8")
    assert install(target, prompts_dir=prompts).installed == 5


def test_a_master_that_is_gone_is_told(prompts: Path, target: Path) -> None:
    master_path(prompts, Language.ENGLISH, MAIN).unlink()
    with pytest.raises(SpeechError, match=r"main\.opus") as told:
        install(target, prompts_dir=prompts)
    assert "make prompts" in told.value.remedy
