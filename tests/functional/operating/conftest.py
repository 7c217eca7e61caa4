"""A system whose agents and queues belong to the test, put back after each."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.functional.conftest import StartInstance
from tests.kit.api import asked
from tests.kit.instance import PROJECT, Instance


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterFiles:
    """The operator's files of a running system."""

    folder: Path
    instance: Instance

    def edit(self, file: str, old: str, new: str) -> None:
        """Replaces a piece of a file; nobody is told."""
        text = self.text(file)
        assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times"
        self.write(file, text.replace(old, new))

    def write(self, file: str, text: str) -> None:
        """Writes a whole file; nobody is told."""
        (self.folder / file).write_text(text, encoding="utf-8")

    def text(self, file: str) -> str:
        """What a file says at this moment."""
        return (self.folder / file).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def roster_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demonstration's files of agents, queues and calendars."""
    folder = tmp_path_factory.mktemp("roster") / "demo"
    folder.mkdir()
    for file in ("agents.yaml", "queues.yaml", "calendars.yaml"):
        shutil.copy(PROJECT / "data" / "demo" / file, folder)
    queues = folder / "queues.yaml"
    # Agents are joined with callers without being told first who comes.
    text = queues.read_text("utf-8").replace("    members:", "    whisper: false\n    members:")
    queues.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def operated_instance(
    start_instance: StartInstance, tmp_path_factory: pytest.TempPathFactory, roster_folder: Path
) -> Instance:
    """A system over `roster_folder`."""
    settings = {"IVRENGINE_ROSTER": str(roster_folder)}
    return start_instance(tmp_path_factory.mktemp("operated"), settings)


@pytest.fixture
def instance(operated_instance: Instance) -> Instance:
    return operated_instance


@pytest.fixture
async def files(instance: Instance, roster_folder: Path) -> AsyncIterator[RosterFiles]:
    """The files of the running system, put back and read again in the end."""
    files = RosterFiles(folder=roster_folder, instance=instance)
    names = ("agents.yaml", "queues.yaml", "calendars.yaml")
    kept = {name: files.text(name) for name in names}
    yield files
    for name, text in kept.items():
        files.write(name, text)
    await asked(lambda: instance.api.post("/api/reload"))
