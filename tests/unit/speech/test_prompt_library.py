"""The prompts of this repository: every text has its sound, made of the text as it stands."""

from pathlib import Path

import pytest

from ivrengine.speech.masters import MUSIC, SUFFIX, file_digest, load_manifest, master_path
from ivrengine.speech.rendering import Studio
from ivrengine.speech.settings import SpeechSettings
from ivrengine.speech.voices.kokoro import KokoroEngine
from ivrengine.values import Language
from tests.kit.speech import PROMPTS, house_catalogue

pytestmark = pytest.mark.unit

_MEGABYTE = 1_000_000


def test_every_text_was_rendered_as_it_stands(tmp_path: Path) -> None:
    settings = SpeechSettings()
    studio = Studio(
        PROMPTS, house_catalogue(), engine=KokoroEngine(tmp_path, settings), settings=settings
    )
    assert studio.due() == (), "run `make prompts`"


@pytest.mark.parametrize("language", Language)
def test_masters_are_those_that_the_manifest_names(language: Language) -> None:
    manifest = load_manifest(PROMPTS, language)
    files = {master_path(PROMPTS, language, prompt_id) for prompt_id in manifest}
    assert set((PROMPTS / language).rglob(f"*{SUFFIX}")) == files
    wrong = [
        prompt_id
        for prompt_id, record in manifest.items()
        if file_digest(master_path(PROMPTS, language, prompt_id)) != record.audio
    ]
    assert wrong == []


@pytest.mark.parametrize("language", Language)
def test_no_prompt_keeps_a_caller_listening_for_half_a_minute(language: Language) -> None:
    long = {
        prompt_id: record.duration_s
        for prompt_id, record in load_manifest(PROMPTS, language).items()
        if not 0.1 <= record.duration_s <= 20
    }
    assert long == {}


def test_the_library_is_small_and_has_music() -> None:
    masters = [file for file in PROMPTS.rglob(f"*{SUFFIX}")]
    assert (PROMPTS / MUSIC / f"hold{SUFFIX}") in masters
    assert sum(file.stat().st_size for file in masters) < 40 * _MEGABYTE
