"""The script that holds code to readable sizes."""

from pathlib import Path

import pytest

from tests.kit.sizes import findings_in, main

pytestmark = pytest.mark.unit


def _file(folder: Path, text: str) -> Path:
    file = folder / "code.py"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_file_and_a_function_at_the_limit_pass(tmp_path: Path) -> None:
    function = "def f() -> None:\n" + "    f()\n" * 59
    file = _file(tmp_path, function + "\n" * 340)
    assert list(findings_in(file)) == []
    assert main([str(tmp_path)]) == 0


def test_one_line_more_is_found_and_fails(tmp_path: Path) -> None:
    function = "async def f() -> None:\n" + "    f()\n" * 60
    file = _file(tmp_path, function + "\n" * 340)
    assert list(findings_in(file)) == [
        f"{file}: 401 lines, at most 400",
        f"{file}:1: f: 61 lines, at most 60",
    ]
    assert main([str(tmp_path)]) == 1


def test_a_folder_without_code_is_a_mistake_and_fails(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 1
