from collections.abc import Sequence
from pathlib import Path

import pytest

from ivrengine.speech.catalogue import load
from ivrengine.speech.recipes import Length, Recipe, length_of, lists, recipe
from ivrengine.speech.settings import SpeechSettings
from ivrengine.values import Language
from tests.kit.speech import HummingEngine

pytestmark = pytest.mark.unit

SETTINGS = SpeechSettings()


def recipes(folder: Path, texts: str) -> Sequence[Recipe]:
    file = folder / "texts.yaml"
    file.write_text(texts, encoding="utf-8")
    engine = HummingEngine()
    return [
        recipe(entry, Language.MANDARIN, engine=engine, settings=SETTINGS) for entry in load(file)
    ]


@pytest.mark.parametrize(
    ("text", "language", "length"),
    [
        ("六", Language.MANDARIN, Length.SYLLABLE),
        ("元。", Language.MANDARIN, Length.SYLLABLE),
        ("二十一", Language.MANDARIN, Length.FRAGMENT),
        ("创业板五十指数", Language.MANDARIN, Length.SENTENCE),
        ("six", Language.ENGLISH, Length.SYLLABLE),
        ("eight.", Language.ENGLISH, Length.SYLLABLE),
        ("one thousand", Language.ENGLISH, Length.FRAGMENT),
        ("Thank you for calling.", Language.ENGLISH, Length.SENTENCE),
    ],
)
def test_texts_are_classed_by_how_much_is_said(
    text: str, language: Language, length: Length
) -> None:
    assert length_of(text, language) is length


def test_shorter_texts_have_a_slower_pace(tmp_path: Path) -> None:
    single, fragment, sentence = recipes(
        tmp_path,
        "a.a: {zh: 六, en: six}\na.b: {zh: 六百, en: x}\na.c: {zh: 感谢您的来电再见。, en: x}\n",
    )
    assert single.manner.speed < fragment.manner.speed < sentence.manner.speed
    assert single.manner.voice == "hum-zh"


def test_lists_hold_ten_of_one_manner_and_sentences_stand_alone(tmp_path: Path) -> None:
    texts = "".join(f"num.{number}: {{zh: 六十, en: sixty}}\n" for number in range(12))
    texts += "a.b: {zh: 感谢您的来电再见。, en: thanks}\na.c: {zh: 六, en: six}\n"
    texts += "tone.beep: {zh: 嘀, en: beep, tone: beep}\n"
    sizes = [[one.id for one in spoken] for spoken in lists(recipes(tmp_path, texts))]
    assert [len(ids) for ids in sizes] == [10, 1, 1, 2, 1]
    assert sizes[1:3] == [["a.b"], ["tone.beep"]]
    assert sizes[4] == ["a.c"]


def test_a_recipe_changes_with_its_text_and_with_nothing_else_of_its_entry(tmp_path: Path) -> None:
    first, renamed, other = recipes(
        tmp_path,
        "a.a: {zh: 六, en: six}\na.b: {zh: 六, en: half a dozen}\na.c: {zh: 七, en: six}\n",
    )
    assert first.digest == renamed.digest
    assert first.digest != other.digest
