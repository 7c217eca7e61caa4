from pathlib import Path

import pytest

from ivrengine.errors import ConfigError, SpeechError
from ivrengine.speech.catalogue import Catalogue, load
from ivrengine.speech.finishing import speech_level_dbfs
from ivrengine.speech.masters import SAMPLE_RATE_HZ, load_manifest, master_path, read_master
from ivrengine.speech.rendering import Rendering, Studio
from ivrengine.speech.settings import SpeechSettings
from ivrengine.values import Language, PromptId
from tests.kit.speech import HummingEngine

pytestmark = pytest.mark.unit

TEXTS = """
menu.main: {zh: 股票行情请按一。, en: "For share quotes, press one."}
num.1: {zh: 一, en: one}
num.2: {zh: 二, en: two}
tone.beep: {zh: 嘀, en: beep, tone: beep}
"""


def catalogue(folder: Path, texts: str = TEXTS) -> Catalogue:
    file = folder / "texts.yaml"
    file.write_text(texts, encoding="utf-8")
    return load(file)


def studio(folder: Path, engine: HummingEngine, texts: str = TEXTS, **settings: float) -> Studio:
    return Studio(
        folder,
        catalogue(folder, texts),
        engine=engine,
        settings=SpeechSettings.model_validate(settings),
    )


def test_everything_is_rendered_the_first_time_and_nothing_the_second(tmp_path: Path) -> None:
    engine = HummingEngine()
    first = studio(tmp_path, engine)
    assert len(first.due()) == 8
    assert first.render(speakers=2) == Rendering(rendered=8, unchanged=0, removed=0)
    files = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.opus")}
    assert len(files) == 8
    again = studio(tmp_path, engine)
    assert again.due() == ()
    assert again.render(speakers=2) == Rendering(rendered=0, unchanged=8, removed=0)
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.opus")} == files


def test_short_texts_of_a_language_are_said_as_one_list(tmp_path: Path) -> None:
    engine = HummingEngine()
    studio(tmp_path, engine).render(speakers=1)
    assert sorted(engine.said) == [
        ("For share quotes, press one.",),
        ("one", "two"),
        ("一", "二"),
        ("股票行情请按一。",),
    ]


def test_only_a_text_that_differs_is_rendered_again(tmp_path: Path) -> None:
    studio(tmp_path, HummingEngine()).render(speakers=1)
    engine = HummingEngine()
    altered = studio(tmp_path, engine, TEXTS.replace("press one", "press two"))
    assert altered.due() == ((PromptId("menu.main"), Language.ENGLISH),)
    altered.render(speakers=1)
    assert engine.said == [("For share quotes, press two.",)]


def test_another_loudness_renders_everything_again(tmp_path: Path) -> None:
    studio(tmp_path, HummingEngine()).render(speakers=1)
    assert len(studio(tmp_path, HummingEngine(), loudness_dbfs=-24.0).due()) == 8


def test_a_master_that_was_lost_is_rendered_again(tmp_path: Path) -> None:
    studio(tmp_path, HummingEngine()).render(speakers=1)
    master_path(tmp_path, Language.ENGLISH, "num.1").unlink()
    assert studio(tmp_path, HummingEngine()).due() == ((PromptId("num.1"), Language.ENGLISH),)


def test_a_prompt_without_a_text_loses_its_masters(tmp_path: Path) -> None:
    studio(tmp_path, HummingEngine()).render(speakers=1)
    fewer = TEXTS.replace("num.2: {zh: 二, en: two}\n", "")
    assert studio(tmp_path, HummingEngine(), fewer).render(speakers=1).removed == 2
    assert not master_path(tmp_path, Language.MANDARIN, "num.2").exists()
    assert PromptId("num.2") not in load_manifest(tmp_path, Language.MANDARIN)


def test_masters_are_trimmed_and_at_the_level_asked_for(tmp_path: Path) -> None:
    studio(tmp_path, HummingEngine()).render(speakers=1)
    samples = read_master(master_path(tmp_path, Language.MANDARIN, "num.1"))
    # The hum lasts 0.25 s; a fragment keeps 12 ms of air at both ends.
    assert len(samples) / SAMPLE_RATE_HZ == pytest.approx(0.274, abs=0.006)
    assert speech_level_dbfs(samples) == pytest.approx(-20, abs=0.7)
    record = load_manifest(tmp_path, Language.MANDARIN)[PromptId("num.1")]
    assert record.duration_s == pytest.approx(len(samples) / SAMPLE_RATE_HZ, abs=0.001)
    assert record.engine == "hum"


def test_progress_is_told_up_to_the_end(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    studio(tmp_path, HummingEngine()).render(
        speakers=1, progress=lambda done, due: steps.append((done, due))
    )
    assert steps[-1] == (8, 8)
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)


def test_what_was_done_before_a_failure_is_kept(tmp_path: Path) -> None:
    texts = TEXTS.replace("num.1", "zz.1").replace("num.2", "zz.2")
    failing = studio(tmp_path, HummingEngine(mute=["二"]), texts)
    with pytest.raises(SpeechError, match="silent"):
        failing.render(speakers=1)
    due = studio(tmp_path, HummingEngine(), texts).due()
    assert (PromptId("menu.main"), Language.MANDARIN) not in due
    assert (PromptId("zz.2"), Language.MANDARIN) in due


def test_a_tone_that_nobody_can_make_is_refused(tmp_path: Path) -> None:
    texts = TEXTS.replace("tone: beep", "tone: gong")
    with pytest.raises(ConfigError, match="gong"):
        studio(tmp_path, HummingEngine(), texts).render(speakers=1)
