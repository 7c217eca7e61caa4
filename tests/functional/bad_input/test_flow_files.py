"""Flow files with faults: told by file and line, and never put in the place of good ones."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functional.bad_input.conftest import flows_to_change
from tests.functional.conftest import NewCaller
from tests.kit.instance import PROJECT, Instance
from tests.kit.person import Caller
from tests.kit.records import record_of
from tests.kit.walks import comes_to_the_menu

pytestmark = [pytest.mark.functional, pytest.mark.timeout(90)]

CHECK = (sys.executable, "-m", "ivrengine", "check")
FAULTS = {
    "a line that is no YAML": ("next: choose_language", "next: @choose_language", "not readable"),
    "a node that does not exist": ("1: quotes", "1: quoted", "quoted"),
    "a prompt that does not exist": ("menu: menu.main", "menu: menu.man", "menu.man"),
}
"""In main.yaml: what is replaced, by what, and what the complaint must name."""


@pytest.fixture
def instance(hasty_instance: Instance) -> Instance:
    return hasty_instance


@pytest.fixture
def files(flows: Path) -> Iterator[Path]:
    """The flows of the running system, put back in the end."""
    kept = {file: file.read_text(encoding="utf-8") for file in flows.glob("*.yaml")}
    yield flows
    for file, text in kept.items():
        file.write_text(text, encoding="utf-8")


def replace(file: Path, old: str, new: str) -> int:
    """Replaces a piece of a file; the number of its line."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{file} has no {old!r}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def checked(instance: Instance, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CHECK, str(folder)],
        cwd=PROJECT,
        env=instance.environment | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_told_with_its_line(
    hasty_instance: Instance, tmp_path: Path, fault: str
) -> None:
    old, new, named = FAULTS[fault]
    folder = flows_to_change(tmp_path / "flows")
    line = replace(folder / "main.yaml", old, new)
    told = await asyncio.to_thread(checked, hasty_instance, folder)
    assert told.returncode == 1, told.stdout + told.stderr
    said = told.stdout + told.stderr
    assert f"main.yaml:{line}:" in said, said
    assert named in said
    assert "Traceback" not in said


async def test_a_prompt_without_one_of_its_languages_is_told(
    hasty_instance: Instance, tmp_path: Path
) -> None:
    prompts = tmp_path / "prompts"
    shutil.copytree(PROJECT / "prompts" / "texts", prompts / "texts")
    replace(prompts / "texts" / "menus.yaml", "  en: I did not hear a key.\n", "")
    told = await asyncio.to_thread(
        checked, hasty_instance, PROJECT / "dialplans" / "demo", IVRENGINE_PROMPTS=str(prompts)
    )
    said = told.stdout + told.stderr
    assert told.returncode == 1, said
    assert "menus.yaml" in said
    assert "common.no_input" in said
    assert "en" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("fault", FAULTS)
async def test_files_with_a_fault_do_not_replace_the_flows_in_force(
    instance: Instance, files: Path, caller: Caller, fault: str
) -> None:
    old, new, named = FAULTS[fault]
    mark = instance.log.mark()
    replace(files / "main.yaml", old, new)
    instance.reload_flows()
    refused = await instance.log.tells("reload_refused", since=mark)
    assert named in refused["fault"]
    assert refused["level"] == "error"
    await comes_to_the_menu(caller)
    await caller.presses("1")
    await caller.hears("quotes.notice", language="zh")
    await caller.hangs_up()


async def test_a_call_stays_on_the_flows_it_began_with(
    instance: Instance, files: Path, new_caller: NewCaller
) -> None:
    before, after = await new_caller("13900000041"), await new_caller("13900000042")
    await comes_to_the_menu(before)
    mark = instance.log.mark()
    replace(files / "main.yaml", "      4: mailbox", "      4: mailbox\n      7: mailbox")
    instance.reload_flows()
    loaded = await instance.log.tells("reloaded", since=mark)
    assert any(change.startswith("flow main: version") for change in loaded["changes"])
    await comes_to_the_menu(after)
    await before.presses("7")
    await after.presses("7")
    await before.hears("common.no_match", language="zh")
    await after.hears("mailbox.menu", language="zh")
    await before.hangs_up()
    await after.hangs_up()
    versions = [
        (await record_of(instance.api, number)).of_kind("node-reached")[0]["version"]
        for number in ("13900000041", "13900000042")
    ]
    assert versions[0] != versions[1]
