"""`ivrengine check` tells of licences before they expire, and keeps no file from being right."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ivrengine.agents.licences import today
from ivrengine.cli import check
from ivrengine.clock import SteadyClock

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "data" / "demo"
EXPIRES = "expires: 2029-12-31"


def told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str, days_left: int
) -> tuple[Result, str]:
    """Check the demonstration's files with one licence that expires in so many days."""
    expires = str(today(SteadyClock()) + timedelta(days=days_left))
    for name in ("agents.yaml", "queues.yaml", "calendars.yaml"):
        text = (DEMO / name).read_text("utf-8")
        if name == "agents.yaml":
            assert EXPIRES in text
            text = text.replace(EXPIRES, f"expires: {expires}", 1)
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("IVRENGINE_ROSTER", str(folder))
    return CliRunner().invoke(check.app, [str(ROOT / "dialplans" / "demo"), *words]), expires


def test_a_licence_that_expires_soon_is_warned_of_and_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, expires = told(tmp_path, monkeypatch, days_left=20)
    assert result.exit_code == 0
    (warning,) = [line for line in result.output.splitlines() if line.startswith("warning: ")]
    assert warning.startswith(
        f"warning: agent 8014: licence A0150612080014 for advice expires on {expires}, in "
    )


def test_a_licence_that_has_expired_is_said_to_have_taken_the_skill_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, expires = told(tmp_path, monkeypatch, "--json", days_left=-2)
    assert result.exit_code == 0
    (roster,) = [each for each in json.loads(result.output) if each["warnings"]]
    assert roster["findings"] == []
    assert roster["warnings"] == [
        f"agent 8014: licence A0150612080014 for advice expired on {expires}; the skill is gone"
    ]


def test_a_licence_that_lasts_is_not_spoken_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, _ = told(tmp_path, monkeypatch, days_left=40)
    assert result.exit_code == 0
    assert "warning" not in result.output
