import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from ivrengine.config import PROJECT, Settings
from tests.kit.metric_names import asked_for, shown_by_engine

pytestmark = pytest.mark.unit

DOCKER = PROJECT / "docker"
BOARDS = sorted((DOCKER / "grafana/boards").glob("*.json"))
RULES = sorted((DOCKER / "prometheus").glob("rules.yml"))


def _yaml(file: Path) -> Any:
    return YAML(typ="safe").load(file)


def _panels(board: Path) -> list[dict[str, Any]]:
    return [panel for panel in json.loads(board.read_text())["panels"] if panel["type"] != "row"]


def _expressions() -> Iterator[tuple[str, str]]:
    for board in BOARDS:
        for panel in _panels(board):
            for target in panel["targets"]:
                yield f"{board.stem}: {panel['title']}", target["expr"]
        for mark in json.loads(board.read_text())["annotations"]["list"]:
            yield f"{board.stem}: {mark['name']}", mark["expr"]
    for file in RULES:
        for group in _yaml(file)["groups"]:
            for rule in group["rules"]:
                yield f"alert {rule['alert']}", rule["expr"]


EXPRESSIONS = list(_expressions())


@pytest.mark.parametrize("expression", [e for _, e in EXPRESSIONS], ids=[w for w, _ in EXPRESSIONS])
def test_a_panel_or_an_alert_names_only_metrics_that_exist(expression: str) -> None:
    asked = asked_for(expression)

    assert asked
    assert asked <= shown_by_engine()


def test_every_metric_of_the_engine_can_be_seen_on_a_board() -> None:
    own = {name for name in shown_by_engine() if name.startswith(("ivr_", "acd_"))}
    families = {
        name.removesuffix("_bucket") for name in own if not name.endswith(("_sum", "_count"))
    }
    seen = set().union(*(asked_for(expression) for _, expression in EXPRESSIONS))

    assert {name for name in families if not any(found.startswith(name) for found in seen)} == set()


def test_names_are_told_from_functions_labels_and_numbers() -> None:
    expression = (
        'histogram_quantile(0.99, sum by (le, job) (rate(wait_bucket{to=~"a}b"}[5m])))'
        " / on (job) clamp_min(sum without (x) (calls), 1e6) > 0 unless up offset 5m"
    )

    assert asked_for(expression) == {"wait_bucket", "calls", "up"}


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.stem)
def test_panels_of_a_board_have_their_own_places_and_numbers(board: Path) -> None:
    everything = json.loads(board.read_text())["panels"]
    places = [panel["gridPos"] for panel in everything]

    assert len({panel["id"] for panel in everything}) == len(everything)
    assert all(place["x"] + place["w"] <= 24 for place in places)
    assert not [pair for pair in combinations(places, 2) if _overlap(*pair)]


def _overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    return (
        one["x"] < other["x"] + other["w"]
        and other["x"] < one["x"] + one["w"]
        and one["y"] < other["y"] + other["h"]
        and other["y"] < one["y"] + one["h"]
    )


def test_boards_read_from_the_source_that_is_set_up() -> None:
    sources = _yaml(DOCKER / "grafana/provisioning/datasources/prometheus.yaml")["datasources"]
    asked = {
        target["datasource"]["uid"]
        for board in BOARDS
        for panel in _panels(board)
        for target in panel["targets"]
    }

    assert asked == {source["uid"] for source in sources}


def test_the_engine_is_read_where_it_listens_by_default() -> None:
    listens = Settings.model_fields
    jobs = _yaml(DOCKER / "prometheus/prometheus.yml")["scrape_configs"]
    targets = {job["job_name"]: job["static_configs"][0]["targets"] for job in jobs}

    assert targets["engine"] == [
        f"{listens['http_address'].default}:{listens['http_port'].default}"
    ]


def test_every_alert_tells_what_is_the_matter_and_how_urgent_it_is() -> None:
    rules = [rule for file in RULES for group in _yaml(file)["groups"] for rule in group["rules"]]

    assert all(rule["annotations"]["summary"] for rule in rules)
    assert {rule["labels"]["severity"] for rule in rules} <= {"page", "warn"}
