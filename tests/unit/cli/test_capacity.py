"""The calculator in the terminal: what is asked, what is answered, and how mistakes are told."""

import json

import pytest
from click.testing import Result
from typer.testing import CliRunner

from ivrengine.cli.capacity import app

pytestmark = pytest.mark.unit

LOAD = ["--calls-per-hour", "6000", "--shrinkage", "30", "--reserved", "trading=5%"]


def asked(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "120"})


def test_a_load_is_answered_with_agents_lines_and_nodes() -> None:
    done = asked(*LOAD)
    assert done.exit_code == 0
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["Erlang", "C", "66", "95"] in [row[:4] for row in rows]
    assert ["Erlang", "A", "60", "86"] in [row[:4] for row in rows]
    assert any(row[:1] == ["trading"] for row in rows)
    assert any(row[:1] == ["9,000"] for row in rows)
    assert "what there is" not in done.stdout


def test_json_has_the_same_figures_without_their_looks() -> None:
    done = asked(*LOAD, "--json", "--agents", "20")
    answer = json.loads(done.stdout)
    assert answer["needed"]["staff"]["erlang_a"]["agents"] == 60
    assert answer["given"]["staff"]["erlang_c"]["mean_wait_s"] is None
    assert [step["demand"]["calls_per_hour"] for step in answer["steps"]] == [
        1500,
        3000,
        4500,
        6000,
        7500,
        9000,
    ]


def test_without_a_load_the_load_that_is_borne_is_answered() -> None:
    done = asked("--group", "main=87.5%:420", "--group", "tollfree=12.5%:60", "--agents", "150")
    assert done.exit_code == 0
    for word in ("lines of main", "lines of tollfree", "agents, Erlang A", "all together"):
        assert word in done.stdout


def test_cores_that_take_twice_as_long_are_twice_as_busy() -> None:
    engine, softswitch = (
        [
            json.loads(asked(*LOAD, "--json", "--pace", pace).stdout)["needed"]["nodes"][part]
            for pace in ("0.8", "1.6")
        ]
        for part in ("engine_cores", "switch_cores")
    )
    assert engine[1] == pytest.approx(2 * engine[0])
    assert softswitch[1] == pytest.approx(2 * softswitch[0])
    assert "take 0.8 ms" in asked(*LOAD, "--pace", "0.8").stdout


def test_steps_and_service_level_are_read_as_people_write_them() -> None:
    done = asked(*LOAD, "--service-level", "90% / 10s", "--steps", "10%, 200", "--json")
    answer = json.loads(done.stdout)
    assert [step["demand"]["calls_per_hour"] for step in answer["steps"]] == [600, 12_000]
    assert answer["needed"]["staff"]["erlang_a"]["served_in_time"] >= 0.9


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "nothing to bear a load"),
        ([*LOAD, "--service-level", "80"], "--service-level is like 80/20"),
        ([*LOAD, "--service-level", "100/20"], "lies between 0 and 1"),
        ([*LOAD, "--reserved", "trading"], "--reserved is like"),
        ([*LOAD, "--reserved", "most=99%"], "leave nothing to others"),
        ([*LOAD, "--group", "main=50%"], "add up to 50.0%"),
        ([*LOAD, "--group", "main=100%:0"], "has no lines"),
        ([*LOAD, "--group", "main=100%", "--lines", "4"], "say the lines of each"),
        ([*LOAD, "--steps", "0,100"], "--steps is like"),
        (["--agents", "5", "--share-person", "0"], "nothing to bear a load"),
    ],
)
def test_a_mistake_is_told_in_words(arguments: list[str], told: str) -> None:
    done = asked(*arguments)
    assert done.exit_code == 2
    words = " ".join(done.output.replace("│", " ").split())
    assert told in words
