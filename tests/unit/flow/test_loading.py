"""Reading flow files: what is taken, and how every fault is told with its file and line."""

# ruff: noqa: E501  (the corpus reads best with one fault a row)

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivrengine.errors import FlowError
from ivrengine.flow.loader import load, read
from ivrengine.flow.nodes import CollectNode, MenuNode, PlayNode
from ivrengine.flow.speech_lines import PromptLine
from ivrengine.flow.surroundings import Surroundings
from ivrengine.values import Language
from tests.kit.flows import AROUND, demo_sources, findings, flow_set, main_flow

pytestmark = pytest.mark.unit

LAST = "  first: {hang_up: say.bye}"


class Shape:
    """What an action takes and gives, in a test."""

    def __init__(self) -> None:
        self.arguments = {"code": "text"}
        self.optional = {"limit": "whole"}
        self.outcomes = ("ok", "unknown")
        self.values = {"name": "prompt", "price": "decimal", "pin": "secret"}


SURROUNDINGS = Surroundings(
    has_prompt=lambda prompt, language: prompt != "say.menu" or language is Language.ENGLISH,
    actions={"quotes.by_code": Shape()},
    queues=frozenset({"general"}),
)


def found(sources: dict[str, str], surroundings: Surroundings | None = None) -> list[str]:
    try:
        load(sources, surroundings)
    except FlowError as fault:
        return str(fault).splitlines()
    return []


def test_a_small_set_is_taken_with_its_defaults() -> None:
    flows = flow_set(
        main_flow("  first: {collect: code, length: 6, next: menu}", "vars: {code: text}")
    )
    menu = flows.node("main", "menu")
    entry = flows.node("main", "first")
    assert isinstance(menu, MenuNode)
    assert isinstance(entry, CollectNode)
    assert menu.timing.first_key_s == 8
    assert menu.rounds.most == 3
    assert menu.reprompt == menu.speech
    assert (entry.least, entry.most, entry.secret) == (6, 6, False)


def test_a_flow_that_says_the_same_has_the_same_version_whatever_its_layout() -> None:
    plain = flow_set(main_flow(LAST))
    laid_out = flow_set("# a comment\n" + main_flow("  first:\n    hang_up: say.bye\n"))
    other = flow_set(main_flow("  first: {hang_up: say.menu}"))
    assert plain.version == laid_out.version
    assert plain.flows["main"].version == laid_out.flows["main"].version
    assert plain.version != other.version
    assert plain.flows["offer"].version == other.flows["offer"].version
    assert re.fullmatch("[0-9a-f]{12}", plain.short_version)


def test_values_that_are_written_otherwise_have_versions_of_their_own() -> None:
    def version(queue: str) -> str:
        ends = "outcomes: {served: menu, failed: menu}"
        return flow_set(main_flow(f"  first: {{queue: {queue}, {ends}}}")).version

    assert len({version("7"), version("07"), version("'7'"), version("'07'")}) == 4


def test_a_word_and_a_list_of_one_word_are_the_same_speech() -> None:
    flows = flow_set(
        main_flow("  first: {play: say.a, next: second}\n  second: {play: [say.a], next: menu}")
    )
    one, two = flows.node("main", "first"), flows.node("main", "second")
    assert isinstance(one, PlayNode)
    assert isinstance(two, PlayNode)
    assert isinstance(one.speech[0], PromptLine)
    assert one.speech[0].prompt == "say.a"
    assert len(two.speech) == 1


