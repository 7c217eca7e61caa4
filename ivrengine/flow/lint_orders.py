"""Does what nodes ask for exist, is every outcome provided for, and are the times in order?"""

from collections.abc import Iterator, Mapping

from ivrengine.flow.expression_kinds import KINDS, Kind, fits, kind_of
from ivrengine.flow.expressions import Expression, ExpressionError, Literal
from ivrengine.flow.findings import Finding, did_you_mean
from ivrengine.flow.lint_variables import expect_kind
from ivrengine.flow.model import Flow, FlowSet
from ivrengine.flow.nodes import (
    ActNode,
    CallBackNode,
    CallNode,
    CollectNode,
    MenuNode,
    Node,
    RecordNode,
    ReturnNode,
    SeekNode,
    Timing,
    VariableName,
)
from ivrengine.flow.seek_orders import PENDING
from ivrengine.flow.surroundings import ActionShape, Surroundings
from ivrengine.flow.targets import Ask

CALLBACK = "callback"

SEEK_OUTCOMES = (
    "served",
    "nobody",
    "unknown",
    "timed-out",
    "overflowed",
    "full",
    "closed",
    "removed",
    CALLBACK,
    PENDING,
    "failed",
)
"""How the search for a person can end; ``failed`` also stands for those that are not listed."""

ACT_OUTCOMES = ("error", "timeout")
"""Outcomes of every action; ``error`` also stands for a ``timeout`` that is not listed."""

VALUE_KINDS: Mapping[str, Kind] = {
    "text": Kind.TEXT,
    "prompt": Kind.TEXT,
    "whole": Kind.NUMBER,
    "decimal": Kind.NUMBER,
    "yes-no": Kind.FLAG,
    "moment": Kind.MOMENT,
    "secret": Kind.SECRET,
}
"""What an action's words for values mean to expressions."""


def lint_orders(flows: FlowSet, surroundings: Surroundings | None) -> Iterator[Finding]:
    """Yield what is wrong with what nodes order."""
    timing = flows.dialplan.timing
    for message in _times(timing):
        yield Finding(file=flows.dialplan.file, line=flows.dialplan.line, message=message)
    for flow in flows.flows.values():
        for node in flow.nodes.values():
            yield from _node(flows, flow, node, surroundings)
            if isinstance(node, MenuNode | CollectNode) and node.timing != timing:
                for message in _times(node.timing):
                    yield _at(flow, node, message)
    yield from _recursion(flows)


def _node(
    flows: FlowSet, flow: Flow, node: Node, surroundings: Surroundings | None
) -> Iterator[Finding]:
    match node:
        case ActNode():
            yield from _act(flow, node, surroundings)
        case SeekNode():
            yield from _seek(flow, node, surroundings)
            yield from _asked(flows, flow, node)
        case CallBackNode() if flow.name not in _asked_flows(flows):
            message = f"node {node.name}: nobody waits behind the flow {flow.name}"
            hint = f"let a key ask for it while waiting: {{ask: {flow.name}}}"
            yield _at(flow, node, message, hint)
        case CallNode():
            yield from _call(flows, flow, node)
        case RecordNode(max_s=max_s) if max_s >= flows.dialplan.timing.speech_limit_s:
            limit = f"speech_limit_s ({flows.dialplan.timing.speech_limit_s:g})"
            hint = "its replay would be cut off; raise the dialplan's limit or lower max_s"
            yield _at(flow, node, f"node {node.name}: max_s ({max_s:g}) is not below {limit}", hint)
        case ReturnNode() if flow.name == flows.dialplan.entry:
            yield _at(flow, node, "the flow that calls begin with has nowhere to return to")
        case _:
            pass


def _act(flow: Flow, node: ActNode, surroundings: Surroundings | None) -> Iterator[Finding]:
    if "error" not in node.outcomes:
        yield _at(flow, node, f"node {node.name} has no outcome error")
    if node.filler and node.filler_after_s >= node.deadline_s:
        yield _at(flow, node, f"node {node.name}: the filler comes after the deadline")
    if surroundings is None:
        return
    shape = surroundings.actions.get(node.action)
    if shape is None:
        hint = did_you_mean(node.action, surroundings.actions)
        yield _at(flow, node, f"there is no action {node.action}", hint)
        return
    yield from _outcomes(flow, node, shape)
    yield from _given(flow, node, shape)
    yield from _taken(flow, node, shape)


def _outcomes(flow: Flow, node: ActNode, shape: ActionShape) -> Iterator[Finding]:
    known = (*shape.outcomes, *ACT_OUTCOMES)
    for outcome in shape.outcomes:
        if outcome not in node.outcomes:
            yield _at(flow, node, f"node {node.name} does not provide for {outcome}")
    for outcome in node.outcomes:
        if outcome not in known:
            hint = did_you_mean(outcome, known)
            yield _at(flow, node, f"{node.action} has no outcome {outcome}", hint)


def _given(flow: Flow, node: ActNode, shape: ActionShape) -> Iterator[Finding]:
    takes = {**shape.arguments, **shape.optional}
    for name in shape.arguments.keys() - node.arguments.keys():
        yield _at(flow, node, f"{node.action} needs {name}")
    for name, expression in node.arguments.items():
        if name not in takes:
            hint = did_you_mean(name, takes)
            yield _at(flow, node, f"{node.action} takes no {name}", hint)
            continue
        yield from _argument(flow, node, expression, takes[name])


def _argument(flow: Flow, node: ActNode, expression: Expression, wanted: str) -> Iterator[Finding]:
    try:
        kind = kind_of(expression, flow.types)
    except ExpressionError as fault:
        yield _at(flow, node, str(fault))
        return
    if kind is not VALUE_KINDS[wanted]:
        yield _at(flow, node, f"{node.action} is given a {kind} where it takes a {wanted}")


