"""A flow as a picture: Mermaid for documents, DOT for Graphviz."""

from collections.abc import Iterator

from ivrengine.flow.anatomy import edges, kind_word, node_of
from ivrengine.flow.model import Flow
from ivrengine.flow.nodes import CallNode, HangUpNode, MenuNode, Node, ReturnNode, SeekNode
from ivrengine.flow.targets import Ask, Take, Way

_MERMAID_WORDS = frozenset(
    {"class", "classDef", "click", "default", "direction", "end", "flowchart", "graph", "href"}
    | {"linkStyle", "style", "subgraph"}
)

ASKED = "ask "
"""Stands before the name of a flow that runs while the caller waits."""


def mermaid(flow: Flow) -> str:
    """Return ``flow`` as a Mermaid flowchart."""
    lines = ["flowchart TD"]
    for node in flow.nodes.values():
        before, after = _mermaid_shape(node)
        lines.append(f'  {_mermaid_id(node.name)}{before}"{_caption(node)}"{after}')
    ways = sorted({end for _, end, _ in _arrows(flow) if end.startswith("@")})
    lines += [f'  {_mermaid_id(way)}(["{way}"])' for way in ways]
    asked = sorted({end for _, end, _ in _arrows(flow) if end.startswith(ASKED)})
    lines += [f'  {_mermaid_id(end)}[["{end.removeprefix(ASKED)}"]]' for end in asked]
    for start, end, label in _arrows(flow):
        arrow = f'-->|"{label}"|' if label else "-->"
        lines.append(f"  {_mermaid_id(start)} {arrow} {_mermaid_id(end)}")
    return "\n".join(lines) + "\n"


def dot(flow: Flow) -> str:
    """Return ``flow`` as a DOT digraph."""
    lines = [f'digraph "{flow.name}" {{', "  node [shape=box];"]
    for node in flow.nodes.values():
        lines.append(f'  "{node.name}" [label="{_caption(node)}", shape={_dot_shape(node)}];')
    for start, end, label in _arrows(flow):
        caption = f' [label="{label}"]' if label else ""
        lines.append(f'  "{start}" -> "{end}"{caption};')
    return "\n".join([*lines, "}"]) + "\n"


def _arrows(flow: Flow) -> Iterator[tuple[str, str, str]]:
    """Yield start, end and label; labels with the same ends stand on one arrow."""
    for node in flow.nodes.values():
        joined: dict[str, list[str]] = {}
        for edge in edges(node):
            if not _as_everywhere(node, edge.label, edge.target):
                end = node_of(edge.target) or _way(edge.target)
                joined.setdefault(end, []).append(edge.label)
        for end, labels in joined.items():
            yield node.name, end, ", ".join(label for label in labels if label)


def _as_everywhere(node: Node, label: str, target: object) -> bool:
    """Tell whether a way out is the one that every menu has, which would only clutter."""
    match target:
        case Take(way=Way.OFFER):
            return label == "exhausted"
        case Take(way=Way.BACK):
            return label == "*"
        case _:
            return False


def _way(target: object) -> str:
    match target:
        case Take(way=way):
            return way.value
        case Ask(flow=asked):
            return f"{ASKED}{asked}"
        case _:
            return ""


def _mermaid_id(end: str) -> str:
    """Return what a node or a way is called where Mermaid's own words cannot be names."""
    if end.startswith("@"):
        return f"way_{end.removeprefix('@')}"
    if end.startswith(ASKED):
        return f"asked_{end.removeprefix(ASKED)}"
    return f"{end}_" if end in _MERMAID_WORDS else end


def _caption(node: Node) -> str:
    match node:
        case CallNode(flow=called):
            return f"{node.name}: {called}"
        case _:
            return f"{node.name} ({kind_word(node)})"


def _mermaid_shape(node: Node) -> tuple[str, str]:
    match node:
        case MenuNode():
            return "{", "}"
        case CallNode():
            return "[[", "]]"
        case ReturnNode() | HangUpNode():
            return "([", "])"
        case SeekNode():
            return "[/", "/]"
        case _:
            return "[", "]"


def _dot_shape(node: Node) -> str:
    match node:
        case MenuNode():
            return "diamond"
        case ReturnNode() | HangUpNode():
            return "oval"
        case _:
            return "box"