# Each row: the nodes of a flow `main` from line 8 on, its head in line 3, and what is found.
BAD = [
    ("  first: {hang_up: say.bye", "", r"main.yaml:\d+:\d+: not readable as YAML: .+"),
    ("  first: {plai: say.bye, next: menu}", "", r"main.yaml:8: node first: the first field cannot be plai \(did you mean play\?\)"),
    ("  first: {}", "", r"main.yaml:8: node first: the first field cannot be empty .*"),
    ("  first: say.bye", "", r"main.yaml:8: node first has to be a table"),
    ("  first: {play: say.a, next: secnd}\n  second: {hang_up: say.a}", "", r"main.yaml:8: node first leads to the unknown node secnd \(did you mean second\?\)"),
    ("  first: {play: say.a, nxt: menu}", "", r"main.yaml:8: node first has an unknown field nxt \(did you mean next\?\)"),
    ("  first: {play: say.a}", "", r"main.yaml:8: node first has no next"),
    ("  first: {hang_up: say.a}\n  lost: {hang_up: say.a}", "", r"main.yaml:9: nothing leads to the node lost"),
    ("  first: {play: say.a, next: second}\n  second: {play: say.b, next: first}", "", r"main.yaml:8: from the node first no way leads out of its loop"),
    ("  first: {set: {n: 1}, next: second}\n  second:\n    switch: [{when: n > 1, goto: menu}]\n    else: first", "vars: {n: integer}", r"main.yaml:8: the node first is in a loop that never waits"),
    ("  first: {hang_up: say.a}\n  first: {hang_up: say.b}", "", r"main.yaml:9:3: first stands here twice, first in line 8"),
    ("  first: {hang_up: Say.A}", "", r"main.yaml:8: node first: Say.A is no prompt's id"),
    ("  first: {hang_up: 12}", "", r"main.yaml:8: node first: 12 is no prompt's id"),
    ("  first: {menu: say.a, choices: {0: menu}}", "", r"main.yaml:8: first: 0 means @person in every menu \(leave 0 out of the menu's global_keys\)"),
    ("  first: {menu: say.a, choices: {'*': menu}}", "", r"main.yaml:8: first: \* means @back in every menu \(use back to say where \* leads\)"),
    ("  first: {menu: say.a, choices: {a: menu}}", "", r"main.yaml:8: node first: a cannot be keyed"),
    ("  first: {menu: say.a, global_keys: []}", "", r"main.yaml:8: the menu first offers nothing"),
    ("  first: {menu: [], choices: {1: menu}}", "", r"main.yaml:8: the menu first says nothing"),
    ("  first: {menu: say.a, global_keys: ['9']}", "", r"main.yaml:8: node first: global_keys cannot be 9 .*"),
    ("  first: {menu: say.a, global_keys: yes}", "", r"main.yaml:8: node first: global_keys has to be a list .*"),
    ("  first: {menu: say.a, first_key_s: 2, next_key_s: 5}", "", r"main.yaml:8: next_key_s \(5\) is longer than first_key_s \(2\)"),
    ("  first: {menu: say.a, first_key_s: soon}", "", r"main.yaml:8: node first: first_key_s has to be a number of seconds .*"),
    ("  first: {menu: say.a, no_input: say.b}", "", r"main.yaml:8: node first: no_input has to be a list, one member a round"),
    ("  first: {menu: say.a, silence: '@stay'}", "", r"main.yaml:8: @stay only goes with a key while waiting"),
    ("  first: {menu: say.a, silence: '@bakc'}", "", r"main.yaml:8: node first: silence cannot be @bakc \(did you mean @back\?\)"),
    ("  first: {collect: code, next: menu}", "", r"main.yaml:8: the variable code is not declared"),
    ("  first: {collect: code, entry: decimal, next: menu}", "vars: {code: text}", r"main.yaml:8: an entry of decimal cannot fill code, which is of type text"),
    ("  first: {collect: pin, next: menu}", "vars: {pin: secret}", r"main.yaml:8: pin: secret: true and the type secret go together"),
    ("  first: {collect: code, secret: true, next: menu}", "vars: {code: text}", r"main.yaml:8: code: secret: true and the type secret go together"),
    ("  first: {collect: pin, secret: true, check: length(pin) > 1, next: menu}", "vars: {pin: secret}", r"main.yaml:8: a secret is checked by the service it is handed to"),
    ("  first: {collect: code, check: code > 1, next: menu}", "vars: {code: text}", r"main.yaml:8: > stands between a text and a number"),
    ("  first: {collect: code, check: length(code), next: menu}", "vars: {code: text}", r"main.yaml:8: a condition has to yield a flag, this one yields a number"),
    ("  first: {collect: code, min: 7, max: 6, next: menu}", "vars: {code: text}", r"main.yaml:8: node first: min is greater than max"),
    ("  first: {collect: code, length: 99, next: menu}", "vars: {code: text}", r"main.yaml:8: node first: length has to be a whole number from 1 to 32"),
    ("  first: {say: pin, as: code, next: menu}", "args: {pin: secret}", r"main.yaml:8: a secret must not be read out"),
    ("  first: {play: [{say: pin, as: code}], next: menu}", "args: {pin: secret}", r"main.yaml:8: a secret must not be read out"),
    ("  first: {say: code, as: code, next: menu}", "vars: {code: text}", r"main.yaml:8: node first: code may have no value here .*"),
    ("  first: {say: code, as: roman, next: menu}", "args: {code: text}", r"main.yaml:8: node first: as cannot be roman .*"),
    ("  first: {say: code +, as: code, next: menu}", "args: {code: text}", r"main.yaml:8: node first: say: a value is missing before the end"),
    ("  first: {say: nobody, as: code, next: menu}", "", r"main.yaml:8: the variable nobody is not declared"),
    ("  first: {say: true, as: code, next: menu}", "", r"main.yaml:8: a flag cannot be read out"),
    ("  first: {play: [{say: '@agent', as: phone}], next: menu}", "", r"main.yaml:8: first: the agent's number is only known in an announcement"),
    ("  first: {play: [{prompt: {var: code}}], next: menu}", "args: {code: text}", r"main.yaml:8: code has to be a variable of type prompt"),
    ("  first: {play: [{replay: code}], next: menu}", "args: {code: text}", r"main.yaml:8: code has to be a variable of type recording"),
    ("  first: {play: [{prompt: say.a, when: code}], next: menu}", "args: {code: text}", r"main.yaml:8: when yields a text and has to yield a flag"),
    ("  first: {play: [{prompt: say.a, when: 1 +}], next: menu}", "", r"main.yaml:8: node first: a line: when: a value is missing before the end"),
    ("  first: {play: [{prompt: say.a, language: fr}], next: menu}", "", r"main.yaml:8: node first: a line: language cannot be fr .*"),
    ("  first: {play: [{prompt: say.a, barge_in: perhaps}], next: menu}", "", r"main.yaml:8: node first: a line: barge_in has to be true or false"),
    ("  first: {language: fr, next: menu}", "", r"main.yaml:8: node first: language cannot be fr .*"),
    ("  first: {set: {n: \"'a'\"}, next: menu}", "vars: {n: integer}", r"main.yaml:8: a text cannot fill a variable of type integer"),
    ("  first: {set: {language: \"'en'\"}, next: menu}", "", r"main.yaml:8: the variable language is not declared"),
    ("  first: {hang_up: say.a}", "vars: {agent: text}", r"main.yaml:1: agent is a variable of every flow and cannot be declared"),
    ("  first: {hang_up: say.a}", "vars: {n: number}", r"main.yaml:3: the flow: n cannot be number .*"),
    ("  first: {hang_up: say.a}", "vars: {a-b: text}", r"main.yaml:3: a-b cannot name a variable"),
    ("  a-b: {hang_up: say.a}\n  first: {play: say.a, next: a-b}", "", r"main.yaml:8: a-b cannot name a node .*"),
    ("  first: {switch: [a], else: menu}", "", r"main.yaml:8: node first: a case has to be a table with when and goto"),
    ("  first: {switch: [{goto: menu}], else: menu}", "", r"main.yaml:8: node first: a case has no when"),
    ("  first: {call: ofer, next: menu}", "", r"main.yaml:8: there is no flow ofer \(did you mean offer\?\)"),
    ("  first: {call: offer, with: {a: 1}, next: menu}", "", r"main.yaml:8: the flow offer takes no a"),
    ("  first: {call: offer, into: {n: a}, next: menu}", "vars: {n: integer}", r"main.yaml:8: the flow offer returns no a"),
    ("  first: {call: main, next: menu}", "", r"main.yaml:1: the flow main calls itself in the end"),
    ("  first: {return: {}}", "", r"main.yaml:8: the flow that calls begin with has nowhere to return to"),
    ("  first: {act: quotes.by_code, with: {code: \"'1'\"}, outcomes: {ok: menu, unknown: menu}}", "", r"main.yaml:8: node first has no outcome error"),
    ("  first: {act: quotes.bycode, outcomes: {ok: menu, error: menu}}", "", r"main.yaml:8: there is no action quotes.bycode \(did you mean quotes.by_code\?\)"),
    ("  first: {act: quotes.by_code, outcomes: {ok: menu, unknown: menu, error: menu}}", "", r"main.yaml:8: quotes.by_code needs code"),
    ("  first: {act: quotes.by_code, with: {code: 1}, outcomes: {ok: menu, unknown: menu, error: menu}}", "", r"main.yaml:8: quotes.by_code is given a number where it takes a text"),
    ("  first: {act: quotes.by_code, with: {code: \"'1'\", cod: 1}, outcomes: {ok: menu, unknown: menu, error: menu}}", "", r"main.yaml:8: quotes.by_code takes no cod .*"),
    ("  first: {act: quotes.by_code, with: {code: \"'1'\"}, outcomes: {ok: menu, error: menu}}", "", r"main.yaml:8: node first does not provide for unknown"),
    ("  first: {act: quotes.by_code, with: {code: \"'1'\"}, outcomes: {ok: menu, unknown: menu, eror: menu, error: menu}}", "", r"main.yaml:8: quotes.by_code has no outcome eror \(did you mean error\?\)"),
    ("  first: {act: quotes.by_code, with: {code: \"'1'\"}, into: [pric], outcomes: {ok: menu, unknown: menu, error: menu}}", "", r"main.yaml:8: quotes.by_code gives no pric \(did you mean price\?\)"),
    ("  first: {act: quotes.by_code, with: {code: \"'1'\"}, into: [price], outcomes: {ok: menu, unknown: menu, error: menu}}", "", r"main.yaml:8: the variable price is not declared"),
    ("  first: {act: quotes.by_code, with: {code: \"'1'\"}, into: {n: price}, outcomes: {ok: menu, unknown: menu, error: menu}}", "vars: {n: text}", r"main.yaml:8: a decimal cannot fill n, which is of type text"),
    ("  first: {act: quotes.by_code, with: {code: \"'1'\"}, filler: say.a, filler_after_s: 9, outcomes: {ok: menu, unknown: menu, error: menu}}", "", r"main.yaml:8: node first: the filler comes after the deadline"),
    ("  first: {queue: genral, outcomes: {served: menu, failed: menu}}", "", r"main.yaml:8: there is no queue genral \(did you mean general\?\)"),
    ("  first: {queue: general, outcomes: {served: menu}}", "", r"main.yaml:8: node first has no outcome failed"),
    ("  first: {queue: general, outcomes: {served: menu, failed: menu, busy: menu}}", "", r"main.yaml:8: looking for a person has no outcome busy"),
    ("  first: {queue: {var: n}, outcomes: {served: menu, failed: menu}}", "args: {n: integer}", r"main.yaml:8: n has to be a variable of type text"),
    ("  first: {queue: general, keys: {'12': menu}, outcomes: {served: menu, failed: menu}}", "", r"main.yaml:8: first: while waiting a key acts alone"),
    ("  first: {queue: general, announcement: {say: 1, as: code}, outcomes: {served: menu, failed: menu}}", "", r"main.yaml:8: an announcement holds prompts and the agent's number only"),
    ("  first: {queue: general, max_wait_s: 5, while_waiting: {prompts: say.a, first_after_s: 6}, outcomes: {served: menu, failed: menu}}", "", r"main.yaml:8: node first: the waiting ends before its first news"),
    ("  first: {record: r, nothing: menu, next: menu}", "vars: {r: text}", r"main.yaml:8: r has to be a variable of type recording"),
    ("  first: {record: r, max_s: 200, nothing: menu, next: menu}", "vars: {r: recording}", r"main.yaml:8: node first: max_s \(200\) is not below speech_limit_s \(200\) .*"),
    ("  first: {record: r, first_key_s: 8, nothing: menu, next: menu}", "vars: {r: recording}", r"main.yaml:8: node first has an unknown field first_key_s"),
    ("  first: {queue: general, next_key_s: 5, outcomes: {served: menu, failed: menu}}", "", r"main.yaml:8: node first has an unknown field next_key_s.*"),
    ("  first: {menu: say.a, speech_limit_s: 90}", "", r"main.yaml:8: node first has an unknown field speech_limit_s"),
    ("  first: {say: at, as: price, next: menu}", "args: {at: moment}", r"main.yaml:8: a moment cannot be read as price"),
    ("  first: {say: n, as: date, next: menu}", "args: {n: integer}", r"main.yaml:8: a number cannot be read as date"),
    ("  first: {say: at, as: date-time, next: menu}", "args: {at: time}", r"main.yaml:8: a time cannot be read as date-time"),
    ("  first: {say: n, as: prompt, next: menu}", "args: {n: decimal}", r"main.yaml:8: a number cannot be read as prompt"),
    ("  first: {play: say.a, next: {reject: menu}}", "", r"main.yaml:8: menu takes no entry that could be rejected"),
    ("  first: {hang_up: say.a}", "start: menu", r"main.yaml:3:1: start stands here twice, first in line 2"),
    ("  first: {hang_up: say.a}\nmore: 1", "", r"main.yaml:9: the flow has an unknown field more"),
]  # fmt: skip


