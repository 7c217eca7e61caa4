import pytest
from rich.text import Text

from ivrengine.cli import watching

pytestmark = pytest.mark.unit


def test_a_table_is_printed_once(capsys: pytest.CaptureFixture[str]) -> None:
    watching.show(lambda: Text("as it stands"), watch=False)
    assert capsys.readouterr().out.count("as it stands") == 1


def test_watching_shows_every_change_until_ctrl_c_and_ends_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(watching, "EVERY_S", 0)
    pictures = iter(["first", "second", "third"])

    def render() -> Text:
        try:
            return Text(next(pictures))
        except StopIteration:
            raise KeyboardInterrupt from None

    watching.show(render, watch=True)
    assert next(pictures, None) is None
    assert "third" in capsys.readouterr().out
