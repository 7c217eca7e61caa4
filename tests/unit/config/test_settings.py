"""Settings come from file and environment, say where from, and refuse what is wrong."""

from pathlib import Path

import pytest

from ivrengine.config import effective, load_settings
from ivrengine.errors import ConfigError

pytestmark = pytest.mark.unit


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "ivrengine.toml"
    monkeypatch.setenv("IVRENGINE_CONFIG", str(path))
    return path


def test_without_file_or_environment_the_defaults_hold(config: Path) -> None:
    settings = load_settings()
    assert settings.profile == "demo"
    assert settings.softswitch.sip_port == 5060
    assert [n.number for n in settings.numbers] == ["952588", "8008202588"]
    assert {entry.origin for entry in effective(settings)} == {"default"}


def test_the_environment_wins_over_the_file_and_both_are_named(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("http_port = 9001\n[softswitch]\nsip_port = 5070\nhttp_port = 8089\n")
    monkeypatch.setenv("IVRENGINE_SOFTSWITCH__SIP_PORT", "5071")
    settings = load_settings()
    shown = {entry.key: (entry.value, entry.origin) for entry in effective(settings)}
    assert shown["softswitch.sip_port"] == ("5071", "environment")
    assert shown["softswitch.http_port"] == ("8089", "ivrengine.toml")
    assert shown["http_port"] == ("9001", "ivrengine.toml")


def test_every_setting_says_what_it_is(config: Path) -> None:
    undescribed = [entry.key for entry in effective(load_settings()) if not entry.description]
    assert undescribed == []


def test_every_fault_is_named_at_once(config: Path) -> None:
    config.write_text('http_port = 80\nprofil = "demo"\n[softswitch]\nsip_port = "x"\n')
    with pytest.raises(ConfigError) as caught:
        load_settings()
    message = str(caught.value)
    assert "http_port" in message
    assert "profil" in message
    assert "softswitch.sip_port" in message
    assert str(config) in caught.value.remedy


def test_a_file_that_is_no_toml_is_named(config: Path) -> None:
    config.write_text("http_port = = 1\n")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_settings()


def test_production_refuses_demonstration_passwords(config: Path) -> None:
    config.write_text('profile = "production"\n')
    with pytest.raises(ConfigError, match="demonstration passwords"):
        load_settings()


def test_secrets_are_masked(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVRENGINE_STORAGE__URL", "postgresql://u:hunter2@h/db")
    assert not any("hunter2" in entry.value for entry in effective(load_settings()))
