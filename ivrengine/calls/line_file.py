"""The file of lines: read, checked as a whole, all faults told at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from acd.trunk_groups import CALLER_CLASSES, LineClass, TrunkGroup
from ivrengine.agents.calendar_settings import CalendarSettings
from ivrengine.agents.roster_files import HasPrompt
from ivrengine.agents.yaml_sheet import YamlSheet
from ivrengine.calls.line_rules import LineRules
from ivrengine.calls.line_settings import (
    CallerClasses,
    GroupSettings,
    RefusalSettings,
    ShareSettings,
)
from ivrengine.errors import ConfigError
from ivrengine.flow.findings import Finding, did_you_mean
from ivrengine.flow.yaml_tree import Unreadable
from ivrengine.values import Language, PromptId


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFile:
    """What a file says that is right."""

    groups: Mapping[str, GroupSettings]
    classes: CallerClasses
    calendars: Mapping[str, CalendarSettings]

    def as_rules(self, plain: Iterable[TrunkGroup]) -> LineRules:
        """Return the rules; ``plain`` are groups that take the place of those of the same name."""
        hours = {name: calendar.as_hours() for name, calendar in self.calendars.items()}
        groups = {name: group.as_group(hours) for name, group in self.groups.items()}
        return LineRules(
            groups=tuple({**groups, **{group.name: group for group in plain}}.values()),
            bands=self.classes.bands(),
            refusals={
                (name, line_class): group.refusal(line_class)
                for name, group in self.groups.items()
                for line_class in CALLER_CLASSES
            },
            goes_out=next((name for name, group in self.groups.items() if group.goes_out), ""),
        )


def read_lines(name: str, text: str, has_prompt: HasPrompt) -> LineFile:
    """Read the text of a file called ``name``.

    Raises:
        ConfigError: with every fault of it.
    """
    try:
        sheet = YamlSheet(name, text)
    except Unreadable as fault:
        raise _refused([fault.finding]) from None
    sheet.keys(required=("groups",), optional=("classes", "calendars"))
    groups = sheet.take_each(GroupSettings, "groups")
    calendars = sheet.take_each(CalendarSettings, "calendars")
    classes = sheet.take(CallerClasses, ("classes",)) if sheet.has("classes") else CallerClasses()
    _check_names(sheet)
    for place, group in groups.items():
        _GroupCheck(sheet, place, has_prompt).run(group)
    _check_sole(sheet, groups)
    if sheet.findings or classes is None:
        raise _refused(sheet.findings)
    return LineFile(
        groups={group.name: group for group in groups.values()},
        classes=classes,
        calendars={calendar.name: calendar for calendar in calendars.values()},
    )


def _refused(findings: Iterable[Finding]) -> ConfigError:
    lines = [str(finding) for finding in sorted(set(findings))]
    return ConfigError("\n".join(lines), remedy="correct the file; nothing was changed")


def _check_names(sheet: YamlSheet) -> None:
    for key in ("groups", "calendars"):
        seen: set[str] = set()
        for place, name in sheet.written(key, "name").items():
            if name in seen:
                sheet.fault((key, place, "name"), f"{name} stands here a second time")
            seen.add(name)


def _check_sole(sheet: YamlSheet, groups: Mapping[int, GroupSettings]) -> None:
    """Note a second group for the same purpose: nobody could tell which is meant."""
    seen: set[tuple[str, str | bool]] = set()
    for place, group in groups.items():
        for purpose in (("goes_out", group.goes_out), ("reaches", group.reaches)):
            if purpose in seen:
                sheet.fault(("groups", place, purpose[0]), "another group is for that already")
            if purpose[1]:
                seen.add(purpose)


class _GroupCheck:
    """Finds what a group by itself does not show."""

    def __init__(self, sheet: YamlSheet, place: int, has_prompt: HasPrompt) -> None:
        self._sheet = sheet
        self._at = ("groups", place)
        self._has_prompt = has_prompt

    def run(self, group: GroupSettings) -> None:
        """Note every fault."""
        self._apology(group, group.refused, "refused")
        for line_class, own in group.classes.items():
            self._leaves_some(group, own, "classes", line_class)
            if own.refused is not None:
                self._apology(group, own.refused, "classes", line_class, "refused")
        calendars = list(self._sheet.written("calendars", "name").values())
        for place, timed in enumerate(group.at):
            if timed.during not in calendars:
                hint = did_you_mean(timed.during, calendars) or "calendars stand in this file"
                message = f"there is no calendar {timed.during}"
                self._sheet.fault((*self._at, "at", place, "during"), message, hint)
            for line_class, share in timed.classes.items():
                self._leaves_some(group, share, "at", place, "classes", line_class)

    def _leaves_some(self, group: GroupSettings, share: ShareSettings, *path: int | str) -> None:
        if 0 < group.lines <= share.leaves_free:
            self._sheet.fault(
                (*self._at, *path, "leaves_free"),
                f"of {group.lines} lines {share.leaves_free} cannot stay free: "
                f"{path[-1]} would never be given one",
                "if that is meant, say at_most: 0",
            )

    def _apology(self, group: GroupSettings, refused: RefusalSettings, *path: int | str) -> None:
        if refused.apology is None:
            return
        if LineClass.APOLOGY not in group.classes:
            self._sheet.fault(
                (*self._at, *path, "apology"),
                "there is no line for an apology",
                "say how many under classes: apology: {leaves_free: 1, at_most: 2}",
            )
        for place, prompt in enumerate(refused.apology.say):
            missing = [each for each in Language if not self._has_prompt(PromptId(prompt), each)]
            if missing:
                self._sheet.fault(
                    (*self._at, *path, "apology", "say", place),
                    f"there is no prompt {prompt} in {' and '.join(missing)}",
                )
