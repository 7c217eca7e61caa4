"""The folders, links and secrets of one instance."""

from pathlib import Path

import pytest

from ivrengine.errors import ConfigError
from ivrengine.softswitch.local.installation import Installation
from ivrengine.softswitch.local.instance import load_or_make_secrets, paths_of, prepare

pytestmark = pytest.mark.unit


def _installation(data: Path) -> Installation:
    return Installation(
        asterisk=Path("/opt/asterisk"), version="22.10.1", modules=Path("/opt/m"), data=data
    )


def test_secrets_are_made_once_and_kept_private(tmp_path: Path) -> None:
    paths = paths_of(tmp_path)
    first, again = load_or_make_secrets(paths), load_or_make_secrets(paths)
    assert first == again
    values = {first.ari.reveal(), first.ami.reveal(), first.events.reveal()}
    assert len(values) == 3
    assert all(len(value) >= 32 for value in values)
    assert paths.secrets.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in paths.secrets.iterdir()} == {0o600}
    assert {file.name for file in paths.secrets.iterdir()} == {"ari", "ami", "events"}


def test_secrets_do_not_show_in_a_representation(tmp_path: Path) -> None:
    secrets = load_or_make_secrets(paths_of(tmp_path))
    assert secrets.ari.reveal() not in repr(secrets)


def test_data_links_follow_the_installation_in_use(tmp_path: Path) -> None:
    paths = paths_of(tmp_path / "state")
    for version in ("old", "new"):
        prepare(paths, _installation(tmp_path / version))
        assert (paths.data / "rest-api").readlink() == tmp_path / version / "rest-api"
    assert (paths.data / "sounds/ivr").resolve() == paths.prompts


def test_a_folder_in_the_place_of_a_link_is_not_removed(tmp_path: Path) -> None:
    paths = paths_of(tmp_path)
    (paths.data / "rest-api").mkdir(parents=True)
    with pytest.raises(ConfigError, match="in the way"):
        prepare(paths, _installation(tmp_path))
    assert (paths.data / "rest-api").is_dir()


def test_a_deep_state_folder_keeps_its_control_socket_within_the_limit(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 30)
    paths, same = paths_of(deep), paths_of(deep)
    assert len(str(paths.control_socket)) <= 107
    assert paths.run == same.run
    assert paths.run != paths_of(tmp_path / ("other" * 30)).run
    assert paths.etc.is_relative_to(deep)


def test_the_beep_that_ari_plays_is_the_one_of_the_prompts(tmp_path: Path) -> None:
    paths = paths_of(tmp_path / "state")
    prepare(paths, _installation(tmp_path))
    for suffix in ("alaw", "ulaw"):
        laid_out = paths.prompts / f"zh/tone/beep.{suffix}"
        laid_out.parent.mkdir(parents=True, exist_ok=True)
        laid_out.write_text(suffix)
        assert (paths.data / f"sounds/beep.{suffix}").read_text() == suffix
