"""The page on the flow language shows flows that are right, and names every word there is."""

import re

import pytest

from ivrengine.flow.loader import load
from ivrengine.flow.node_readers import READERS
from ivrengine.flow.rehearsal.script import STEPS
from ivrengine.flow.rehearsal.script_reader import read_tests
from ivrengine.flow.targets import Way
from ivrengine.flow.variables import VarType
from ivrengine.speech.readings import Reading
from tests.kit.flows import AROUND, DEMO, demo_sources

pytestmark = pytest.mark.unit

PAGE = (DEMO.parents[1] / "docs" / "flow-language.md").read_text("utf-8")


def example(first_line: str) -> str:
    start = PAGE.index(f"    {first_line}\n")
    block = re.match(r"(?:    .*\n|\n)+", PAGE[start:])
    assert block is not None
    return re.sub(r"(?m)^    ", "", block[0])


def test_the_small_flow_is_right() -> None:
    start = "flow: main\nstart: menu\nnodes:\n  menu: {menu: say.a, choices: {1: go}}\n"
    main = f"{start}  go: {{call: quotes, next: menu}}\n"
    flows = load({**AROUND, "main.yaml": main, "quotes.yaml": example("flow: quotes")})
    assert set(flows.flows["quotes"].nodes) == {"ask", "look_up", "tell", "sorry"}


def test_the_dialplan_and_the_test_are_right() -> None:
    load({**demo_sources(), "dialplan.yaml": example("dialplan: demo")})
    assert len(read_tests({"t.yaml": example("tests:")})) == 1


@pytest.mark.parametrize("word", [*READERS, *STEPS, *Way, *VarType, *Reading])
def test_every_word_is_explained(word: str) -> None:
    assert re.search(rf"`[^`]*{re.escape(word)}[^`]*`", PAGE), word
