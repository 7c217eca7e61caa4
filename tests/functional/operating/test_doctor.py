"""`ivrengine doctor` warns of licences, which this machine's state must not hide."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivrengine.agents.licences import today
from ivrengine.cli import doctor
from ivrengine.clock import SteadyClock

pytestmark = pytest.mark.functional

AGENTS = """\
agents:
  - number: "8001"
    name: {{zh: 陈静, en: Chen Jing}}
    skills: {{advice: 3}}
    licences: {{advice: {{number: A0150612080001, expires: {expires}}}}}
"""
QUEUES = """\
queues:
  - {name: advice, title: {zh: 投顾, en: Advice}, members: {skill: advice}}
"""


def found(folder: Path, monkeypatch: pytest.MonkeyPatch, agents: str) -> dict[str, str]:
    """Return what is found of the roster whose agents these are."""
    (folder / "agents.yaml").write_text(agents, encoding="utf-8")
    (folder / "queues.yaml").write_text(QUEUES, encoding="utf-8")
    (folder / "calendars.yaml").write_text("calendars: []\n", encoding="utf-8")
    monkeypatch.setenv("IVRENGINE_ROSTER", str(folder))
    monkeypatch.setenv("IVRENGINE_STATE_DIR", str(folder / "state"))
    # Not an address of the web, so nobody is asked for it where Asterisk is still to be fetched.
    monkeypatch.setenv("IVRENGINE_SOFTSWITCH__ARCHIVE", "file:///srv/debian")
    result = CliRunner().invoke(doctor.app, ["--json"])
    findings: list[dict[str, str]] = json.loads(result.stdout)
    (finding,) = [each for each in findings if each["about"] in ("licences", "roster")]
    return finding


@pytest.mark.parametrize(
    ("days_left", "state", "said"),
    [
        (-1, "warn", "licence A0150612080001 for advice expired on {}; the skill is gone"),
        (10, "warn", "licence A0150612080001 for advice expires on {}, in "),
        (90, "ok", "none expires within 30 days"),
    ],
)
def test_licences_are_looked_at(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    days_left: int,
    state: str,
    said: str,
) -> None:
    expires = str(today(SteadyClock()) + timedelta(days=days_left))
    finding = found(tmp_path, monkeypatch, AGENTS.format(expires=expires))
    assert finding["state"] == state
    assert said.format(expires) in finding["seen"]
    assert bool(finding["remedy"]) == (state == "warn")


def test_a_roster_with_faults_leads_to_the_command_that_lists_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = found(tmp_path, monkeypatch, "agents: [{number: 8001}]\n")
    assert (finding["about"], finding["state"]) == ("roster", "fail")
    assert "ivrengine check" in finding["remedy"] + finding["seen"]
