"""Reading flow tests, with the line of everything that is wrong with them."""

from collections.abc import Mapping
from datetime import datetime

from ivrengine.flow.effects import Value
from ivrengine.flow.fields import Page
from ivrengine.flow.findings import refuse
from ivrengine.flow.flow_fields import FlowFields
from ivrengine.flow.rehearsal.rehearsal import Setting, StandIn
from ivrengine.flow.rehearsal.script import STEPS, FlowTest, Step
from ivrengine.flow.yaml_tree import Row, Scalar, Table, Tree, Unreadable, read_tree
from ivrengine.values import Language


def read_tests(sources: Mapping[str, str]) -> tuple[FlowTest, ...]:
    """Return the tests in ``sources`` (file names and their texts), in order.

    Raises:
        FlowError: a file is wrong; the message holds every finding.
    """
    tests: list[FlowTest] = []
    findings = []
    for file, text in sources.items():
        page = Page(file)
        try:
            tests += _file(page, read_tree(file, text))
        except Unreadable as fault:
            page.findings.append(fault.finding)
        findings += page.findings
    refuse(findings)
    return tuple(tests)


def _file(page: Page, table: Table) -> list[FlowTest]:
    fields = FlowFields(page, table, "the file")
    tests = []
    for name, tree in fields.entries("tests").items():
        if isinstance(tree, Table):
            tests.append(_test(name, FlowFields(page, tree, f"test {name}")))
        else:
            page.find(tree.line, f"test {name} has to be a table")
    fields.finish()
    if not tests:
        page.find(table.line, "the file holds no tests")
    return tests


def _test(name: str, fields: FlowFields) -> FlowTest:
    empty = FlowFields(fields.page, Table(line=fields.table.line), fields.where)
    given = fields.inner("given") or empty
    test = FlowTest(
        file=fields.page.file,
        name=name,
        entry=given.word("entry", ""),
        language=given.choice("language", Language, Language.MANDARIN),
        variables={key: _value(given, key, tree) for key, tree in given.entries("vars").items()},
        setting=Setting(
            answers=_answers(given), prompt_s=given.seconds("prompt_s", Setting().prompt_s)
        ),
        steps=tuple(_steps(fields)),
        caller=given.word("caller", ""),
    )
    given.finish()
    fields.finish()
    return test


def _answers(given: FlowFields) -> dict[str, tuple[StandIn, ...]]:
    services = given.entries("services")
    return {
        action: tuple(
            _answer(given, action, each)
            for each in (tree.items if isinstance(tree, Row) else [tree])
        )
        for action, tree in services.items()
    }


def _answer(given: FlowFields, action: str, tree: Tree) -> StandIn:
    if not isinstance(tree, Table):
        given.wrong(tree, action, "a table with outcome, values and after_s")
        return StandIn()
    fields = FlowFields(given.page, tree, action)
    answer = StandIn(
        outcome=fields.word("outcome", "ok"),
        values={key: _value(fields, key, each) for key, each in fields.entries("values").items()},
        after_s=fields.seconds("after_s", StandIn().after_s),
    )
    fields.finish()
    return answer


def _value(fields: FlowFields, name: str, tree: Tree) -> Value:
    if isinstance(tree, Scalar):
        return tree.value
    if isinstance(tree, Table) and list(tree.entries) == ["moment"]:
        text = fields.as_word("moment", tree.entries["moment"])
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            fields.wrong(tree, name, "a moment as 2026-11-21T14:05")
            return None
    fields.wrong(tree, name, "a plain value, or a table with moment")
    return None


def _steps(fields: FlowFields) -> list[Step]:
    steps = []
    for tree in fields.rows("steps"):
        word = _the_word(tree)
        if word in STEPS:
            steps.append(_step(fields, tree, word))
        else:
            fields.unknown_word(tree, "a step", word or "this", STEPS)
    if not steps:
        fields.page.find(fields.table.line, f"{fields.where} has no steps")
    return steps


def _the_word(tree: Tree) -> str:
    match tree:
        case Table(entries=entries):
            return next(iter(entries), "")
        case Scalar(text=text):
            return text
        case _:
            return ""


def _step(fields: FlowFields, tree: Tree, word: str) -> Step:
    if isinstance(tree, Scalar):
        return Step(line=tree.line, word=word, text="", values=())
    if not isinstance(tree, Table):
        raise AssertionError("a step has a word, so it is a table or a scalar")
    inner = FlowFields(fields.page, tree, f"step {word}")
    value = inner.take(word)
    named = {key: _text(each) for key, each in inner.entries("with").items()}
    inner.finish()
    match value:
        case Row(items=items):
            return Step(
                line=tree.line, word=word, text="", values=tuple(_text(each) for each in items)
            )
        case Table(entries=entries):
            named = {key: _text(each) for key, each in entries.items()}
            return Step(line=tree.line, word=word, text="", values=(), named=named)
        case Scalar(text=text):
            return Step(line=tree.line, word=word, text=text, values=(text,), named=named)
        case _:
            return Step(line=tree.line, word=word, text="", values=())


def _text(tree: Tree) -> str:
    return tree.text if isinstance(tree, Scalar) else ""
