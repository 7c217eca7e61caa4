"""Choosing which Asterisk to run."""

from pathlib import Path

import pytest

from ivrengine.errors import ConfigError
from ivrengine.softswitch.local.installation import locate, locate_test_tools
from ivrengine.softswitch.settings import SoftswitchSettings

pytestmark = pytest.mark.unit


def _asterisk(prefix: Path, says: str, *, complete: bool = True) -> Path:
    program = prefix / "sbin/asterisk"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)
    if complete:
        modules = prefix / "lib/asterisk/modules"
        modules.mkdir(parents=True)
        for name in ("chan_pjsip", "res_ari", "res_websocket_client", "pbx_config"):
            (modules / f"{name}.so").touch()
        for name in ("documentation", "rest-api"):
            (prefix / "share/asterisk" / name).mkdir(parents=True)
    return program


def test_a_configured_asterisk_is_taken_with_its_modules_and_data(tmp_path: Path) -> None:
    program = _asterisk(tmp_path, "Asterisk 23.1.0")
    found = locate(SoftswitchSettings(asterisk_path=program))
    assert found is not None
    assert found.version == "23.1.0"
    assert found.modules == tmp_path / "lib/asterisk/modules"
    assert found.data == tmp_path / "share/asterisk"


@pytest.mark.parametrize("says", ["Asterisk 22.9.0", "Asterisk 18.10.0~dfsg+~cs6.10", "Asterisk 9"])
def test_a_configured_asterisk_that_is_too_old_is_refused(tmp_path: Path, says: str) -> None:
    program = _asterisk(tmp_path, says)
    with pytest.raises(ConfigError, match="too old") as fault:
        locate(SoftswitchSettings(asterisk_path=program))
    assert "22.10 or newer" in fault.value.remedy


def test_a_configured_asterisk_without_its_parts_is_refused(tmp_path: Path) -> None:
    program = _asterisk(tmp_path, "Asterisk 99.0.0", complete=False)
    with pytest.raises(ConfigError, match=r"chan_pjsip\.so"):
        locate(SoftswitchSettings(asterisk_path=program))


def test_something_that_is_no_asterisk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not start"):
        locate(SoftswitchSettings(asterisk_path=tmp_path / "nothing"))


def test_an_asterisk_on_path_is_taken_unless_it_is_too_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = SoftswitchSettings(cache_dir=tmp_path / "empty")
    monkeypatch.setenv("PATH", f"{_asterisk(tmp_path / 'new', 'Asterisk 22.10.1').parent}:/bin")
    found = locate(settings)
    assert found is not None
    assert found.version == "22.10.1"
    monkeypatch.setenv("PATH", f"{_asterisk(tmp_path / 'old', 'Asterisk 20.1.0').parent}:/bin")
    assert locate(settings) is None


def test_tools_that_were_never_fetched_are_not_found(tmp_path: Path) -> None:
    assert locate_test_tools(SoftswitchSettings(cache_dir=tmp_path)) is None
