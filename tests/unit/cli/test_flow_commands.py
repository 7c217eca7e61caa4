"""The commands that work on flows: what they print, and what they end with."""

import json
import os
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ivrengine.cli import check, graph, simulate, test_flows
from ivrengine.errors import ConfigError
from tests.kit.flows import AROUND, DEMO, main_flow

pytestmark = pytest.mark.unit

APPS = {
    "check": check.app,
    "graph": graph.app,
    "simulate": simulate.app,
    "test-flows": test_flows.app,
}
PASSING = "tests: {it ends: {steps: [{presses: '1'}, {hears: system.goodbye}, ends]}}"


def told(*words: str) -> Result:
    return CliRunner().invoke(APPS[words[0]], words[1:])


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    """Flows of which the check has something to say, with a test that passes."""
    said = ("menu.main", "queue.consent", "common.offer_person", "system.error", "system.goodbye")
    known = dict(zip(("menu", "consent", "offer", "sorry", "bye"), said, strict=True))
    for file, text in {**AROUND, "main.yaml": main_flow("  first: {hang_up: say.bye}")}.items():
        for word in ("nothing", "help", "wrong"):
            text = text.replace(f"say.{word}", "common.no_input")
        for word, prompt in known.items():
            text = text.replace(f"say.{word}", prompt)
        (tmp_path / file).write_text(text)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "ends.yaml").write_text(PASSING)
    return tmp_path


def test_flows_that_are_right_are_told_so_with_their_version(flows: Path) -> None:
    result = told("check", str(flows))
    assert (result.exit_code, "nothing to find" in result.stdout) == (0, True)


def test_a_finding_stands_with_its_file_and_line_and_ends_with_1(flows: Path) -> None:
    (flows / "main.yaml").write_text(main_flow("  first: {hang_up: system.godbye}"))
    result = told("check", str(flows))
    assert result.exit_code == 1
    assert "main.yaml:8: there is no prompt system.godbye in zh" in result.stdout
    found = json.loads(told("check", str(flows), "--json").stdout)
    assert found[0]["version"] == ""
    lines = {(finding["line"], finding["message"]) for finding in found[0]["findings"]}
    assert (8, "there is no prompt system.godbye in en") in lines


def test_a_failed_flow_test_shows_what_was_heard_and_ends_with_1(flows: Path) -> None:
    (flows / "tests" / "ends.yaml").write_text(PASSING.replace("hears: s", "hears_next: s"))
    result = told("test-flows", str(flows))
    assert result.exit_code == 1
    assert "ends.yaml:1: it ends: menu.main was said and not system.goodbye" in result.stdout
    assert "hear      menu.main" in result.stdout


def test_results_of_several_business_lines_are_one_list(flows: Path) -> None:
    (flows.parent / "lines").mkdir()
    for line in ("one", "two"):
        (flows.parent / "lines" / line).symlink_to(flows)
    result = told("test-flows", str(flows.parent / "lines"), "--json")
    assert result.exit_code == 0
    assert [[test["passed"] for test in line["tests"]] for line in json.loads(result.stdout)] == [
        [True],
        [True],
    ]


def test_a_selection_that_holds_no_test_is_no_success(flows: Path) -> None:
    result = told("test-flows", str(flows), "--only", "nothing of this name")
    assert isinstance(result.exception, ConfigError)


def test_an_unknown_flow_is_told_with_the_nearest_name() -> None:
    fault = told("graph", "quots").exception
    assert isinstance(fault, ConfigError)
    assert fault.remedy == "did you mean quotes?"


def test_typed_keys_are_pressed_and_texts_are_printed() -> None:
    result = told("simulate", str(DEMO), "--keys", "2111600519q")
    assert result.exit_code == 0
    assert "Welcome to the securities service line." in result.stdout
    assert "quotes.ask_code 160051 matched" in result.stdout


def test_quotes_come_from_the_list_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = "code,name_zh,name_en,market,kind,price_tick,lot_size,limit_pct,demo_price"
    securities = tmp_path / "securities.csv"
    securities.write_text(
        f"{columns}\n600036,招商银行,China Merchants Bank,SH,share,0.01,100,10,40\n"
    )
    monkeypatch.setenv("IVRENGINE_QUOTES__SECURITIES", str(securities))
    assert "There is no security" in told("simulate", str(DEMO), "--keys", "211600519q").stdout
    assert "last price" in told("simulate", str(DEMO), "--keys", "211600036q").stdout


def test_keys_that_are_pasted_are_all_pressed_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as typed, os.fdopen(writing, "w") as pasted:
        pasted.write("21q")
        pasted.flush()
        monkeypatch.setattr(sys, "stdin", typed)
        simulate.simulate(DEMO, speed=100)
    assert "Please note that these are demonstration prices" in capsys.readouterr().out