def _taken(flow: Flow, node: ActNode, shape: ActionShape) -> Iterator[Finding]:
    for variable, name in node.into.items():
        held = flow.variables.get(variable)
        if name not in shape.values:
            hint = did_you_mean(name, shape.values)
            yield _at(flow, node, f"{node.action} gives no {name}", hint)
        elif held is None:
            hint = did_you_mean(variable, flow.variables)
            yield _at(flow, node, f"the variable {variable} is not declared", hint)
        elif not fits(VALUE_KINDS[shape.values[name]], held):
            message = f"a {shape.values[name]} cannot fill {variable}, which is of type {held}"
            yield _at(flow, node, message)


def _seek(flow: Flow, node: SeekNode, surroundings: Surroundings | None) -> Iterator[Finding]:
    for outcome in ("served", "failed"):
        if outcome not in node.outcomes:
            yield _at(flow, node, f"node {node.name} has no outcome {outcome}")
    if node.takes_callback != Literal(value=True) and PENDING not in node.outcomes:
        yield _at(flow, node, f"node {node.name} has no outcome {PENDING}")
    for outcome in node.outcomes:
        if outcome not in SEEK_OUTCOMES:
            hint = did_you_mean(outcome, SEEK_OUTCOMES)
            yield _at(flow, node, f"looking for a person has no outcome {outcome}", hint)
    for news in node.news:
        if news.speech and news.first_after_s >= node.max_wait_s:
            yield _at(flow, node, f"node {node.name}: the waiting ends before its first news")
    queue = node.queue
    if surroundings is None or queue is None or isinstance(queue, VariableName):
        return
    if queue not in surroundings.queues:
        hint = did_you_mean(queue, surroundings.queues)
        yield _at(flow, node, f"there is no queue {queue}", hint)


def _asked(flows: FlowSet, flow: Flow, node: SeekNode) -> Iterator[Finding]:
    for key, pressed in node.keys.items():
        target = pressed.target
        if not isinstance(target, Ask):
            continue
        asked = flows.flows.get(target.flow)
        if asked is None:
            hint = did_you_mean(target.flow, flows.flows)
            yield _at(flow, node, f"there is no flow {target.flow}", hint)
        elif asked.arguments:
            message = f"key {key} asks for the flow {target.flow}, which needs arguments"
            yield _at(flow, node, message)
        elif CALLBACK not in node.outcomes and any(
            isinstance(each, CallBackNode) for each in asked.nodes.values()
        ):
            yield _at(flow, node, f"node {node.name} has no outcome {CALLBACK}")


def _asked_flows(flows: FlowSet) -> frozenset[str]:
    """Return the flows that keys ask for while a caller waits."""
    return frozenset(
        pressed.target.flow
        for flow in flows.flows.values()
        for node in flow.nodes.values()
        if isinstance(node, SeekNode)
        for pressed in node.keys.values()
        if isinstance(pressed.target, Ask)
    )


def _call(flows: FlowSet, flow: Flow, node: CallNode) -> Iterator[Finding]:
    called = flows.flows.get(node.flow)
    if called is None:
        hint = did_you_mean(node.flow, flows.flows)
        yield _at(flow, node, f"there is no flow {node.flow}", hint)
        return
    for name in called.arguments.keys() - node.arguments.keys():
        yield _at(flow, node, f"the flow {node.flow} needs {name}")
    for name, expression in node.arguments.items():
        if name in called.arguments:
            yield from expect_kind(flow, node.line, expression, called.arguments[name])
        else:
            hint = did_you_mean(name, called.arguments)
            yield _at(flow, node, f"the flow {node.flow} takes no {name}", hint)
    for variable, name in node.into.items():
        held = flow.variables.get(variable)
        if name not in called.returns:
            yield _at(flow, node, f"the flow {node.flow} returns no {name}")
        elif held is None or KINDS[held] is not KINDS[called.returns[name]]:
            wanted = called.returns[name]
            yield _at(flow, node, f"{variable} has to be a variable of type {wanted}")


def _recursion(flows: FlowSet) -> Iterator[Finding]:
    calls = {
        name: {each for node in flow.nodes.values() for each in _runs(node)}
        for name, flow in flows.flows.items()
    }
    for name, flow in flows.flows.items():
        reached: set[str] = set()
        ahead = list(calls[name])
        while ahead:
            called = ahead.pop()
            if called not in reached:
                reached.add(called)
                ahead += calls.get(called, ())
        if name in reached:
            message = f"the flow {name} calls itself in the end"
            yield Finding(file=flow.file, line=flow.line, message=message)


def _runs(node: Node) -> Iterator[str]:
    """Yield the flows that ``node`` lets run above its own."""
    match node:
        case CallNode(flow=called):
            yield called
        case SeekNode(keys=keys):
            for pressed in keys.values():
                if isinstance(pressed.target, Ask):
                    yield pressed.target.flow
        case _:
            pass


def _times(timing: Timing) -> Iterator[str]:
    ordered = (
        ("second_star_s", timing.second_star_s, "next_key_s", timing.next_key_s),
        ("next_key_s", timing.next_key_s, "first_key_s", timing.first_key_s),
        ("terminator_s", timing.terminator_s, "first_key_s", timing.first_key_s),
        ("next_key_s", timing.next_key_s, "entry_s", timing.entry_s),
    )
    for shorter, short_s, longer, long_s in ordered:
        if short_s > long_s:
            yield f"{shorter} ({short_s:g}) is longer than {longer} ({long_s:g})"


def _at(flow: Flow, node: Node, message: str, hint: str = "") -> Finding:
    return Finding(file=flow.file, line=node.line, message=message, hint=hint)
