"""The file of lines: what it means, what is wrong in it, and how another one is put in force."""

import textwrap
from pathlib import Path

import pytest

from acd.erlang.blocking import LineClass as Load
from acd.erlang.blocking import blocking_by_class
from acd.trunk_groups import LineClass, Seizure, Share
from acd.trunks import Lines
from ivrengine.calls.admission import Admission
from ivrengine.calls.line_book import LineBook
from ivrengine.calls.line_file import read_lines
from ivrengine.calls.line_rules import Apology, LineRules
from ivrengine.calls.ports import Strangers
from ivrengine.calls.routes import DEFAULT_NUMBERS, NumberSettings
from ivrengine.clock import SteadyClock
from ivrengine.config import Settings
from ivrengine.errors import ConfigError
from ivrengine.telephony import HangUpCause
from ivrengine.values import Language, PromptId
from tests.kit.speech import house_catalogue

pytestmark = pytest.mark.unit

DEMO = Settings.model_fields["lines"].default
MONDAY_0930 = 1763343000.0
"""17 November 2025 at 09:30 in Shanghai."""

SMALL = """
groups:
  - name: main
    lines: 10
    classes:
      ordinary: {leaves_free: 3}
"""


def _any_prompt(prompt: PromptId, language: Language) -> bool:
    return True


def _demo() -> LineRules:
    return LineBook(DEMO, DEFAULT_NUMBERS, house_catalogue().has).rules


def _faults(text: str) -> list[str]:
    with pytest.raises(ConfigError) as refusal:
        read_lines("lines.yaml", text, lambda prompt, language: prompt != "system.bussy")
    return str(refusal.value).splitlines()


def test_the_house_has_420_and_60_lines_and_keeps_some_for_customers() -> None:
    main, tollfree, _ = _demo().groups
    kept = [LineClass.TRADING, LineClass.REGISTERED, LineClass.ORDINARY]
    assert (main.lines, [main.share(each, 0.0).leaves_free for each in kept]) == (420, [0, 2, 5])
    assert tollfree.lines == 60
    assert [tollfree.share(each, 0.0).leaves_free for each in kept] == [0, 1, 3]


def test_more_is_kept_while_the_market_opens() -> None:
    main = _demo().groups[0]
    assert main.share(LineClass.ORDINARY, MONDAY_0930) == Share(leaves_free=8)
    assert main.share(LineClass.ORDINARY, MONDAY_0930 + 16 * 60) == Share(leaves_free=5)
    assert main.share(LineClass.TRADING, MONDAY_0930) == Share()


@pytest.mark.parametrize(("group", "load_erl"), [(0, 420.0), (1, 54.0)])
def test_what_is_kept_serves_traders_where_others_are_turned_away(
    group: int, load_erl: float
) -> None:
    main = _demo().groups[group]
    parts = {LineClass.TRADING: 0.1, LineClass.REGISTERED: 0.2, LineClass.ORDINARY: 0.7}
    loads = [
        Load(offered_erl=load_erl * part, kept_free=main.share(each, 0.0).leaves_free)
        for each, part in parts.items()
    ]
    trading, registered, ordinary = blocking_by_class(main.lines, loads)
    assert trading < 0.001 < ordinary
    assert registered < 0.01
    assert ordinary > 0.03


def test_a_call_that_goes_out_is_told_over_which_group() -> None:
    admission = Admission(_demo(), Strangers(), SteadyClock())
    groups = [admission.seize_out(str(n)) for n in range(41)]
    assert groups == ["main"] * 40 + [None]
    admission.put_in_force(LineRules(groups=()))
    assert admission.seize_out("x") is None


def test_only_calls_to_the_branch_go_over_its_lines_and_only_over_these() -> None:
    lines = Lines(_demo().groups)
    assert lines.group_to("suzhou") == "to-suzhou"
    assert lines.seize("a", "to-suzhou", LineClass.BRANCH, 0.0)
    assert lines.seize("b", "to-suzhou", LineClass.TRADING, 0.0) is Seizure.CLASS_FULL
    assert lines.seize("c", "main", LineClass.BRANCH, 0.0) is Seizure.CLASS_FULL


def test_calls_go_out_over_the_group_that_is_for_it_and_have_a_share_of_their_own() -> None:
    rules = _demo()
    assert rules.goes_out == "main"
    lines = Lines(rules.groups)
    given = [lines.seize(str(n), "main", LineClass.OUTGOING, 0.0) for n in range(41)]
    assert given == [Seizure.GIVEN] * 40 + [Seizure.CLASS_FULL]
    assert not lines.seize("x", "tollfree", LineClass.OUTGOING, 0.0)


def test_a_class_is_turned_away_in_its_own_way_and_else_in_the_groups() -> None:
    rules = _demo()
    ordinary = rules.refusal("tollfree", LineClass.ORDINARY)
    assert ordinary.cause is HangUpCause.BUSY
    assert ordinary.apology == Apology(prompts=(PromptId("system.busy"),), answered=False)
    trading = rules.refusal("tollfree", LineClass.TRADING)
    assert (trading.cause, trading.apology) == (HangUpCause.CONGESTION, None)
    assert rules.refusal("nowhere", LineClass.TRADING) == trading


def test_trading_customers_wait_in_a_band_of_their_own() -> None:
    assert _demo().bands == {LineClass.TRADING: 0}


