"""Does every variable have a value, and one of the right type, wherever it is used?

A variable counts as filled at a node when it is filled on every way that leads there. Ways that
are only found during a call (back, repeat, after a person) lead to nodes that were passed before,
so they take nothing away.
"""

from collections.abc import Iterator, Mapping

from ivrengine.flow.anatomy import edges, node_of, speeches
from ivrengine.flow.expression_kinds import Kind, fits, kind_of
from ivrengine.flow.expressions import Expression, ExpressionError, made_sure, names_in
from ivrengine.flow.findings import Finding, did_you_mean
from ivrengine.flow.model import BUILT_IN, Flow, FlowSet
from ivrengine.flow.nodes import (
    ActNode,
    CallBackNode,
    CallNode,
    CollectNode,
    EntryType,
    Need,
    Node,
    RecordNode,
    ReturnNode,
    SeekNode,
    SetNode,
    SwitchNode,
    VariableName,
)
from ivrengine.flow.speech_lines import ReplayLine, SpeechLine, ValueLine, VariablePromptLine
from ivrengine.flow.variables import VarType

ENTRY_TYPES: Mapping[EntryType, frozenset[VarType]] = {
    EntryType.DIGITS: frozenset({VarType.TEXT, VarType.SECRET}),
    EntryType.INTEGER: frozenset({VarType.INTEGER}),
    EntryType.DECIMAL: frozenset({VarType.DECIMAL}),
}
"""Types of the variables that an entry can fill."""


def lint_variables(flows: FlowSet) -> Iterator[Finding]:
    """Yield what is wrong with the variables of ``flows``."""
    for flow in flows.flows.values():
        yield from _declarations(flow)
        filled = _filled(flow)
        for node in flow.nodes.values():
            yield from _types(flow, node)
            if node.name in filled:
                yield from _unfilled(flow, node, filled[node.name])


def _declarations(flow: Flow) -> Iterator[Finding]:
    for name in flow.variables.keys() & flow.arguments.keys():
        yield _at(flow, flow.line, f"{name} is an argument and a variable")
    for name in (flow.variables.keys() | flow.arguments.keys()) & BUILT_IN.keys():
        yield _at(flow, flow.line, f"{name} is a variable of every flow and cannot be declared")


def _filled(flow: Flow) -> dict[str, frozenset[str]]:
    """Return, for each node that is reached, the variables that are filled on every way to it."""
    filled: dict[str, frozenset[str]] = {}
    ahead = [(flow.start, frozenset(flow.arguments) | BUILT_IN.keys())]
    while ahead:
        name, sure = ahead.pop()
        if name not in flow.nodes:
            continue
        known = filled.get(name)
        narrowed = sure if known is None else known & sure
        if narrowed == known:
            continue
        filled[name] = narrowed
        for edge in edges(flow.nodes[name]):
            to = node_of(edge.target)
            if to is not None:
                ahead.append((to, narrowed | edge.fills))
    return filled


def _unfilled(flow: Flow, node: Node, filled: frozenset[str]) -> Iterator[Finding]:
    for line, names in _needs(node):
        for name in sorted(names - filled):
            if name in flow.types:
                message = f"node {node.name}: {name} may have no value here"
                yield _at(flow, line, message, "fill it on every way, or ask known(...) first")


def _needs(node: Node) -> Iterator[tuple[int, frozenset[str]]]:
    """Yield the variables that must have values when ``node`` is entered, with their lines."""
    for speech in speeches(node):
        for line in speech:
            yield line.line, _line_needs(line)
    match node:
        case SwitchNode(cases=cases):
            for case in cases:
                yield case.target.line, names_in(case.when)
        case SetNode(assignments=assignments):
            done: frozenset[str] = frozenset()
            for variable, expression in assignments.items():
                yield node.line, names_in(expression) - done
                done |= {variable}
        case CallNode(arguments=given) | ActNode(arguments=given) | ReturnNode(values=given):
            for expression in given.values():
                yield node.line, names_in(expression)
        case CollectNode(check=check, variable=variable) if check is not None:
            yield node.line, names_in(check) - {variable}
        case SeekNode():
            yield node.line, frozenset(_named(node))
            for condition in _conditions(node):
                yield node.line, names_in(condition)
        case CallBackNode(number=number):
            yield node.line, names_in(number)
        case _:
            pass


def _named(node: SeekNode) -> Iterator[str]:
    """Yield the variables that say whom the caller is brought to."""
    preferred = () if node.prefers is None else (node.prefers.agent,)
    required = (each.requirement for each in _all_needs(node))
    for word in (node.queue, node.agent, *preferred, *required):
        if isinstance(word, VariableName):
            yield word.variable


