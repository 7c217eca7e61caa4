from pathlib import Path

import numpy as np
import pytest

from ivrengine.speech.catalogue import Catalogue, load
from ivrengine.speech.inspection import inspect, plausible_length_s
from ivrengine.speech.masters import SAMPLE_RATE_HZ, Waveform, master_path, write_master
from ivrengine.values import Language

pytestmark = pytest.mark.unit

TEXT = "a.b: {zh: 请按一, en: press one}\n"


def speech(length_s: float, peak: float = 0.14) -> Waveform:
    times = np.arange(round(length_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return np.asarray(peak * np.sin(2 * np.pi * 300 * times), dtype=np.float32)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    file = tmp_path / "texts.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return load(file)


def faults(catalogue: Catalogue, folder: Path, mandarin: Waveform) -> list[str]:
    write_master(master_path(folder, Language.MANDARIN, "a.b"), mandarin)
    write_master(master_path(folder, Language.ENGLISH, "a.b"), speech(0.8))
    return [finding.fault for finding in inspect(catalogue, folder, loudness_dbfs=-20)]


def test_speech_as_it_should_be_has_no_fault(catalogue: Catalogue, tmp_path: Path) -> None:
    assert faults(catalogue, tmp_path, speech(0.8)) == []


def test_a_text_without_sound_is_found_in_each_language(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    found = inspect(catalogue, tmp_path, loudness_dbfs=-20)
    assert [(finding.language, finding.fault) for finding in found] == [
        (Language.MANDARIN, "has no audio"),
        (Language.ENGLISH, "has no audio"),
    ]


@pytest.mark.parametrize(
    ("sound", "fault"),
    [
        (speech(0.2), "takes 0.20 s"),
        (speech(2.5), "takes 2.50 s"),
        (speech(0.8, peak=0.0004), "is silent"),
        (speech(0.8, peak=0.03), "is at -33 dB"),
        (np.sign(speech(0.8)), "is clipped"),
    ],
)
def test_what_cannot_be_right_is_found(
    catalogue: Catalogue, tmp_path: Path, sound: Waveform, fault: str
) -> None:
    assert faults(catalogue, tmp_path, sound)[0].startswith(fault)


def test_a_hole_in_the_middle_is_found(catalogue: Catalogue, tmp_path: Path) -> None:
    sound = np.concatenate([speech(0.1), np.zeros(36_000, dtype=np.float32), speech(0.1)])
    assert any("in the middle" in fault for fault in faults(catalogue, tmp_path, sound))


@pytest.mark.parametrize(
    ("text", "language", "usual_s"),
    [
        ("六", Language.MANDARIN, 0.25),
        ("请输入六位证券代码，按井号键结束。", Language.MANDARIN, 3.6),
        ("one", Language.ENGLISH, 0.35),
        ("S P D Bank", Language.ENGLISH, 1.1),
        ("To speak to a person, press zero.", Language.ENGLISH, 2.1),
    ],
)
def test_the_usual_length_of_a_text_is_plausible(
    text: str, language: Language, usual_s: float
) -> None:
    shortest_s, longest_s = plausible_length_s(text, language)
    assert shortest_s < usual_s < longest_s
    assert longest_s < 4 * usual_s