def test_lines_that_a_number_states_are_for_anybody() -> None:
    numbers = (NumberSettings(number="952588", trunk="main", lines=3), *DEFAULT_NUMBERS[1:])
    main = LineBook(DEMO, numbers, house_catalogue().has).rules.groups[0]
    assert (main.name, main.lines) == ("main", 3)
    assert main.share(LineClass.ORDINARY, 0.0) == Share()


def test_the_file_on_the_operators_page_is_right() -> None:
    page = (DEMO.parents[2] / "docs" / "lines.md").read_text("utf-8")
    text = page[page.index("    classes:\n      trading: {band: 0}") :].split("\n\n`outgoing`")[0]
    file = read_lines("lines.md", textwrap.dedent(text), house_catalogue().has)
    assert [*file.groups] == ["main", "to-suzhou"]
    assert [*file.calendars] == ["opening"]


def test_every_fault_is_told_with_its_place_and_a_way_out() -> None:
    faults = _faults(
        "classes: {tradin: {band: 0}, trading: {band: -1}}\n"
        "groups:\n"
        "  - name: main\n"
        "    lines: 4\n"
        "    classes:\n"
        "      vip: {leaves_free: 2}\n"
        "  - name: main\n"
        "    lines: some\n"
        "calendars:\n"
        '  - {name: opening, weekly: {mon: ["25:00-26:00"]}}\n'
    )
    assert [fault.split(": ")[0] for fault in faults] == [
        "lines.yaml:1:11",
        "lines.yaml:1:46",
        "lines.yaml:6:12",
        "lines.yaml:7:11",
        "lines.yaml:8:12",
        "lines.yaml:10:36",
    ]
    assert "did you mean trading?" in faults[0]
    assert "'trading', 'registered', 'ordinary'" in faults[2]


@pytest.mark.parametrize(
    ("group", "at", "words"),
    [
        ("classes: {ordinary: {leaves_free: 5}}", "5", "cannot stay free"),
        ("at: [{during: openin, classes: {trading: {}}}]", "openin", "did you mean opening?"),
        ("at: [{during: opening, classes: {}}]", "{}", "at least 1 item"),
        ("refused: {answer: 500}", "500", "480, 486 or 503"),
        ("refused: {apology: {say: [system.busy]}}", "{say", "no line for an apology"),
        (
            "classes: {apology: {}, ordinary: {refused: {apology: {say: [system.bussy]}}}}",
            "system.bussy",
            "no prompt system.bussy in zh and en",
        ),
        ("colour: red", "colour", "there is no key colour"),
    ],
)
def test_a_fault_of_a_group_is_found(group: str, at: str, words: str) -> None:
    line = f"- {{name: main, lines: 4, {group}}}"
    (fault,) = _faults(
        "groups:\n"
        "- {name: other, lines: 4}\n"
        f"{line}\n"
        "calendars:\n"
        "- {name: opening, weekly: {}}\n"
    )
    assert fault.startswith(f"lines.yaml:3:{line.index(at) + 1}: ")
    assert words in fault


def test_two_groups_for_one_purpose_are_one_too_many() -> None:
    faults = _faults(
        "groups:\n"
        "  - {name: a, lines: 1, goes_out: true}\n"
        "  - {name: b, lines: 1, reaches: suzhou}\n"
        "  - {name: c, lines: 1, goes_out: true}\n"
        "  - {name: d, lines: 1, reaches: suzhou}\n"
    )
    assert [fault.split(": ")[0] for fault in faults] == ["lines.yaml:4:35", "lines.yaml:5:34"]


def test_a_number_without_a_group_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "lines.yaml"
    path.write_text(SMALL)
    with pytest.raises(ConfigError, match="number 8008202588 takes lines of the group tollfree"):
        LineBook(path, DEFAULT_NUMBERS, _any_prompt)


class Small:
    """A small file that can be edited, and the rules that it was told of."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "lines.yaml"
        self.path.write_text(SMALL)
        self.book = LineBook(self.path, DEFAULT_NUMBERS[:1], _any_prompt)
        self.told: list[LineRules] = []
        self.book.when_changed(self.told.append)


def test_another_file_is_prepared_first_and_put_in_force_when_asked(tmp_path: Path) -> None:
    small = Small(tmp_path)
    small.path.write_text(SMALL.replace("leaves_free: 3", "leaves_free: 4").replace("10", "12"))
    prepared = small.book.prepare()
    assert [str(change) for change in prepared.changes] == [
        "group main: classes.ordinary.leaves_free: 3 → 4",
        "group main: lines: 10 → 12",
    ]
    assert small.told == []
    assert small.book.rules.groups[0].lines == 10
    prepared.put_in_force()
    assert [rules.groups[0].lines for rules in small.told] == [12]


def test_a_file_that_says_the_same_changes_nothing(tmp_path: Path) -> None:
    small = Small(tmp_path)
    small.path.write_text(f"# A comment.\n{SMALL}\n")
    prepared = small.book.prepare()
    prepared.put_in_force()
    assert (prepared.changes, small.told) == ((), [])


@pytest.mark.parametrize("text", ["", "groups: [", "groups: {}", "\x00"])
def test_a_wrong_file_leaves_the_rules_in_force(tmp_path: Path, text: str) -> None:
    small = Small(tmp_path)
    small.path.write_text(text)
    with pytest.raises(ConfigError):
        small.book.prepare()
    assert small.book.rules.groups[0].lines == 10


def test_a_file_that_is_gone_leaves_the_rules_in_force(tmp_path: Path) -> None:
    small = Small(tmp_path)
    small.path.unlink()
    with pytest.raises(ConfigError, match="cannot be read"):
        small.book.prepare()
    assert small.book.rules.groups[0].lines == 10
