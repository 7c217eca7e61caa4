"""A system with few lines, and callers of every class."""

from pathlib import Path

import pytest

from tests.functional.conftest import StartInstance
from tests.kit.instance import PROJECT, Instance

FEW_LINES = """\
classes:
  trading: {band: 0}

groups:
  - name: main
    lines: 4
    classes:
      registered: {leaves_free: 1}
      ordinary: {leaves_free: 2}
  - name: tollfree
    lines: 3
    classes:
      ordinary:
        leaves_free: 2
        refused: {answer: 486, apology: {say: [system.busy], answered: false}}
      registered:
        at_most: 0
        refused: {apology: {say: [system.busy], answered: true}}
      apology: {leaves_free: 1, at_most: 1}
"""


@pytest.fixture(scope="session")
def lines_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of lines of that system."""
    file = tmp_path_factory.mktemp("lines") / "lines.yaml"
    file.write_text(FEW_LINES, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def instance(
    start_instance: StartInstance, tmp_path_factory: pytest.TempPathFactory, lines_file: Path
) -> Instance:
    """A system whose flows let a caller prove to be a customer."""
    settings = {
        "IVRENGINE_LINES": str(lines_file),
        "IVRENGINE_DIALPLANS": str(PROJECT / "tests" / "kit" / "identification"),
    }
    return start_instance(tmp_path_factory.mktemp("few-lines"), settings)