@pytest.mark.parametrize(("nodes", "head", "wanted"), BAD)
def test_a_fault_is_told_with_its_file_and_line(nodes: str, head: str, wanted: str) -> None:
    everything = Surroundings(
        has_prompt=lambda prompt, language: True,
        actions=SURROUNDINGS.actions,
        queues=SURROUNDINGS.queues,
    )
    told = found({**AROUND, "main.yaml": main_flow(nodes, head)}, everything)
    assert any(re.fullmatch(wanted, line) for line in told), told


def test_a_prompt_that_is_missing_in_one_language_is_found() -> None:
    told = found({**AROUND, "main.yaml": main_flow(LAST)}, SURROUNDINGS)
    assert told == ["main.yaml:6: there is no prompt say.menu in zh"]


def test_all_faults_of_all_files_are_told_at_once() -> None:
    told = findings(
        main_flow("  first: {play: say.a}\n  other: {sing: say.a}"),
        broken="flow: broken\nstart: [",
    )
    assert [line.split(": ")[0] for line in told] == [
        "broken.yaml:2:9",
        "main.yaml:8",
        "main.yaml:9",
    ]


DIALPLAN_FAULTS = [
    ("person: person", "person: nobody", "person names the flow nobody, which does not exist"),
    ("main: menu", "main: greet", "main names greet, which is no menu of the flow main"),
    ("languages: [zh, en]", "languages: [fr]", "languages cannot be fr"),
    ("max_steps: 60", "max_steps: many", "max_steps has to be a whole number from 10 to 10000"),
    ("max_steps: 60", "max_stps: 60", "unknown field max_stps (did you mean max_steps?)"),
    ("offer: offer", "", "the dialplan has no offer"),
    ("max_steps: 60", "timing: {next_key_s: 9}", "next_key_s (9) is longer than first_key_s (8)"),
]


