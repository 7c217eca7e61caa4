import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivrengine.cli.prompts import app
from ivrengine.speech.catalogue import load
from ivrengine.speech.masters import SAMPLE_RATE_HZ
from ivrengine.speech.rendering import Studio
from ivrengine.speech.settings import SpeechSettings
from tests.kit.speech import HummingEngine

pytestmark = pytest.mark.unit


class NamedLikeKokoro(HummingEngine):
    """Hums under the name and with the voices of the real engine, so that its work counts."""

    name = "kokoro"

    def voice_of(self, language: object) -> str:
        return "zf_xiaoxiao" if language == "zh" else "af_heart"


@pytest.fixture
def prompts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "prompts"
    texts = folder / "texts"
    texts.mkdir(parents=True)
    (texts / "a.yaml").write_text(
        "menu.main: {zh: 请按一, en: press one}\n"
        "num.12: {zh: 十二, en: twelve}\n"
        "num.point: {zh: 点, en: point}\n"
        "num.0: {zh: 零, en: zero}\n"
        "num.5: {zh: 五, en: five}\n"
        "unit.yuan: {zh: 元。, en: yuan.}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("IVRENGINE_PROMPTS", str(folder))
    monkeypatch.setenv("IVRENGINE_STATE_DIR", str(tmp_path / "state"))
    return folder


def hum(prompts: Path) -> None:
    engine = NamedLikeKokoro()
    catalogue = load(prompts / "texts")
    Studio(prompts, catalogue, engine=engine, settings=SpeechSettings()).render(speakers=1)


@pytest.mark.usefixtures("prompts")
def test_say_prints_the_fragments_of_a_read_out() -> None:
    done = CliRunner().invoke(app, ["say", "12.05", "--as", "price", "--json"])
    assert done.exit_code == 0
    rows = json.loads(done.stdout)
    assert [row["text"] for row in rows] == ["十二", "点", "零", "五", "元。"]
    assert rows[-1]["id"] == "unit.yuan"


@pytest.mark.usefixtures("prompts")
def test_a_reading_that_does_not_exist_is_misuse() -> None:
    assert CliRunner().invoke(app, ["say", "12", "--as", "roman"]).exit_code == 2


@pytest.mark.usefixtures("prompts")
def test_check_fails_while_texts_have_no_sound() -> None:
    done = CliRunner().invoke(app, ["check", "--json"])
    assert done.exit_code == 1
    rows = json.loads(done.stdout)
    assert {"id": "menu.main", "language": "zh", "fault": "has no audio"} in rows
    assert len(rows) == 24


def test_check_passes_when_every_text_has_its_sound(prompts: Path) -> None:
    hum(prompts)
    done = CliRunner().invoke(app, ["check"])
    assert done.exit_code == 0, done.stdout
    assert "6 prompts in 2 languages are sound" in done.stderr


def test_list_tells_texts_and_lengths_of_a_group(prompts: Path) -> None:
    hum(prompts)
    done = CliRunner().invoke(app, ["list", "menu", "--json"])
    (row,) = json.loads(done.stdout)
    assert (row["id"], row["zh"], row["en"]) == ("menu.main", "请按一", "press one")
    assert row["zh_s"] == pytest.approx(0.774, abs=0.01)


def test_install_lays_everything_out_below_the_state_folder(prompts: Path, tmp_path: Path) -> None:
    hum(prompts)
    done = CliRunner().invoke(app, ["install"])
    assert done.exit_code == 0
    assert "12 installed" in done.stderr
    installed = tmp_path / "state" / "prompts" / "zh" / "menu" / "main.ulaw"
    assert installed.stat().st_size == pytest.approx(0.774 * SAMPLE_RATE_HZ / 3, abs=160)
