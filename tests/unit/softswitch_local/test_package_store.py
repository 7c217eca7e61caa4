"""The store of package trees: where it lies, and what it needs."""

from pathlib import Path

import pytest

from ivrengine.errors import ConfigError
from ivrengine.softswitch.local.debian.progress import PrintedLines, Step, silent
from ivrengine.softswitch.local.debian.store import PackageStore, Recipe, cache_folder
from ivrengine.softswitch.local.debian.tree import PackageTree, unpack

pytestmark = pytest.mark.unit

RECIPE = Recipe(name="tool", packages=("tool",))


def test_the_cache_lies_where_the_environment_says(tmp_path: Path) -> None:
    fallback = tmp_path / "fallback"
    chosen = {"IVRENGINE_CACHE_DIR": "/chosen", "XDG_CACHE_HOME": str(tmp_path / "xdg")}
    assert cache_folder(chosen, fallback=fallback) == Path("/chosen")
    xdg = {"XDG_CACHE_HOME": str(tmp_path / "xdg"), "HOME": str(tmp_path)}
    assert cache_folder(xdg, fallback=fallback) == tmp_path / "xdg/ivrengine"
    home = {"HOME": str(tmp_path)}
    assert cache_folder(home, fallback=fallback) == tmp_path / ".cache/ivrengine"


def test_without_a_home_that_can_be_written_the_fallback_is_taken(tmp_path: Path) -> None:
    fallback = tmp_path / "fallback"
    (tmp_path / "file").touch()
    assert cache_folder({}, fallback=fallback) == fallback
    assert cache_folder({"HOME": str(tmp_path / "file")}, fallback=fallback) == fallback


def test_a_tree_that_is_there_is_not_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tool").mkdir()
    monkeypatch.setattr("ivrengine.softswitch.local.debian.store.missing_tools", lambda: ())
    store = PackageStore(tmp_path)
    assert store.fetch(RECIPE, silent) == store.tree(RECIPE)


def test_a_machine_without_apt_is_told_what_to_do_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="lacks apt-get") as fault:
        PackageStore(tmp_path).fetch(RECIPE, silent)
    assert "softswitch.asterisk_path" in fault.value.remedy


def test_a_tree_that_lacks_its_program_never_appears(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="hold no usr/bin/tool"):
        unpack((), tmp_path / "tool", programs=("usr/bin/tool",), report=silent)
    assert not PackageTree(tmp_path / "tool").exists()


def test_the_script_of_a_program_runs_it_through_the_trees_own_loader(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    libraries = root / "usr/lib/riscv64-linux-gnu"
    libraries.mkdir(parents=True)
    (libraries / "ld-linux-riscv64-lp64d.so.1").touch()
    (root / "usr/bin").mkdir()
    (root / "usr/bin/tool").touch()
    tree = PackageTree(root)
    tree.add_command("usr/bin/tool")
    script = tree.command("tool")
    assert script.stat().st_mode & 0o111
    assert "usr/lib/riscv64-linux-gnu/ld-linux-riscv64-lp64d.so.1" in script.read_text()
    assert str(tmp_path) not in script.read_text(), "a tree can be moved"


def test_printed_progress_has_a_line_for_each_step_and_tenth() -> None:
    lines: list[str] = []
    report = PrintedLines(lines.append)
    report(Step(what="looking"))
    for done in range(1, 101):
        report(Step(what="unpacking", done=done, total=100, unit="packages"))
    assert lines[0] == "looking"
    assert lines[1] == "unpacking: 1 of 100 packages"
    assert lines[-1] == "unpacking: 100 of 100 packages"
    assert len(lines) == 12