@pytest.mark.parametrize(("line", "instead", "wanted"), DIALPLAN_FAULTS)
def test_a_fault_of_the_dialplan_is_told(line: str, instead: str, wanted: str) -> None:
    text = AROUND["dialplan.yaml"].replace(line, instead)
    told = found({**AROUND, "dialplan.yaml": text, "main.yaml": main_flow(LAST)})
    assert any(each.startswith("dialplan.yaml:") and wanted in each for each in told), told


def test_a_set_has_one_dialplan_and_each_flow_once() -> None:
    whole = {**AROUND, "main.yaml": main_flow(LAST)}
    without = {file: text for file, text in whole.items() if file != "dialplan.yaml"}
    assert "dialplan.yaml:1: no file holds a dialplan" in found(without)
    assert any(
        "stands in dialplan.yaml already" in line
        for line in found({**whole, "two.yaml": AROUND["dialplan.yaml"]})
    )
    assert any(
        "the flow main stands in main.yaml already" in line
        for line in found({**whole, "z.yaml": main_flow(LAST)})
    )


@pytest.mark.parametrize(
    "text",
    ["", "- a", "a: &x 1\nb: *x", "a: !!python/object:os.system x", "a: 1\n---\nb: 1", "\x00",
     "[" * 500, "? [a]\n: b", "a: \"\\x\"", "{" * 30 + "}" * 30],
)  # fmt: skip
def test_what_is_no_plain_yaml_is_refused(text: str) -> None:
    told = findings(main_flow(LAST), odd=text)
    assert told
    assert all(line.startswith("odd.yaml:") for line in told)


