import re
from pathlib import Path

import pytest

from ivrengine.errors import ConfigError, SpeechError
from ivrengine.speech.catalogue import load
from ivrengine.values import Language
from tests.kit.speech import house_catalogue

pytestmark = pytest.mark.unit


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_texts_of_all_files_are_found_by_their_ids(tmp_path: Path) -> None:
    write(tmp_path, "b.yaml", "menu.main:\n  zh: 请按一。\n  en: >-\n    Press\n    one.\n")
    write(tmp_path, "a.yaml", "tone.beep: {zh: 嘀, en: beep, tone: beep}\n")
    catalogue = load(tmp_path)
    assert catalogue.ids == ("tone.beep", "menu.main")
    assert len(catalogue) == 2
    assert catalogue.text("menu.main", Language.ENGLISH) == "Press one."
    assert catalogue.has("menu.main", Language.MANDARIN)
    assert not catalogue.has("menu.other", Language.MANDARIN)


def test_one_file_can_be_loaded_alone(tmp_path: Path) -> None:
    file = write(tmp_path, "a.yaml", "a.b: {zh: 好, en: fine}\n")
    assert load(file).ids == ("a.b",)


def test_the_voice_is_given_its_own_spelling(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "a.b: {zh: 重新, spoken_zh: 虫新, en: again}\n")
    (entry,) = load(tmp_path)
    assert entry.speech(Language.MANDARIN) == "虫新"
    assert entry.speech(Language.ENGLISH) == "again"
    assert entry.texts[Language.MANDARIN] == "重新"


def test_words_that_yaml_takes_for_other_things_stay_words(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "a.b: {zh: 不, en: no}\na.c: {zh: 十二, en: 12}\n")
    catalogue = load(tmp_path)
    assert catalogue.text("a.b", Language.ENGLISH) == "no"
    assert catalogue.text("a.c", Language.ENGLISH) == "12"


def test_every_fault_is_told_with_file_and_line(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a.yaml",
        "menu.main: {zh: 一, en: one}\n"
        "menu.half:\n"
        "  zh: 二\n"
        "Menu.Main: {zh: 三, en: three}\n"
        "nodots: {zh: 四, en: four}\n"
        "menu.empty:\n"
        "  zh: 五\n"
        "  en: ''\n"
        "menu.key: {zh: 六, en: six, fr: six}\n"
        "menu.twice:\n"
        "  zh: 七\n"
        "  zh: 八\n"
        "  en: seven\n"
        "menu.text: 九\n",
    )
    write(tmp_path, "b.yaml", "\nmenu.main: {zh: 一, en: one}\n")
    write(tmp_path, "c.yaml", "- a\n- b\n")
    write(tmp_path, "d.yaml", "a.b: {zh: 一\nen: [\n")
    with pytest.raises(ConfigError) as refused:
        load(tmp_path)
    faults = str(refused.value).splitlines()
    told = [fault.removeprefix(f"{tmp_path}/").split(" ", 1)[0] for fault in faults]
    assert told == [
        "a.yaml:2:",
        "a.yaml:4:",
        "a.yaml:5:",
        "a.yaml:8:",
        "a.yaml:9:",
        "a.yaml:12:",
        "a.yaml:14:",
        "a.yaml:14:",
        "b.yaml:2:",
        "c.yaml:1:",
        *[line for line in told if line.startswith("d.yaml:")],
    ]
    assert told[-1].startswith("d.yaml:")
    assert "menu.half has no text in en" in faults[0]
    assert "menu.empty: en is empty" in faults[3]
    assert "unknown key 'fr'" in faults[4]
    assert "zh stands there twice" in faults[5]
    assert f"menu.main is already at {tmp_path}/a.yaml:1" in faults[8]


def test_a_folder_without_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no prompts"):
        load(tmp_path)


def test_an_unknown_prompt_has_no_text() -> None:
    with pytest.raises(SpeechError, match=r"no prompt menu\.nowhere"):
        house_catalogue().text("menu.nowhere", Language.ENGLISH)


def test_mandarin_texts_of_the_house_hold_no_signs_that_the_voice_leaves_out() -> None:
    left_out = {
        entry.id: entry.speech(Language.MANDARIN)
        for entry in house_catalogue()
        if re.search(r"[0-9A-Za-z%*#+]", entry.speech(Language.MANDARIN))
    }
    assert left_out == {}
