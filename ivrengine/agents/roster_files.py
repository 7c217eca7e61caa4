"""The files that say who serves and whom: read, checked as a whole, all faults told at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from ivrengine.agents.calendar_settings import CalendarSettings
from ivrengine.agents.limits.settings import SignOutSettings
from ivrengine.agents.queue_settings import LineSettings, QueueSettings, StatisticsSettings
from ivrengine.agents.roster import Roster
from ivrengine.agents.roster_checks import Draft, check
from ivrengine.agents.settings import AgentSettings
from ivrengine.agents.yaml_sheet import YamlSheet
from ivrengine.errors import ConfigError
from ivrengine.flow.findings import Finding
from ivrengine.flow.yaml_tree import Unreadable
from ivrengine.values import AgentNumber, Language, PromptId

AGENTS_FILE = "agents.yaml"
QUEUES_FILE = "queues.yaml"
CALENDARS_FILE = "calendars.yaml"
FILES = (AGENTS_FILE, QUEUES_FILE, CALENDARS_FILE)

HasPrompt = Callable[[PromptId, Language], bool]
Texts = Mapping[str, str]
"""The text of each file, by its name; a calendars.yaml that is not there is empty."""

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRead:
    """What came of reading; ``roster`` is None when anything is wrong.

    ``queue_names`` are those written, whether or not the queues are right otherwise.
    """

    roster: Roster | None
    queue_names: frozenset[str]
    findings: tuple[Finding, ...]


def load_roster(folder: Path, has_prompt: HasPrompt | None = None) -> Roster:
    """Read the files of ``folder``; prompts that they name are checked with ``has_prompt``.

    Raises:
        ConfigError: with every fault found, one a line as ``file:line:column: what is wrong``.
    """
    read = read_roster(read_texts(folder), has_prompt)
    if read.roster is None:
        raise ConfigError(
            "\n".join(map(str, read.findings)), remedy=f"correct the files in {folder}"
        )
    return read.roster


def read_texts(folder: Path) -> Texts:
    """Return the texts of the files in ``folder``.

    Raises:
        ConfigError: a file cannot be read; every one is named.
    """
    texts: dict[str, str] = {}
    faults: list[str] = []
    for name in FILES:
        try:
            texts[name] = (folder / name).read_text("utf-8")
        except FileNotFoundError as fault:
            if name != CALENDARS_FILE:
                faults.append(f"{name}: {fault.strerror}")
        except OSError as fault:
            faults.append(f"{name}: {fault.strerror}")
        except UnicodeDecodeError:
            faults.append(f"{name}: the file is not written in UTF-8")
    if faults:
        raise ConfigError("\n".join(faults), remedy=f"put the files into {folder}")
    return texts


def read_roster(texts: Texts, has_prompt: HasPrompt | None = None) -> RosterRead:
    """Read the roster that ``texts`` describe, or find out all that is wrong with them."""
    sheets: dict[str, YamlSheet] = {}
    findings: list[Finding] = []
    for name, text in texts.items():
        try:
            sheets[name] = YamlSheet(name, text)
        except Unreadable as fault:
            findings.append(fault.finding)
    draft = _draft(sheets)
    if draft is not None:
        check(draft, has_prompt)
    findings += (finding for sheet in sheets.values() for finding in sheet.findings)
    queues = sheets.get(QUEUES_FILE)
    names = () if queues is None else queues.written("queues", "name").values()
    return RosterRead(
        roster=None if findings or draft is None else _roster(draft),
        queue_names=frozenset(names),
        findings=tuple(sorted(set(findings))),
    )


def _draft(sheets: Mapping[str, YamlSheet]) -> Draft | None:
    """Read what can be read; None when a file is missing, of which nothing more can be said."""
    if not {AGENTS_FILE, QUEUES_FILE} <= sheets.keys():
        return None
    agents, queues = sheets[AGENTS_FILE], sheets[QUEUES_FILE]
    calendars = sheets.get(CALENDARS_FILE)
    agents.keys(required=("agents",), optional=("sign_out",))
    queues.keys(required=("queues",), optional=("by_number", "statistics"))
    if calendars is not None:
        calendars.keys(required=("calendars",))
    return Draft(
        agents_sheet=agents,
        queues_sheet=queues,
        calendars_sheet=calendars,
        agents=agents.take_each(AgentSettings, "agents"),
        queues=queues.take_each(QueueSettings, "queues"),
        calendars={} if calendars is None else calendars.take_each(CalendarSettings, "calendars"),
        by_number=_section(queues, LineSettings, "by_number"),
        statistics=_section(queues, StatisticsSettings, "statistics"),
        sign_out=_section(agents, SignOutSettings, "sign_out"),
    )


def _section(sheet: YamlSheet, model: type[M], key: str) -> M:
    return (sheet.take(model, (key,)) if sheet.has(key) else None) or model()


def _roster(draft: Draft) -> Roster:
    return Roster(
        agents={AgentNumber(agent.number): agent for agent in draft.agents.values()},
        queues={queue.name: queue for queue in draft.queues.values()},
        calendars={calendar.name: calendar for calendar in draft.calendars.values()},
        by_number=draft.by_number,
        statistics=draft.statistics,
        sign_out=draft.sign_out,
    )
