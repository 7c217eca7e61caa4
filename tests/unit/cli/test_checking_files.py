"""`ivrengine check` over the operators' files that are no flows."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ivrengine.cli import check

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[3]


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the demonstration's data, which the settings point to."""
    folder = tmp_path / "demo"
    shutil.copytree(ROOT / "data" / "demo", folder)
    monkeypatch.setenv("IVRENGINE_ROSTER", str(folder))
    monkeypatch.setenv("IVRENGINE_LINES", str(folder / "lines.yaml"))
    monkeypatch.setenv("IVRENGINE_CUSTOMERS__DIRECTORY", str(folder / "customers.csv"))
    return folder


def told(*words: str) -> Result:
    return CliRunner().invoke(check.app, [str(ROOT / "dialplans" / "demo"), *words])


def spoil(file: Path, right: str, wrong: str) -> None:
    text = file.read_text("utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")


def test_files_that_are_right_are_told_of_with_their_size(demo: Path) -> None:
    result = told()
    assert result.exit_code == 0, result.output
    assert "40 agents, 6 queues, 3 calendars, nothing to find" in result.output
    assert "customers, nothing to find" in result.output


@pytest.mark.parametrize(
    ("file", "right", "wrong", "said"),
    [
        ("queues.yaml", "band: 2", "band: two", ":11: queues.3.band: input should be"),
        ("queues.yaml", "hours: advice-desk", "hours: advice-disk", "there is no calendar advice-"),
        ("queues.yaml", "say: queue.keys", "say: queue.kees", "there is no prompt queue.kees"),
        ("agents.yaml", "general: 1", "general: 0", "agents.yaml:"),
        ("calendars.yaml", "Asia/Shanghai", "Asia/Suzhou", "calendars.yaml:"),
        ("lines.yaml", "lines: 420", "lines: many", "lines.yaml:"),
        ("customers.csv", "80000001", "", "customers.csv:"),
    ],
)
def test_a_fault_in_any_file_is_told_with_its_place_and_ends_with_1(
    demo: Path, file: str, right: str, wrong: str, said: str
) -> None:
    spoil(demo / file, right, wrong)
    result = told()
    assert result.exit_code == 1
    assert said in result.output


def test_faults_of_several_files_are_told_at_once_and_flows_are_checked_all_the_same(
    demo: Path,
) -> None:
    spoil(demo / "queues.yaml", "band: 2", "band: two")
    spoil(demo / "lines.yaml", "lines: 420", "lines: many")
    found = json.loads(told("--json").output)
    assert [len(each["findings"]) for each in found] == [0, 1, 1, 0]
    assert found[0]["flows"] > 0
    (fault,) = found[1]["findings"]
    assert (fault["file"], fault["column"]) == ("queues.yaml", 11)


def test_files_that_are_not_there_are_named(demo: Path) -> None:
    (demo / "agents.yaml").unlink()
    result = told()
    assert result.exit_code == 1
    assert "agents.yaml: No such file or directory" in result.output