def test_values_are_filled_on_every_way_before_they_are_used() -> None:
    one_way = main_flow(
        "  first:\n    menu: say.a\n    choices: {1: fill, 2: use}\n"
        "  fill: {set: {n: 1}, next: use}\n  use: {say: n, as: cardinal, next: menu}",
        "vars: {n: integer}",
    )
    assert [line.split(" (")[0] for line in findings(one_way)] == [
        "main.yaml:12: node use: n may have no value here"
    ]
    assert findings(one_way.replace("2: use", "2: fill")) == []
    guarded = one_way.replace(
        "use: {say: n, as: cardinal, next: menu}",
        "use: {play: [{say: n, as: cardinal, when: known(n)}], next: menu}",
    )
    assert findings(guarded) == []


LINES = st.sampled_from(
    [
        "flow: x",
        "start: a",
        "nodes:",
        "  a:",
        "    play: say.a",
        "    next: a",
        "  b: {menu: say.b}",
        "vars: {a: text}",
        "    choices: {1: a",
        "}",
        "- 1",
        "  a: [1, 2]",
        "    as: code",
        "    say: a +",
        "    when: true",
        "\t",
        ":",
        "#",
        "'",
        "*x",
        "&x",
        "    act: a.b",
        "    outcomes: {ok: a}",
        "    queue: {var: a}",
        "    record: a",
        "    call: b",
    ]
)


@settings(deadline=None)
@given(st.lists(LINES, max_size=14))
def test_any_lines_are_read_or_refused_with_findings(lines: list[str]) -> None:
    dialplan = {"dialplan.yaml": AROUND["dialplan.yaml"]}
    flows, told = read({**dialplan, "any.yaml": "\n".join(lines)})
    assert (flows is None) is bool(told)
    assert all(finding.file == "any.yaml" and finding.line >= 1 for finding in told)


def test_the_demonstration_is_read() -> None:
    assert set(load(demo_sources()).flows) >= {"main", "quotes", "person", "waiting", "mailbox"}
