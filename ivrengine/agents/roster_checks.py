"""What no single entry shows: names that stand twice, and names of what does not exist.

Entries that are wrong themselves have been told of already; what they are called is known all the
same, so that nobody is told of faults that are none.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from acd.requirements import AllOf, AnyOf, AtLeast, Not, Requirement, RequirementError
from acd.requirements import parse_requirement as parse
from ivrengine.agents.calendar_settings import CalendarSettings
from ivrengine.agents.limits.settings import SignOutSettings
from ivrengine.agents.queue_settings import LineSettings, QueueSettings, StatisticsSettings
from ivrengine.agents.settings import AgentSettings
from ivrengine.agents.waiting_settings import AnnouncementSettings
from ivrengine.agents.yaml_sheet import Path, YamlSheet
from ivrengine.flow.findings import did_you_mean
from ivrengine.values import Language, PromptId


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The entries that are right by themselves, by their place in the list of their file."""

    agents_sheet: YamlSheet
    queues_sheet: YamlSheet
    calendars_sheet: YamlSheet | None
    agents: Mapping[int, AgentSettings]
    queues: Mapping[int, QueueSettings]
    calendars: Mapping[int, CalendarSettings]
    by_number: LineSettings
    statistics: StatisticsSettings
    sign_out: SignOutSettings


def check(draft: Draft, has_prompt: Callable[[PromptId, Language], bool] | None) -> None:
    """Note every fault in the sheets of ``draft``; prompts are checked when ``has_prompt`` is."""
    _once(draft.agents_sheet, "agents", "number", "agent")
    _once(draft.queues_sheet, "queues", "name", "queue")
    if draft.calendars_sheet is not None:
        _once(draft.calendars_sheet, "calendars", "name", "calendar")
    names = _Names(draft)
    for place, queue in draft.queues.items():
        _QueueCheck(draft.queues_sheet, ("queues", place), names).run(queue)
        if has_prompt is not None:
            _check_prompts(draft.queues_sheet, ("queues", place), queue, has_prompt)


class _Names:
    """What may be named."""

    def __init__(self, draft: Draft) -> None:
        self.numbers = set(draft.agents_sheet.written("agents", "number").values())
        self.queues = set(draft.queues_sheet.written("queues", "name").values())
        calendars = draft.calendars_sheet
        self.calendars = (
            set() if calendars is None else set(calendars.written("calendars", "name").values())
        )
        self.skills: dict[str, int] = {}
        for agent in draft.agents.values():
            for skill, level in agent.levels().items():
                self.skills[skill] = max(level, self.skills.get(skill, 0))
        self.all_agents_known = len(draft.agents) == len(self.numbers)


class _QueueCheck:
    def __init__(self, sheet: YamlSheet, place: Path, names: _Names) -> None:
        self._sheet = sheet
        self._place = place
        self._names = names

    def run(self, queue: QueueSettings) -> None:
        members = queue.members
        if members.skill is not None:
            self._skill(("members", "skill"), members.skill)
        if members.needs is not None:
            self._expression(("members", "needs"), members.needs)
        for index, number in enumerate(members.agents):
            self._known(("members", "agents", index), "agent", number, self._names.numbers)
        for index, step in enumerate(queue.steps):
            self._expression(("steps", index, "needs"), step.needs)
        if queue.pick_skill:
            self._skill(("pick_skill",), queue.pick_skill)
        if queue.hours:
            self._known(("hours",), "calendar", queue.hours, self._names.calendars)
        self._overflow(queue)
        codes = {place: each.code for place, each in enumerate(queue.wrap_up_codes)}
        for place, _ in _repeated(codes):
            self._fault(("wrap_up_codes", place, "code"), f"{codes[place]} stands here twice")

    def _overflow(self, queue: QueueSettings) -> None:
        for index, rule in enumerate(queue.overflow):
            path = ("overflow", index, "to")
            if rule.to == queue.name:
                self._fault(path, f"queue {queue.name} cannot send callers on to itself")
            elif rule.to is not None:
                self._known(path, "queue", rule.to, self._names.queues)
            if rule.when == "closed" and not queue.hours:
                hint = "name a calendar as `hours`, or leave this rule out"
                self._fault(path[:2], f"queue {queue.name} is never closed", hint)

    def _expression(self, path: Path, text: str) -> None:
        try:
            requirement = parse(text)
        except RequirementError as fault:
            hint = "such as `trading >= 3 and (lang.en or lang.zh)`"
            at = fault.column - 1
            self._sheet.fault((*self._place, *path), fault.message, hint, offset=at)
            return
        for part in _named_in(requirement):
            self._skill(path, part.skill, part.level, offset=max(0, text.find(part.skill)))

    def _skill(self, path: Path, skill: str, level: int = 1, *, offset: int = 0) -> None:
        best = self._names.skills.get(skill, 0)
        if best >= level or not self._names.all_agents_known:
            return
        if best:
            message = f"no agent has the skill {skill} at level {level}"
            hint = f"the highest is {best}"
        else:
            message = f"no agent has the skill {skill}"
            hint = did_you_mean(skill, self._names.skills)
        self._fault(path, message, hint or "give it to an agent", offset=offset)

    def _known(self, path: Path, kind: str, name: str, known: Collection[str]) -> None:
        if name not in known:
            hint = did_you_mean(name, known) or _listed(known, kind)
            self._fault(path, f"there is no {kind} {name}", hint)

    def _fault(self, path: Path, message: str, hint: str = "", *, offset: int = 0) -> None:
        self._sheet.fault((*self._place, *path), message, hint, offset=offset)


def _once(sheet: YamlSheet, key: str, field: str, kind: str) -> None:
    """Note every entry of the list ``key`` whose name an earlier one has."""
    for place, first in _repeated(sheet.written(key, field)):
        name = sheet.written(key, field)[place]
        hint = f"first in line {sheet.line((key, first))}"
        sheet.fault((key, place, field), f"{kind} {name} stands here twice", hint)


def _repeated(names: Mapping[int, str]) -> Iterator[tuple[int, int]]:
    """Give the place of each name that stood before, and the place where it did first."""
    first: dict[str, int] = {}
    for place, name in names.items():
        if first.setdefault(name, place) != place:
            yield place, first[name]


def _named_in(requirement: Requirement) -> Iterator[AtLeast]:
    """Give what is asked for; what must not be there need not be known."""
    match requirement:
        case AtLeast():
            yield requirement
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from _named_in(part)
        case Not():
            return
        case _:
            assert_never(requirement)


def _listed(known: Iterable[str], kind: str) -> str:
    names = ", ".join(sorted(known))
    return f"known are {names}" if 0 < len(names) < 120 else f"name a {kind} that exists"


def _check_prompts(
    sheet: YamlSheet,
    place: Path,
    queue: QueueSettings,
    has_prompt: Callable[[PromptId, Language], bool],
) -> None:
    for index, announcement in enumerate(queue.waiting.announcements):
        for language in Language:
            prompt = announcement.prompt(language)
            if prompt and not has_prompt(PromptId(prompt), language):
                path = (
                    *place,
                    "waiting",
                    "announcements",
                    index,
                    "say",
                    *_key(announcement, language),
                )
                sheet.fault(path, f"there is no prompt {prompt} in {language}")


def _key(announcement: AnnouncementSettings, language: Language) -> tuple[str, ...]:
    return () if isinstance(announcement.say, str) else (language.value,)
