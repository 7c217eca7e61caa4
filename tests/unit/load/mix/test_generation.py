"""The files for SIPp: well formed, complete, and the same for the same seed."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from ivrengine.load.mix.generation import generate
from ivrengine.load.mix.reading import load_mix
from ivrengine.load.mix.script import read_script
from ivrengine.load.plan import MIX

pytestmark = pytest.mark.unit

TRUNKS = ("main", "tollfree")


def test_each_group_gets_a_list_whose_every_line_can_be_acted(tmp_path: Path) -> None:
    files = generate(load_mix(MIX), tmp_path / "new", trunks=TRUNKS, seed=1, callers=50)
    assert [file.name for file in files.callers] == ["main.csv", "tollfree.csv"]
    for file in files.callers:
        first, *lines = file.read_text().splitlines()
        assert first == "SEQUENTIAL"
        assert len(lines) == 50
        for line in lines:
            _, telephone, script = line.split(";")
            assert telephone.isdecimal()
            assert read_script(script)


def test_the_scenario_tells_every_way_in_which_a_call_can_end(tmp_path: Path) -> None:
    files = generate(load_mix(MIX), tmp_path, trunks=TRUNKS, seed=1, callers=1)
    scenario = ElementTree.parse(files.scenario).getroot()
    labels = {label.get("id") for label in scenario.iter("label")}
    aims = {step.get(way) for step in scenario.iter() for way in ("next", "ontimeout")} - {None}
    assert aims <= labels
    statuses = {step.get("response") for step in scenario.iter("recv")}
    assert {"480", "486", "503"} <= statuses
    [again] = [pause for pause in scenario.iter("pause") if pause.get("distribution")]
    assert (again.get("min"), again.get("max")) == ("6000", "12001")


def test_the_same_seed_writes_the_same_files(tmp_path: Path) -> None:
    texts = []
    for folder in ("once", "again"):
        files = generate(load_mix(MIX), tmp_path / folder, trunks=TRUNKS, seed=3, callers=20)
        texts.append([file.read_text() for file in (files.scenario, *files.callers)])
    assert texts[0] == texts[1]
