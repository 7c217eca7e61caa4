"""Flow tests themselves: what is wrong is told with its line, and a wrong flow fails them."""

# ruff: noqa: E501  (the corpus reads best with one fault a row)

import re

import pytest

from ivrengine.errors import FlowError
from ivrengine.flow.rehearsal.script import Verdict, perform
from ivrengine.flow.rehearsal.script_reader import read_tests
from ivrengine.flow.stepper import Stepper
from tests.kit.flows import flow_set, main_flow

pytestmark = pytest.mark.unit

MAIN = main_flow(
    """\
  first: {collect: pin, length: 4, secret: true, prompts: say.enter, next: ask}
  ask: {act: pins.check, with: {pin: pin}, into: [name], outcomes: {ok: told, error: menu}}
  told: {say: name, as: code, next: seek}
  seek: {queue: general, outcomes: {served: bye, failed: bye}}
  bye: {hang_up: say.bye}
""",
    "vars: {pin: secret, name: text}",
)


def run(steps: str, given: str = "") -> Verdict:
    text = f"tests:\n  one:\n    given: {{language: en{given}}}\n    steps:\n{steps}"
    (test,) = read_tests({"t.yaml": text})
    return perform(test, Stepper(flow_set(MAIN)))


PASSING = """\
      - hears_next: say.menu
      - language: en
      - presses: "11234"
      - asked: pins.check
        with: {pin: "1234"}
      - hears: code 77
      - never_shown: "1234"
      - holds: {name: "77"}
      - listens
      - seeks: general
      - position: 1
      - agent_answers: "8001"
      - waits: 5
      - search_ends: served
      - hears: say.bye
      - ends
"""
SERVICES = ", services: {pins.check: {values: {name: '77'}}}"


def test_a_call_that_goes_as_written_passes() -> None:
    assert run(PASSING, SERVICES).fault == ""


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        ("hears: say.never", "hearing say.never did not come; the call is at offer.bye"),
        ("hears_next: say.other", "say.menu was said and not say.other"),
        ("language: zh", "en is spoken, not zh"),
        ("at: main.first", "the node main.first did not come"),
        ("asked: a.b", "asking a.b did not come"),
        ("speaks: 3", "a recording did not come"),
        ("search_ends: served", "nobody is being looked for"),
        ("waits: soon", "waits needs a number"),
        ("holds: {name: '1'}", "name is None, not 1"),
        ("never_shown: say.menu", "say.menu can be seen"),
        ("seeks: general", "looking for general did not come"),
    ],
)
def test_a_call_that_goes_otherwise_fails_at_its_step(step: str, wanted: str) -> None:
    verdict = run(f"      - {step}\n")
    assert verdict.fault.startswith(wanted)
    assert verdict.line == 5
    assert verdict.transcript


def test_arguments_and_queues_that_differ_fail() -> None:
    steps = '      - presses: "11234"\n'
    asked = run(steps + "      - asked: pins.check\n        with: {pin: '9'}\n", SERVICES)
    assert asked.fault == "pins.check was asked with pin 1234, not 9"
    sought = run(steps + "      - seeks: other\n", SERVICES)
    assert sought.fault == "general is looked for, not other"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("tests: {a: 1}", r"t.yaml:1: test a has to be a table"),
        ("tests: {}", r"t.yaml:1: the file holds no tests"),
        ("tests:\n  a: {steps: []}", r"t.yaml:2: test a has no steps"),
        ("tests:\n  a:\n    steps:\n    - heers: x", r"t.yaml:4: test a: a step cannot be heers \(did you mean hears\?\)"),
        ("tests:\n  a:\n    steps: [ends]\n    givn: {}", r"t.yaml:4: test a has an unknown field givn .*"),
        ("tests:\n  a:\n    given: {vars: {x: [1]}}\n    steps: [ends]", r"t.yaml:3: .*x has to be a plain value.*"),
        ("tests:\n  a:\n    given: {vars: {x: {moment: now}}}\n    steps: [ends]", r"t.yaml:3: .*x has to be a moment.*"),
        ("tests:\n  a:\n    given: {services: {s: 1}}\n    steps: [ends]", r"t.yaml:3: .*s has to be a table.*"),
        ("tests:\n  a:\n    given: {language: fr}\n    steps: [ends]", r"t.yaml:3: .*language cannot be fr.*"),
        ("tests: [", r"t.yaml:\d:\d+: not readable as YAML.*"),
    ],
)  # fmt: skip
def test_a_fault_of_a_test_file_is_told_with_its_line(text: str, wanted: str) -> None:
    with pytest.raises(FlowError) as caught:
        read_tests({"t.yaml": text})
    assert any(re.fullmatch(wanted, line) for line in str(caught.value).splitlines()), caught.value
