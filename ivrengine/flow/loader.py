"""From the texts of flow files to a set of flows, or to everything that is wrong with their form.

One file holds the dialplan (``dialplan:``), each other one a flow (``flow:``). Whether the flows
make sense together is asked of ``linter``; :func:`load` does both.
"""

import hashlib
from collections.abc import Mapping

from ivrengine.flow.fields import Page
from ivrengine.flow.findings import Finding, did_you_mean, refuse
from ivrengine.flow.flow_fields import FlowFields
from ivrengine.flow.linter import Surroundings, lint
from ivrengine.flow.model import Dialplan, Flow, FlowSet
from ivrengine.flow.node_readers import read_node
from ivrengine.flow.nodes import Node, Rounds, Timing
from ivrengine.flow.yaml_tree import Row, Scalar, Table, Tree, Unreadable, read_tree
from ivrengine.values import Language


def load(sources: Mapping[str, str], surroundings: Surroundings | None = None) -> FlowSet:
    """Return the flows in ``sources`` (file names and their texts), checked.

    With ``surroundings`` the prompts, actions and queues that flows name are checked as well.

    Raises:
        FlowError: something is wrong; the message holds every finding as ``file:line: ...``.
    """
    flows, findings = read(sources)
    if flows is not None:
        findings = [*findings, *lint(flows, surroundings)]
    refuse(findings)
    if flows is None:
        raise AssertionError("a set that cannot be read has findings")
    return flows


def read(sources: Mapping[str, str]) -> tuple[FlowSet | None, list[Finding]]:
    """Read all files as far as their form goes; no set when one of them has a finding."""
    pages = {file: Page(file) for file in sources}
    tables = {file: _table(pages[file], text) for file, text in sources.items()}
    dialplans = [file for file, table in tables.items() if table and "dialplan" in table.entries]
    dialplan = _the_dialplan(pages, tables, dialplans)
    flows: dict[str, Flow] = {}
    for file, table in tables.items():
        if table is None or file in dialplans:
            continue
        flow = _flow(pages[file], table, dialplan)
        if flow.name in flows:
            other = flows[flow.name].file
            pages[file].find(flow.line, f"the flow {flow.name} stands in {other} already")
        flows[flow.name] = flow
    findings = [finding for page in pages.values() for finding in page.findings]
    if findings or not dialplans:
        return None, findings or [_no_dialplan()]
    version = _hash([_canonical(table) for _, table in sorted(tables.items()) if table])
    return FlowSet(dialplan=dialplan, flows=flows, version=version), []


def _table(page: Page, text: str) -> Table | None:
    try:
        return read_tree(page.file, text)
    except Unreadable as fault:
        page.findings.append(fault.finding)
        return None


def _no_dialplan() -> Finding:
    return Finding(file="dialplan.yaml", line=1, message="no file holds a dialplan")


def _the_dialplan(
    pages: Mapping[str, Page], tables: Mapping[str, Table | None], files: list[str]
) -> Dialplan:
    """Return the dialplan; without one a stand-in, so that the flows are read all the same."""
    for surplus in files[1:]:
        pages[surplus].find(1, f"a dialplan stands in {files[0]} already")
    table = tables[files[0]] if files else None
    page = pages[files[0]] if files else Page("dialplan.yaml")
    fields = FlowFields(page, table or Table(line=1), "the dialplan")
    dialplan = Dialplan(
        name=fields.word("dialplan"),
        file=page.file,
        line=fields.table.line,
        entry=fields.word("entry"),
        main=fields.word("main"),
        person=fields.word("person"),
        offer=fields.word("offer"),
        spent=fields.word("spent"),
        trouble=fields.word("trouble"),
        languages=_languages(fields),
        timing=_timing(fields),
        menu_rounds=_rounds(fields, "menu_rounds"),
        entry_rounds=_rounds(fields, "entry_rounds"),
        max_steps=fields.count("max_steps", 500, least=10, most=10_000),
        last_steps=fields.count("last_steps", 40, least=5, most=1_000),
    )
    fields.finish()
    return dialplan


def _languages(fields: FlowFields) -> tuple[Language, ...]:
    known = {language.value: language for language in Language}
    found = []
    for tree in fields.rows("languages"):
        word = fields.as_word("languages", tree)
        if word in known:
            found.append(known[word])
        else:
            fields.unknown_word(tree, "languages", word, known)
    if not found:
        fields.page.find(fields.table.line, "the dialplan has no languages")
    return tuple(found)


def _timing(fields: FlowFields) -> Timing:
    inner = fields.inner("timing")
    if inner is None:
        return Timing()
    timing = inner.timing(Timing())
    inner.finish()
    return timing


def _rounds(fields: FlowFields, name: str) -> Rounds:
    inner = fields.inner(name)
    if inner is None:
        return Rounds()
    rounds = inner.rounds(Rounds())
    inner.finish()
    return rounds


def _flow(page: Page, table: Table, dialplan: Dialplan) -> Flow:
    fields = FlowFields(page, table, "the flow")
    flow = Flow(
        name=fields.word("flow"),
        file=page.file,
        line=table.line,
        version=_hash([_canonical(table)]),
        start=fields.word("start"),
        arguments=fields.types("args"),
        variables=fields.types("vars"),
        returns=fields.types("returns"),
        nodes=_nodes(fields, dialplan),
    )
    fields.finish()
    return flow


def _nodes(fields: FlowFields, dialplan: Dialplan) -> dict[str, Node]:
    nodes = {}
    if not isinstance(fields.need("nodes"), Table):
        return {}
    for name, tree in fields.entries("nodes").items():
        if not name.isidentifier() or not name.isascii():
            hint = did_you_mean(name, [name.replace("-", "_").replace(" ", "_")])
            fields.page.find(tree.line, f"{name} cannot name a node", hint)
        if not isinstance(tree, Table):
            fields.page.find(tree.line, f"node {name} has to be a table")
            continue
        node = read_node(name, FlowFields(fields.page, tree, f"node {name}"), dialplan)
        if node is not None:
            nodes[name] = node
    return nodes


def _canonical(tree: Tree) -> str:
    """Write ``tree`` without comments and layout: files that say the same become the same.

    Numbers stand as they were written, because some fields take their text: 07 is not queue 7.
    """
    match tree:
        case Scalar(text=text, value=value):
            return f"{type(value).__name__}:{text!r}"
        case Row(items=items):
            return f"[{','.join(_canonical(item) for item in items)}]"
        case Table(entries=entries):
            return f"{{{','.join(f'{key!r}={_canonical(item)}' for key, item in entries.items())}}}"


def _hash(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
