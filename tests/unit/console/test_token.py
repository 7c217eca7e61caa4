import stat
from pathlib import Path

import pytest

from ivrengine.console.token import TOKEN_FILE, load_token, read_token
from ivrengine.errors import ConfigError

pytestmark = pytest.mark.unit


def test_the_first_start_makes_a_token_that_later_starts_keep(tmp_path: Path) -> None:
    first = load_token(tmp_path / "state")
    assert len(first) >= 32
    assert load_token(tmp_path / "state") == first == read_token(tmp_path / "state")
    assert load_token(tmp_path / "another") != first


def test_only_the_owner_may_read_the_token(tmp_path: Path) -> None:
    load_token(tmp_path)
    path = tmp_path / TOKEN_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    load_token(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == [TOKEN_FILE]


def test_a_token_shows_itself_nowhere_by_accident(tmp_path: Path) -> None:
    token = load_token(tmp_path)
    assert token.reveal() not in f"{token!r} {token}"


@pytest.mark.parametrize("left", ["", "short", "\n\n", "密" * 40])
def test_a_file_that_holds_no_token_is_refused(tmp_path: Path, left: str) -> None:
    (tmp_path / TOKEN_FILE).write_text(left)
    with pytest.raises(ConfigError) as caught:
        load_token(tmp_path)
    assert "remove it" in caught.value.remedy


def test_without_a_token_the_reader_learns_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_token(tmp_path)
    assert "ivrengine run" in caught.value.remedy
