"""The demonstration's flows: right in themselves, and right with the rest of the engine."""

import pytest

from ivrengine.agents.roster_files import load_roster
from ivrengine.bootstrap.flow_files import declared_actions
from ivrengine.flow.anatomy import edges, node_of
from ivrengine.flow.graph import dot, mermaid
from ivrengine.flow.linter import Surroundings, lint
from ivrengine.flow.loader import load
from ivrengine.flow.nodes import MenuNode
from ivrengine.flow.rehearsal.coverage import Coverage
from ivrengine.flow.rehearsal.script import FlowTest, perform
from ivrengine.flow.rehearsal.script_reader import read_tests
from ivrengine.flow.stepper import Stepper
from ivrengine.speech.catalogue import load as load_catalogue
from tests.kit.flows import DEMO, demo_sources

pytestmark = pytest.mark.unit

ROOT = DEMO.parents[1]
FLOWS = load(demo_sources())
TESTS = read_tests(demo_sources(DEMO / "tests"))

RETURNS_THAT_NEVER_COME = 11
"""Ways behind calls of flows that lead to the main menu or to the end and never return, and those
of nodes that only fail when the file itself is wrong."""


def test_everything_that_the_flows_name_exists() -> None:
    surroundings = Surroundings(
        has_prompt=load_catalogue(ROOT / "prompts" / "texts").has,
        actions=declared_actions(),
        queues=frozenset(load_roster(ROOT / "data" / "demo").queues),
    )
    assert [str(finding) for finding in lint(FLOWS, surroundings)] == []


@pytest.mark.parametrize("test", TESTS, ids=[f"{test.file}: {test.name}" for test in TESTS])
def test_the_flow_tests_pass(test: FlowTest) -> None:
    verdict = perform(test, Stepper(FLOWS))
    assert verdict.passed, "\n".join([verdict.fault, *verdict.transcript])


def test_the_flow_tests_take_every_way_but_those_that_cannot_be_taken() -> None:
    coverage = Coverage(FLOWS)
    stepper = Stepper(FLOWS, coverage.watch)
    for test in TESTS:
        perform(test, stepper)
    missed = [f"{each.flow}.{way}" for each in coverage.report() for way in each.missed]
    assert len(missed) <= RETURNS_THAT_NEVER_COME, missed


def test_keys_are_those_that_callers_were_told() -> None:
    def leads(flow: str, node: str) -> dict[str, str | None]:
        menu = FLOWS.node(flow, node)
        assert isinstance(menu, MenuNode)
        return {key: node_of(target) for key, target in menu.choices.items()}

    assert leads("main", "choose_language") == {"1": "mandarin", "2": "english"}
    assert leads("main", "menu") == {"1": "quotes", "4": "mailbox", "5": "direct"}
    assert leads("quotes", "menu") == {"1": "ask_code"}
    assert leads("quotes", "tell") == {"1": "ask_code"}
    assert leads("mailbox", "menu") == {"1": "complaint", "2": "suggestion", "3": "message"}
    assert {k: v for k, v in leads("person", "choose").items() if k != "0"} == {
        "1": "trading",
        "2": "advice",
        "3": "complaints",
        "4": "technical",
    }


@pytest.mark.parametrize("name", sorted(FLOWS.flows))
def test_a_picture_shows_every_node_and_way(name: str) -> None:
    flow = FLOWS.flows[name]
    pictures = (mermaid(flow), dot(flow))
    for node in flow.nodes.values():
        assert all(node.name in picture for picture in pictures)
        for edge in edges(node):
            to = node_of(edge.target)
            if to is not None:
                assert any(line.strip().startswith(node.name) and line.endswith(f" {to}")
                           for line in pictures[0].splitlines())  # fmt: skip
                assert f'"{node.name}" -> "{to}"' in pictures[1]
