"""What is wrong with a set of flow files, each with its place, so that all is told at once."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from ivrengine.errors import FlowError


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """One fault. ``line`` and ``column`` count from 1; a column of 0 means the whole line.

    ``hint`` says what to do, where that is known.
    """

    file: str
    line: int
    column: int = 0
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.line}:{self.column}" if self.column else f"{self.line}"
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.file}:{place}: {self.message}{hint}"


def refuse(findings: Iterable[Finding]) -> None:
    """Raise when there is any finding.

    Raises:
        FlowError: its message holds the findings, one a line, in the order of files and lines.
    """
    lines = [str(finding) for finding in sorted(set(findings))]
    if lines:
        raise FlowError("\n".join(lines), remedy="correct the flow files; nothing was changed")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint with the known word nearest to ``word``, empty when none is near."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean {near[0]}?" if near else ""
