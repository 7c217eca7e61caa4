"""The rules of lines in force, and the file that they come from.

A number of the settings may state the lines of its group by itself. Then they are for anybody, and
what the file says of that group does not count: so a test, or a small site, needs no file.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from acd.trunk_groups import TrunkGroup
from ivrengine.agents.changes import Change, Prepared, differences, field_differences
from ivrengine.agents.roster_files import HasPrompt
from ivrengine.calls.line_file import LineFile, read_lines
from ivrengine.calls.line_rules import LineRules
from ivrengine.calls.routes import NumberSettings
from ivrengine.errors import ConfigError


class LineBook:
    """Holds the rules of lines.

    Args:
        path: the file.
        numbers: the numbers that callers dial, and over which groups.
        has_prompt: tells whether a prompt of an apology exists.

    Raises:
        ConfigError: with every fault, one a line as ``file:line:column: what is wrong``.
    """

    def __init__(
        self, path: Path, numbers: Sequence[NumberSettings], has_prompt: HasPrompt
    ) -> None:
        self._path = path
        self._numbers = numbers
        self._has_prompt = has_prompt
        self._file = self._read()
        self._told: list[Callable[[LineRules], None]] = []

    @property
    def rules(self) -> LineRules:
        """The rules in force."""
        return self._file.as_rules(plain_groups(self._numbers))

    def when_changed(self, tell: Callable[[LineRules], None]) -> None:
        """Have ``tell`` called with all other rules that are put in force."""
        self._told.append(tell)

    def prepare(self) -> Prepared:
        """Read the file again; see :class:`ivrengine.agents.changes.Book`."""
        fresh = self._read()
        changes = _differences(self._file, fresh)

        def put_in_force() -> None:
            if changes:
                self._file = fresh
                for tell in self._told:
                    tell(self.rules)

        return Prepared(changes=changes, put_in_force=put_in_force)

    def _read(self) -> LineFile:
        try:
            text = self._path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as fault:
            raise ConfigError(
                f"the file of lines {self._path} cannot be read: {fault}",
                remedy="set `lines` to a YAML file in UTF-8",
            ) from fault
        file = read_lines(self._path.name, text, self._has_prompt)
        stated = {group.name for group in plain_groups(self._numbers)}
        for number in self._numbers:
            if number.trunk not in stated | file.groups.keys():
                raise ConfigError(
                    f"{self._path.name}: number {number.number} takes lines of the group "
                    f"{number.trunk}, which does not exist",
                    remedy="add the group, or state the number's `lines` in the settings",
                )
        return file


def plain_groups(numbers: Sequence[NumberSettings]) -> tuple[TrunkGroup, ...]:
    """Return the groups whose lines the numbers state: all of them for anybody."""
    stated = {number.trunk: number.lines for number in numbers if number.lines is not None}
    return tuple(TrunkGroup(name=trunk, lines=lines) for trunk, lines in stated.items())


def _differences(before: LineFile, after: LineFile) -> tuple[Change, ...]:
    found = [
        *differences("group", before.groups, after.groups),
        *differences("calendar", before.calendars, after.calendars),
        *field_differences("classes", before.classes, after.classes),
    ]
    return tuple(sorted(found, key=lambda change: (change.subject, change.field)))
