"""Taking plain fields out of a table of a flow file, with a finding for each that is wrong.

Nothing here raises: a wrong field gives a finding and a stand-in, so that one reading of a file
tells everything that is wrong with it. A set with findings is never used.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Self, TypeVar

from ivrengine.flow.findings import Finding, did_you_mean
from ivrengine.flow.yaml_tree import Row, Scalar, Table, Tree

EnumT = TypeVar("EnumT", bound=StrEnum)

MAX_SECONDS = 3600.0
"""The longest time that a flow may ask for."""


class Page:
    """One file being read: its name, and what is wrong with it so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def find(self, line: int, message: str, hint: str = "") -> None:
        """Note a fault."""
        self.findings.append(Finding(file=self.file, line=line, message=message, hint=hint))


class Fields:
    """The fields of one table. What nobody took by :meth:`finish` is unknown."""

    def __init__(self, page: Page, table: Table, where: str) -> None:
        self.page = page
        self.table = table
        self.where = where
        self._taken: set[str] = set()

    def take(self, name: str) -> Tree | None:
        """Return the field ``name`` as it stands, None when it is not there."""
        self._taken.add(name)
        return self.table.entries.get(name)

    def need(self, name: str) -> Tree | None:
        """Return the field ``name``, with a finding when it is not there."""
        tree = self.take(name)
        if tree is None:
            self.page.find(self.table.line, f"{self.where} has no {name}")
        return tree

    def finish(self) -> None:
        """Note every field that nothing took."""
        for name, line in self.table.key_lines.items():
            if name not in self._taken:
                hint = did_you_mean(name, self._taken)
                self.page.find(line, f"{self.where} has an unknown field {name}", hint)

    def word(self, name: str, default: str | None = None) -> str:
        """Return a text; needed when there is no default."""
        tree = self.take(name) if default is not None else self.need(name)
        if tree is None:
            return default or ""
        return self.as_word(name, tree)

    def as_word(self, name: str, tree: Tree) -> str:
        """Return ``tree`` as a text that is not empty."""
        if isinstance(tree, Scalar) and isinstance(tree.value, str) and tree.text:
            return tree.text
        self.wrong(tree, name, "a text")
        return ""

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        tree = self.take(name)
        if tree is None:
            return default
        if isinstance(tree, Scalar) and isinstance(tree.value, bool):
            return tree.value
        self.wrong(tree, name, "true or false")
        return default

    def count(self, name: str, default: int, *, least: int, most: int) -> int:
        """Return a whole number within its limits."""
        tree = self.take(name)
        if tree is None:
            return default
        value = tree.value if isinstance(tree, Scalar) else None
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.wrong(tree, name, f"a whole number from {least} to {most}")
        return default

    def seconds(self, name: str, default: float, *, least: float = 0.1) -> float:
        """Return a time in seconds, at most an hour."""
        tree = self.take(name)
        if tree is None:
            return default
        value = tree.value if isinstance(tree, Scalar) else None
        if (
            value is not None
            and not isinstance(value, bool | str)
            and least <= value <= MAX_SECONDS
        ):
            return float(value)
        self.wrong(tree, name, f"a number of seconds from {least:g} to {MAX_SECONDS:g}")
        return default

    def choice(self, name: str, choices: type[EnumT], default: EnumT | None = None) -> EnumT:
        """Return one word of a list; needed when there is no default."""
        members = list(choices)
        tree = self.take(name) if default is not None else self.need(name)
        if tree is None:
            return default or members[0]
        word = self.as_word(name, tree)
        for member in members:
            if member.value == word:
                return member
        if word:
            self.unknown_word(tree, name, word, members)
        return default or members[0]

    def unknown_word(self, tree: Tree, name: str, word: str, known: Iterable[str]) -> None:
        """Note a word that is not among those that may stand here."""
        names = [str(each) for each in known]
        hint = did_you_mean(word, names) or f"known are {', '.join(names)}"
        self.page.find(tree.line, f"{self.where}: {name} cannot be {word}", hint)

    def rows(self, name: str) -> tuple[Tree, ...]:
        """Return the members of a list; a single plain value or table stands for a list of one."""
        tree = self.take(name)
        if tree is None:
            return ()
        return tree.items if isinstance(tree, Row) else (tree,)

    def entries(self, name: str) -> dict[str, Tree]:
        """Return the fields of a table within this one; empty when it is not there."""
        tree = self.take(name)
        if tree is None:
            return {}
        if isinstance(tree, Table):
            return tree.entries
        self.wrong(tree, name, "a table")
        return {}

    def inner(self, name: str) -> Self | None:
        """Return a table within this one as fields of its own, None when it is not there."""
        tree = self.take(name)
        if tree is None:
            return None
        if isinstance(tree, Table):
            return type(self)(self.page, tree, f"{self.where}: {name}")
        self.wrong(tree, name, "a table")
        return None

    def wrong(self, tree: Tree, name: str, wanted: str) -> None:
        """Note a field whose value is not what is wanted."""
        self.page.find(tree.line, f"{self.where}: {name} has to be {wanted}")
