"""A YAML text as a small tree in which everything knows its line and column, both from 1.

Only what operators' files need is taken: one document of tables, lists and plain values. Anchors,
tags and doubled keys are refused, because each makes a file mean something else than it shows.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ivrengine.errors import FlowError
from ivrengine.flow.findings import Finding

MAX_DEPTH = 20
"""Tables and lists inside one another."""

Plain = str | int | Decimal | bool | None

_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset(
    f"{_TAG}{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A plain value; ``text`` is how it was written, and stands for itself where it is a date.

    ``is_quoted`` tells that ``text`` begins one column after ``column``.
    """

    line: int
    column: int = 0
    text: str
    value: Plain
    is_quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A list."""

    line: int
    column: int = 0
    items: tuple["Tree", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A mapping; its keys are the texts as written, in the order of the file."""

    line: int
    column: int = 0
    entries: dict[str, "Tree"] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)
    key_columns: dict[str, int] = field(default_factory=dict)


Tree = Scalar | Row | Table


class Unreadable(FlowError):
    """The text is no YAML that is taken here; carries what was found."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def read_tree(file: str, text: str) -> Table:
    """Return the one table that ``text`` is.

    Raises:
        Unreadable: it is not, or holds what is refused.
    """
    try:
        root = YAML().compose(text)
    except MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        message = f"not readable as YAML: {fault.problem or fault.context}"
        raise Unreadable(Finding(file=file, line=line, column=column, message=message)) from fault
    except (YAMLError, ValueError) as fault:
        message = f"not readable as YAML: {str(fault).splitlines()[0]}"
        raise Unreadable(Finding(file=file, line=1, message=message)) from fault
    except RecursionError as fault:
        message = f"more than {MAX_DEPTH} levels inside one another"
        raise Unreadable(Finding(file=file, line=1, message=message)) from fault
    if not isinstance(root, MappingNode):
        raise Unreadable(Finding(file=file, line=1, message="a table of fields is expected"))
    return _Grower(file).table(root, 0)


class _Grower:
    def __init__(self, file: str) -> None:
        self._file = file
        self._seen: set[int] = set()

    def table(self, node: MappingNode, depth: int) -> Table:
        table = Table(line=_line(node), column=_column(node))
        for key_node, value_node in node.value:
            key, line = self._key(key_node), _line(key_node)
            if key in table.entries:
                first = table.key_lines[key]
                raise self._refusal(key_node, f"{key} stands here twice, first in line {first}")
            table.entries[key] = self._tree(value_node, depth + 1)
            table.key_lines[key] = line
            table.key_columns[key] = _column(key_node)
        return table

    def _tree(self, node: Node, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            raise self._refusal(node, f"more than {MAX_DEPTH} levels inside one another")
        if node.anchor is not None or id(node) in self._seen:
            raise self._refusal(node, "anchors and aliases are not taken")
        self._seen.add(id(node))
        match node:
            case MappingNode():
                return self.table(node, depth)
            case SequenceNode():
                items = tuple(self._tree(item, depth + 1) for item in node.value)
                return Row(line=_line(node), column=_column(node), items=items)
            case _:
                return self._scalar(node)

    def _scalar(self, node: Node) -> Scalar:
        text = str(node.value)
        kind = str(node.tag)
        if not isinstance(node, ScalarNode) or kind not in _PLAIN_TAGS:
            raise self._refusal(node, f"the tag {kind} is not taken")
        value: Plain = text
        match kind.removeprefix(_TAG):
            case "int" if text.isdecimal() or text[1:].isdecimal():
                value = int(text)
            case "float" if text.replace(".", "", 1).lstrip("-").isdecimal():
                value = Decimal(text)
            case "bool":
                value = text.lower() == "true"
            case "null":
                value = None
        return Scalar(
            line=_line(node),
            column=_column(node),
            text=text,
            value=value,
            is_quoted=node.style in ("'", '"'),
        )

    def _key(self, node: Node) -> str:
        if not isinstance(node, ScalarNode) or node.anchor is not None:
            raise self._refusal(node, "a field's name has to be plain")
        return str(node.value)

    def _refusal(self, node: Node, message: str) -> Unreadable:
        line, column = _line(node), _column(node)
        return Unreadable(Finding(file=self._file, line=line, column=column, message=message))


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _column(node: Node) -> int:
    return int(node.start_mark.column) + 1
