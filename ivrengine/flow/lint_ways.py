"""Does every way lead somewhere, is every node on a way, and does every loop have a way out?"""

from collections.abc import Iterator

from ivrengine.flow.anatomy import HANG_UP, Edge, edges, node_of
from ivrengine.flow.findings import Finding, did_you_mean
from ivrengine.flow.model import Dialplan, Flow, FlowSet
from ivrengine.flow.nodes import (
    ActNode,
    CallNode,
    CollectNode,
    LanguageNode,
    MenuNode,
    Node,
    SeekNode,
    SetNode,
    SwitchNode,
)
from ivrengine.flow.targets import GLOBAL_KEYS, Ask, Reject, Take, Way


def lint_ways(flows: FlowSet) -> Iterator[Finding]:
    """Yield what is wrong with the ways through ``flows``."""
    yield from _dialplan(flows, flows.dialplan)
    for flow in flows.flows.values():
        if flow.start not in flow.nodes:
            hint = did_you_mean(flow.start, flow.nodes)
            yield _at(flow, flow.line, f"the flow starts at {flow.start}, which is no node", hint)
        for node in flow.nodes.values():
            yield from _targets(flow, node)
            yield from _keys(flow, node)
        yield from _unreachable(flow, flows.dialplan)
        yield from _loops(flow)


def _dialplan(flows: FlowSet, dialplan: Dialplan) -> Iterator[Finding]:
    for role, name in dialplan.special_flows.items():
        if name not in flows.flows:
            hint = did_you_mean(name, flows.flows)
            message = f"{role} names the flow {name}, which does not exist"
            yield Finding(file=dialplan.file, line=dialplan.line, message=message, hint=hint)
        elif flows.flows[name].arguments:
            message = f"{role} names the flow {name}, which needs arguments"
            yield Finding(file=dialplan.file, line=dialplan.line, message=message)
    entry = flows.flows.get(dialplan.entry)
    if entry is not None and not isinstance(entry.nodes.get(dialplan.main), MenuNode):
        message = f"main names {dialplan.main}, which is no menu of the flow {dialplan.entry}"
        hint = did_you_mean(dialplan.main, entry.nodes)
        yield Finding(file=dialplan.file, line=dialplan.line, message=message, hint=hint)


def _targets(flow: Flow, node: Node) -> Iterator[Finding]:
    for edge in edges(node):
        target = edge.target
        name = node_of(target)
        if name is not None and name not in flow.nodes:
            hint = did_you_mean(name, flow.nodes)
            yield _at(flow, target.line, f"node {node.name} leads to the unknown node {name}", hint)
        elif edge.label == HANG_UP and not isinstance(flow.nodes.get(name or ""), ActNode):
            yield _at(flow, target.line, "only an act node can follow when the caller hangs up")
        elif isinstance(target, Reject) and not isinstance(flow.nodes[target.node], CollectNode):
            yield _at(flow, target.line, f"{target.node} takes no entry that could be rejected")
        elif target == Take(line=target.line, way=Way.STAY) and not _while_waiting(node, edge):
            yield _at(flow, target.line, "@stay only goes with a key while waiting")
        elif isinstance(target, Ask) and not _while_waiting(node, edge):
            yield _at(flow, target.line, "ask only goes with a key while waiting")


def _while_waiting(node: Node, edge: Edge) -> bool:
    return isinstance(node, SeekNode) and edge.label in node.keys


def _keys(flow: Flow, node: Node) -> Iterator[Finding]:
    if isinstance(node, MenuNode):
        for keys in node.choices.keys() & node.global_keys:
            hint = f"leave {keys} out of the menu's global_keys"
            meaning = f"{keys} means {GLOBAL_KEYS[keys]} in every menu"
            if keys == "*":
                hint = "use back to say where * leads"
            yield _at(flow, node.choices[keys].line, f"{node.name}: {meaning}", hint)
        if not node.choices and node.silence is None and not node.global_keys:
            yield _at(flow, node.line, f"the menu {node.name} offers nothing")
    if isinstance(node, SeekNode):
        for keys in node.keys:
            if len(keys) > 1:
                yield _at(flow, node.line, f"{node.name}: while waiting a key acts alone")


def _unreachable(flow: Flow, dialplan: Dialplan) -> Iterator[Finding]:
    reached: set[str] = set()
    ahead = [flow.start]
    if flow.name == dialplan.entry:
        ahead.append(dialplan.main)
    while ahead:
        name = ahead.pop()
        if name in reached or name not in flow.nodes:
            continue
        reached.add(name)
        ahead += [to for edge in edges(flow.nodes[name]) if (to := node_of(edge.target))]
    for name, node in flow.nodes.items():
        if name not in reached:
            yield _at(flow, node.line, f"nothing leads to the node {name}")


def _loops(flow: Flow) -> Iterator[Finding]:
    told: set[str] = set()
    for name, node in flow.nodes.items():
        ring = _reach(flow, name)
        if name not in ring or ring & told:
            continue
        if all(_stays_in(flow, member, ring) for member in ring):
            told |= ring
            yield _at(flow, node.line, f"from the node {name} no way leads out of its loop")
        elif _instant(node) and name in (quick := _reach(flow, name, instant_only=True)):
            told |= quick
            yield _at(flow, node.line, f"the node {name} is in a loop that never waits")


def _reach(flow: Flow, start: str, *, instant_only: bool = False) -> set[str]:
    """Return the nodes that can come after ``start``, itself only if a way leads back to it."""
    reached: set[str] = set()
    ahead = [start]
    while ahead:
        for edge in edges(flow.nodes[ahead.pop()]):
            name = node_of(edge.target)
            if name is None or name in reached or name not in flow.nodes:
                continue
            if instant_only and not _instant(flow.nodes[name]):
                continue
            reached.add(name)
            ahead.append(name)
    return reached


def _stays_in(flow: Flow, name: str, ring: set[str]) -> bool:
    """Tell whether no way out of a node leads to an end or to a way that is found.

    A flow that is called may end the call, so a node that calls one is a way out.
    """
    if isinstance(flow.nodes[name], CallNode):
        return False
    found = edges(flow.nodes[name])
    return bool(found) and all(node_of(edge.target) in ring for edge in found)


def _instant(node: Node) -> bool:
    return isinstance(node, SwitchNode | SetNode | LanguageNode)


def _at(flow: Flow, line: int, message: str, hint: str = "") -> Finding:
    return Finding(file=flow.file, line=line, message=message, hint=hint)