def _all_needs(node: SeekNode) -> tuple[Need, ...]:
    return node.needs if node.prefers is None else (*node.needs, *node.prefers.needs)


def _conditions(node: SeekNode) -> Iterator[Expression]:
    conditions = [each.when for each in _all_needs(node)]
    conditions += [node.takes_callback, *(each.when for each in node.keys.values())]
    yield from (condition for condition in conditions if condition is not None)


def _line_needs(line: SpeechLine) -> frozenset[str]:
    conditions = frozenset() if line.when is None else names_in(line.when)
    match line:
        case ValueLine(value=value):
            needed = names_in(value)
        case VariablePromptLine(variable=variable) | ReplayLine(variable=variable):
            needed = frozenset({variable})
        case _:
            needed = frozenset()
    return conditions | (needed - made_sure(line.when))


def _types(flow: Flow, node: Node) -> Iterator[Finding]:
    match node:
        case CollectNode():
            yield from _collect(flow, node)
        case RecordNode(variable=variable):
            if flow.variables.get(variable) is not VarType.RECORDING:
                yield _at(flow, node.line, f"{variable} has to be a variable of type recording")
        case SetNode(assignments=assignments):
            for variable, expression in assignments.items():
                yield from _assignment(flow, node, variable, expression)
        case SwitchNode(cases=cases):
            for case in cases:
                yield from _flag(flow, case.target.line, case.when)
        case ReturnNode(values=values):
            yield from _returns(flow, node, values)
        case SeekNode():
            for variable in _named(node):
                yield from _text(flow, node, variable)
            for condition in _conditions(node):
                yield from _flag(flow, node.line, condition)
        case CallBackNode(number=number):
            yield from expect_kind(flow, node.line, number, VarType.TEXT)
        case _:
            pass


def _collect(flow: Flow, node: CollectNode) -> Iterator[Finding]:
    wanted = ENTRY_TYPES[node.entry]
    held = flow.variables.get(node.variable)
    if held is None:
        yield _undeclared(flow, node.line, node.variable)
        return
    if held not in wanted:
        message = f"an entry of {node.entry} cannot fill {node.variable}, which is of type {held}"
        yield _at(flow, node.line, message)
    if (held is VarType.SECRET) is not node.secret:
        message = f"{node.variable}: secret: true and the type secret go together"
        yield _at(flow, node.line, message)
    if node.check is not None:
        if node.secret:
            yield _at(flow, node.line, "a secret is checked by the service it is handed to")
        else:
            yield from _flag(flow, node.line, node.check)


def _assignment(flow: Flow, node: Node, variable: str, expression: Expression) -> Iterator[Finding]:
    held = flow.variables.get(variable) or flow.arguments.get(variable)
    if held is None:
        yield _undeclared(flow, node.line, variable)
        return
    yield from expect_kind(flow, node.line, expression, held)


def _returns(flow: Flow, node: ReturnNode, values: Mapping[str, Expression]) -> Iterator[Finding]:
    for name in flow.returns.keys() - values.keys():
        yield _at(flow, node.line, f"node {node.name} does not return {name}")
    for name, expression in values.items():
        if name in flow.returns:
            yield from expect_kind(flow, node.line, expression, flow.returns[name])
        else:
            hint = did_you_mean(name, flow.returns)
            yield _at(flow, node.line, f"the flow declares no return {name}", hint)


def expect_kind(
    flow: Flow, line: int, expression: Expression, wanted: VarType
) -> Iterator[Finding]:
    """Yield a finding unless ``expression`` can fill a variable of type ``wanted``."""
    try:
        kind = kind_of(expression, flow.types)
    except ExpressionError as fault:
        yield _at(flow, line, str(fault))
        return
    if not fits(kind, wanted):
        yield _at(flow, line, f"a {kind} cannot fill a variable of type {wanted}")


def _flag(flow: Flow, line: int, expression: Expression) -> Iterator[Finding]:
    try:
        kind = kind_of(expression, flow.types)
    except ExpressionError as fault:
        yield _at(flow, line, str(fault))
        return
    if kind is not Kind.FLAG:
        yield _at(flow, line, f"a condition has to yield a flag, this one yields a {kind}")


def _text(flow: Flow, node: Node, variable: str) -> Iterator[Finding]:
    if flow.types.get(variable) is not VarType.TEXT:
        yield _at(flow, node.line, f"{variable} has to be a variable of type text")


def _undeclared(flow: Flow, line: int, variable: str) -> Finding:
    hint = did_you_mean(variable, flow.variables)
    return _at(flow, line, f"the variable {variable} is not declared", hint)


def _at(flow: Flow, line: int, message: str, hint: str = "") -> Finding:
    return Finding(file=flow.file, line=line, message=message, hint=hint)
