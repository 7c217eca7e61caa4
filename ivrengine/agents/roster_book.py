"""The roster in force and the files that it was read from; how both are changed together.

A reading or an edit is first prepared, which changes nothing and tells all that is wrong, then put
in force at once. An edit over the API is written into the files before, with all their comments, so
that files and engine never differ.
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ivrengine.agents.changes import Prepared
from ivrengine.agents.roster import Roster
from ivrengine.agents.roster_diff import roster_differences
from ivrengine.agents.roster_edits import Edit
from ivrengine.agents.roster_files import HasPrompt, Texts, read_roster, read_texts
from ivrengine.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRoster(Prepared):
    """A roster that was found right."""

    roster: Roster


class FilesDiffer(ConfigError):
    """The files were edited since they were read, so that an edit would bring that along."""


class RosterBook:
    """Holds the roster.

    Args:
        folder: where agents.yaml, queues.yaml and calendars.yaml lie.
        has_prompt: tells whether a prompt exists that a queue names.
        today: tells the day by which licences are judged; without it all are taken for valid.

    Raises:
        ConfigError: with every fault of the files.
    """

    def __init__(
        self, folder: Path, has_prompt: HasPrompt, *, today: Callable[[], date] | None = None
    ) -> None:
        self._folder = folder
        self._today = today
        self._has_prompt = has_prompt
        self._texts = read_texts(folder)
        self._roster = self._checked(self._texts)
        self._told: list[Callable[[Roster], None]] = []

    @property
    def roster(self) -> Roster:
        """The roster in force."""
        return self._roster

    def when_changed(self, tell: Callable[[Roster], None]) -> None:
        """Have ``tell`` called with every other roster that is put in force."""
        self._told.append(tell)

    def turn_day(self) -> None:
        """Put the same roster in force anew if the day is another: licences expire by themselves.

        Whoever talks or rings is not disturbed, as with any other roster.
        """
        if self._dated(self._roster).day != self._roster.day:
            self._put_in_force(self._roster)

    def _dated(self, roster: Roster) -> Roster:
        return roster if self._today is None else roster.on(self._today())

    def _put_in_force(self, roster: Roster) -> None:
        self._roster = self._dated(roster)
        for tell in self._told:
            tell(self._roster)

    def prepare(self) -> PreparedRoster:
        """Read the files again; see :class:`ivrengine.agents.changes.Book`."""
        texts = read_texts(self._folder)
        return self._prepared(texts, self._checked(texts))

    async def edit(self, edit: Edit) -> PreparedRoster:
        """Write ``edit`` into the files and return what is to be put in force then.

        Raises:
            FilesDiffer: the files are not those in force; nothing was written.
            ConfigError: with every fault that the edit would make; nothing was written.
        """
        return await asyncio.to_thread(self._edit, edit)

    def _edit(self, edit: Edit) -> PreparedRoster:
        if read_texts(self._folder) != self._texts:
            raise FilesDiffer(
                f"the files in {self._folder} were edited since they were read",
                remedy="put them in force first: `ivrengine reload`, or POST /api/reload",
            )
        texts = {**self._texts, **edit(self._texts, self._roster)}
        prepared = self._prepared(texts, self._checked(texts))
        for name, text in texts.items():
            if text != self._texts.get(name):
                _replace(self._folder / name, text)
        return prepared

    def _checked(self, texts: Texts) -> Roster:
        read = read_roster(texts, self._has_prompt)
        if read.roster is None:
            raise ConfigError(
                "\n".join(map(str, read.findings)),
                remedy=f"correct the files in {self._folder}; nothing was changed",
            )
        return self._dated(read.roster)

    def _prepared(self, texts: Texts, roster: Roster) -> PreparedRoster:
        changes = roster_differences(self._roster, roster)

        def put_in_force() -> None:
            self._texts = texts
            if changes:
                self._put_in_force(roster)

        return PreparedRoster(changes=changes, put_in_force=put_in_force, roster=roster)


def _replace(path: Path, text: str) -> None:
    """Put ``text`` in the place of the file at once, so that nobody ever reads half of it."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_text(text, encoding="utf-8")
        if path.exists():
            fresh.chmod(path.stat().st_mode)
        fresh.replace(path)
    except OSError as fault:
        raise ConfigError(
            f"{path} cannot be written: {fault.strerror}",
            remedy="let the engine write to that folder, or edit the file and reload",
        ) from fault
