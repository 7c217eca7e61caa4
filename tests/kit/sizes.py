"""Holds files and functions to the sizes at which they can still be read.

    python -m tests.kit.sizes FOLDER...

Prints one line for each that is too large and ends with exit code 1 if there is any.
"""

import ast
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 60

Function = ast.FunctionDef | ast.AsyncFunctionDef


def findings_in(file: Path) -> Iterator[str]:
    """Yield a line for everything in ``file`` that is too large."""
    text = file.read_text(encoding="utf-8")
    lines = text.count("\n")
    if lines > MOST_LINES_OF_A_FILE:
        yield f"{file}: {lines} lines, at most {MOST_LINES_OF_A_FILE}"
    for node in ast.walk(ast.parse(text, filename=str(file))):
        if isinstance(node, Function):
            yield from _findings_about(node, file)


def _findings_about(function: Function, file: Path) -> Iterator[str]:
    where = f"{file}:{function.lineno}: {function.name}"
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if lines > MOST_LINES_OF_A_FUNCTION:
        yield f"{where}: {lines} lines, at most {MOST_LINES_OF_A_FUNCTION}"


def main(folders: Sequence[str]) -> int:
    """Check every Python file below ``folders``; return the exit code."""
    files = sorted(file for folder in folders for file in Path(folder).rglob("*.py"))
    findings = [finding for file in files for finding in findings_in(file)]
    print("\n".join(findings) or f"{len(files)} files are of readable size")
    return 1 if findings or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
