"""What a caller needs of an agent: expressions over skills and their levels.

Written as ``trading >= 3 and (zh or en >= 2) and not trainee``; ``and`` binds closer than ``or``,
and ``not`` closer than both. A name alone asks for level 1. An agent without a skill has it at
level 0. ``anybody`` and ``nobody`` are the expressions that everybody and nobody meets. Branch,
dialect and language are skills like any other: ``branch.suzhou``, ``dialect.wu``, ``lang.en``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, NewType

SkillName = NewType("SkillName", str)

_TOKEN = re.compile(r"\s*(?:(?P<level>\d+)\b|(?P<name>[^\W\d][\w.-]*)|(?P<sign>>=|[()]))")
_WORDS = frozenset({"and", "or", "not", "anybody", "nobody"})
# Deeper than anybody writes, and shallow enough for the reader's and every later recursion.
_DEEPEST = 50


class RequirementError(ValueError):
    """A text is no requirement; ``column`` counts from 1 and points at what was not understood."""

    def __init__(self, text: str, column: int, message: str) -> None:
        super().__init__(f"{message} (column {column} of {text!r})")
        self.text = text
        self.column = column
        self.message = message


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Met by whoever has ``skill`` at ``level`` or above."""

    skill: SkillName
    level: int = 1

    def met_by(self, skills: Mapping[SkillName, int]) -> bool:
        """Tell whether an agent with ``skills`` will do."""
        return skills.get(self.skill, 0) >= self.level

    def __str__(self) -> str:
        return self.skill if self.level == 1 else f"{self.skill} >= {self.level}"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Met by whoever meets every part; without parts by everybody.

    ``kind`` tells this shape from :class:`AnyOf` where both are written down as plain values.
    """

    parts: tuple["Requirement", ...]
    kind: Literal["all"] = field(default="all", repr=False)

    def met_by(self, skills: Mapping[SkillName, int]) -> bool:
        """Tell whether an agent with ``skills`` will do."""
        return all(part.met_by(skills) for part in self.parts)

    def __str__(self) -> str:
        return _joined(self.parts, " and ") if self.parts else "anybody"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Met by whoever meets one part; without parts by nobody."""

    parts: tuple["Requirement", ...]
    kind: Literal["any"] = field(default="any", repr=False)

    def met_by(self, skills: Mapping[SkillName, int]) -> bool:
        """Tell whether an agent with ``skills`` will do."""
        return any(part.met_by(skills) for part in self.parts)

    def __str__(self) -> str:
        return _joined(self.parts, " or ") if self.parts else "nobody"


@dataclass(frozen=True, slots=True)
class Not:
    """Met by whoever does not meet ``part``."""

    part: "Requirement"

    def met_by(self, skills: Mapping[SkillName, int]) -> bool:
        """Tell whether an agent with ``skills`` will do."""
        return not self.part.met_by(skills)

    def __str__(self) -> str:
        return f"not {_enclosed(self.part)}"


Requirement = AtLeast | AllOf | AnyOf | Not
ANYBODY = AllOf(())


def _joined(parts: tuple[Requirement, ...], word: str) -> str:
    return str(parts[0]) if len(parts) == 1 else word.join(map(_enclosed, parts))


def _enclosed(part: Requirement) -> str:
    several = isinstance(part, AllOf | AnyOf) and bool(part.parts)
    return f"({part})" if several else str(part)


def parse_requirement(text: str) -> Requirement:
    """Read ``text``; a text of blanks only asks for anybody.

    Raises:
        RequirementError: it is no requirement; says where.
    """
    return _Reader(text).read()


class _Token(NamedTuple):
    kind: str
    text: str
    column: int


class _Reader:
    """Reads one text from left to right, one token ahead."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._split()
        self._next = next(self._tokens)
        self._depth = 0

    def _split(self) -> Iterator[_Token]:
        at, end = 0, len(self._text.rstrip())
        while at < end:
            match = _TOKEN.match(self._text, at)
            if match is None:
                at += len(self._text[at:]) - len(self._text[at:].lstrip())
                raise self._fault("a skill, a level or a sign is expected", at + 1)
            kind, found = str(match.lastgroup), match[str(match.lastgroup)]
            word = kind == "name" and found in _WORDS
            yield _Token("word" if word else kind, found, match.start(kind) + 1)
            at = match.end()
        yield _Token("end", "", end + 1)

    def _fault(self, message: str, column: int) -> RequirementError:
        return RequirementError(self._text, column, message)

    def _take(self) -> _Token:
        token = self._next
        if token.kind != "end":
            self._next = next(self._tokens)
        return token

    def _takes(self, text: str) -> bool:
        """Take the next token if it is this word or sign."""
        if self._next.text != text or self._next.kind not in ("word", "sign"):
            return False
        self._take()
        return True

    def read(self) -> Requirement:
        if self._next.kind == "end":
            return ANYBODY
        whole = self._alternatives()
        if self._next.kind != "end":
            raise self._fault(f"'{self._next.text}' is one too many", self._next.column)
        return whole

    def _alternatives(self) -> Requirement:
        parts = [self._conjunction()]
        while self._takes("or"):
            parts.append(self._conjunction())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _conjunction(self) -> Requirement:
        parts = [self._term()]
        while self._takes("and"):
            parts.append(self._term())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _term(self) -> Requirement:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._fault(f"more than {_DEEPEST} levels deep", self._next.column)
        term = self._nested()
        self._depth -= 1
        return term

    def _nested(self) -> Requirement:
        token = self._take()
        match token:
            case _Token("word", "not"):
                return Not(self._term())
            case _Token("word", "anybody"):
                return ANYBODY
            case _Token("word", "nobody"):
                return AnyOf(())
            case _Token("sign", "("):
                inner = self._alternatives()
                if not self._takes(")"):
                    raise self._fault("')' is missing", self._next.column)
                return inner
            case _Token("name"):
                return AtLeast(SkillName(token.text), self._level())
            case _:
                raise self._fault("a skill is expected", token.column)

    def _level(self) -> int:
        if not self._takes(">="):
            return 1
        token = self._take()
        if token.kind != "level" or int(token.text) < 1:
            raise self._fault("a level from 1 is expected", token.column)
        return int(token.text)
