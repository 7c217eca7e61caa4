"""A YAML file of an operator, read into models, with the place of everything that is wrong in it.

All faults of a file are found in one go, so that nobody mends one only to be told of the next.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ivrengine.flow.findings import Finding, did_you_mean
from ivrengine.flow.yaml_tree import Row, Scalar, Table, Tree, read_tree

M = TypeVar("M", bound=BaseModel)
Path = Sequence[int | str]
"""The way to a part of the file: names of keys, and places in lists from 0."""

_QUOTES = "put it in quotes, so that it is a text"


class YamlSheet:
    """One file; ``findings`` gathers what is wrong in it.

    Raises:
        Unreadable: the text is no YAML that is taken.
    """

    def __init__(self, file: str, text: str) -> None:
        self.findings: list[Finding] = []
        self._file = file
        self._tree = read_tree(file, text)

    def take(self, model: type[M], path: Path = ()) -> M | None:
        """Return what stands at ``path`` as ``model``; None when it is faulty, which is noted."""
        try:
            return model.model_validate(_plain(self._at(path)))
        except ValidationError as refusal:
            for error in refusal.errors():
                self._note(model, path, error)
            return None

    def take_each(self, model: type[M], key: str) -> Mapping[int, M]:
        """Return the entries of the list ``key`` that are right, by their place in it."""
        found = self._tree.entries.get(key)
        places = range(len(found.items)) if isinstance(found, Row) else ()
        taken = ((place, self.take(model, (key, place))) for place in places)
        return {place: entry for place, entry in taken if entry is not None}

    def written(self, key: str, field: str) -> Mapping[int, str]:
        """Return the texts of ``field`` in the list ``key`` by place, also of faulty entries."""
        found = self._tree.entries.get(key)
        texts: dict[int, str] = {}
        for place, entry in enumerate(found.items if isinstance(found, Row) else ()):
            value = entry.entries.get(field) if isinstance(entry, Table) else None
            if isinstance(value, Scalar):
                texts[place] = value.text
        return texts

    def fault(self, path: Path, message: str, hint: str = "", *, offset: int = 0) -> None:
        """Note a fault of the value at ``path``, ``offset`` characters into it."""
        tree = self._at(path)
        quote = 1 if offset and isinstance(tree, Scalar) and tree.is_quoted else 0
        self._find(tree.line, tree.column + offset + quote, message, hint)

    def has(self, key: str) -> bool:
        """Tell whether the file has ``key``."""
        return key in self._tree.entries

    def keys(self, *, required: Sequence[str], optional: Sequence[str] = ()) -> None:
        """Note every key of the file that is missing, unknown, or no list where it has to be."""
        known = (*required, *optional)
        for key in self._tree.entries:
            if key not in known:
                self._key_fault(self._tree, key, known)
        for key in required:
            if not self.has(key):
                self.fault((), f"{key} is missing")
            elif not isinstance(self._at((key,)), Row):
                self.fault((key,), f"{key}: a list is expected")

    def line(self, path: Path) -> int:
        """Return the line of the value at ``path``."""
        return self._at(path).line

    def _at(self, path: Path) -> Tree:
        """Return the innermost part of ``path`` that is there."""
        tree: Tree = self._tree
        for step in path:
            tree = _inner(tree, step) or tree
        return tree

    def _note(self, model: type[BaseModel], base: Path, error: ErrorDetails) -> None:
        path = (*base, *error["loc"])
        around = self._at(path[:-1])
        kind, last = error["type"], str(path[-1]) if path else ""
        if kind == "extra_forbidden" and isinstance(around, Table):
            self._key_fault(around, last, _fields_at(model, error["loc"][:-1]))
            return
        tree = around if kind == "missing" else self._at(path)
        message = f"{last} is missing" if kind == "missing" else _words(error)
        place = self._place(path)
        hint = _QUOTES if kind == "string_type" else ""
        self._find(tree.line, tree.column, f"{place}: {message}" if place else message, hint)

    def _place(self, path: Path) -> str:
        """Return ``path`` for people, without the names that only a choice goes by."""
        steps: list[str] = []
        tree: Tree = self._tree
        for step in path:
            inner = _inner(tree, step)
            if inner is not None:
                steps.append(str(step))
                tree = inner
        return ".".join(steps)

    def _key_fault(self, table: Table, key: str, known: Sequence[str]) -> None:
        line = table.key_lines.get(key, table.line)
        column = table.key_columns.get(key, table.column)
        hint = did_you_mean(key, known) or f"known are {', '.join(known)}"
        self._find(line, column, f"there is no key {key}", hint)

    def _find(self, line: int, column: int, message: str, hint: str) -> None:
        self.findings.append(
            Finding(file=self._file, line=line, column=column, message=message, hint=hint)
        )


def _words(error: ErrorDetails) -> str:
    message = error["msg"].removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _inner(tree: Tree, step: int | str) -> Tree | None:
    match tree:
        case Table() if isinstance(step, str):
            return tree.entries.get(step)
        case Row() if isinstance(step, int) and step < len(tree.items):
            return tree.items[step]
        case _:
            return None


def _plain(tree: Tree) -> Any:
    match tree:
        case Table():
            return {key: _plain(value) for key, value in tree.entries.items()}
        case Row():
            return [_plain(item) for item in tree.items]
        case Scalar():
            return tree.value


def _fields_at(model: type[BaseModel], path: Path) -> Sequence[str]:
    """Return the names of the fields that the models at ``path`` below ``model`` have."""
    models = {model}
    for step in path:
        fields = [m.model_fields[str(step)] for m in models if str(step) in m.model_fields]
        if fields:
            models = {inner for field in fields for inner in _models_in(field.annotation)}
    tagged = {m for m in models if path and _is_tagged(m, str(path[-1]))}
    return sorted({name for m in tagged or models for name in m.model_fields})


def _is_tagged(model: type[BaseModel], tag: str) -> bool:
    return any(tag in get_args(field.annotation) for field in model.model_fields.values())


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
