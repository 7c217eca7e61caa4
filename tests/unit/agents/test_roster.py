from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from acd.model import OverflowCause, Pick, QueueName
from ivrengine.agents.roster_files import load_roster
from ivrengine.errors import ConfigError
from ivrengine.values import AgentNumber

pytestmark = pytest.mark.unit

DEMO = Path(__file__).parents[3] / "data" / "demo"

AGENTS = """\
agents:
  - {number: "8001", name: {zh: 陈静, en: Chen Jing}, skills: [general]}
  - {number: "8002", name: {zh: 李伟, en: Li Wei}, language: en}
"""
QUEUES = """\
queues:
  - name: general
    title: {zh: 综合, en: General}
    members: {skill: general, agents: ["8002"]}
    wrap_up_s: 5
    offer:
      ring_timeout_s: 7
by_number: {wrap_up_s: 0}
"""


CALENDARS = """\
calendars:
  - name: office
    zone: Asia/Shanghai
    weekly: {mon: ["09:00-17:00"], thu: ["09:00-17:00"]}
    holidays:
      - {day: 2026-10-01, to: 2026-10-07, name: 国庆节}
      - {day: 2026-12-31, open: ["09:00-12:00"]}
"""


def _at(*when: int) -> float:
    return datetime(*when, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()  # type: ignore[arg-type,misc]


MONDAY_NINE = _at(2026, 11, 23, 9)
NATIONAL_DAY_NOON = _at(2026, 10, 1, 12)
YEARS_END_NINE = _at(2026, 12, 31, 9)


def folder(tmp_path: Path, agents: str = AGENTS, queues: str = QUEUES, calendars: str = "") -> Path:
    (tmp_path / "agents.yaml").write_text(agents, encoding="utf-8")
    (tmp_path / "queues.yaml").write_text(queues, encoding="utf-8")
    if calendars:
        (tmp_path / "calendars.yaml").write_text(calendars, encoding="utf-8")
    return tmp_path


def test_the_demonstration_has_forty_agents_and_six_queues_that_each_have_members() -> None:
    roster = load_roster(DEMO)
    assert [*roster.agents] == [str(number) for number in range(8001, 8041)]
    menus = {"general", "trading", "advice", "complaints", "technical"}
    assert set(roster.queues) == {*menus, "issues"}
    for queue in roster.queues:
        assert any(QueueName(queue) in roster.queues_of(agent) for agent in roster.agents)


def test_members_come_by_skill_and_by_number_and_rules_reach_the_router(tmp_path: Path) -> None:
    roster = load_roster(folder(tmp_path))
    told = roster.as_event()
    assert [agent.queues for agent in told.agents] == [{"general"}, {"general"}]
    (queue,) = told.queues
    assert (queue.wrap_up_s, queue.offer.ring_timeout_s) == (5, 7)
    assert told.personal.wrap_up_s == 0
    assert roster.agents[AgentNumber("8002")].language == "en"


def test_members_come_by_an_expression_over_skills_and_levels(tmp_path: Path) -> None:
    agents = AGENTS.replace("skills: [general]", "skills: {general: 3, lang.en: 1}")
    queues = QUEUES.replace(
        '{skill: general, agents: ["8002"]}', "{needs: general >= 3 and (lang.en or not general)}"
    )
    roster = load_roster(folder(tmp_path, agents, queues))
    first, second = roster.as_event().agents
    assert first.skills == (("general", 3), ("lang.en", 1))
    assert (first.queues, second.queues) == ({"general"}, frozenset())


def test_a_list_of_skills_means_level_one_and_a_branch_is_a_skill(tmp_path: Path) -> None:
    agents = AGENTS.replace("skills: [general]", "skills: [general], branch: suzhou")
    agent, _ = load_roster(folder(tmp_path, agents)).as_event().agents
    assert dict(agent.skills) == {"general": 1, "branch.suzhou": 1}
    assert agent.site == "suzhou"


def test_every_rule_of_a_queue_reaches_the_router(tmp_path: Path) -> None:
    agents = AGENTS.replace("skills: [general]", "skills: {general: 3}")
    more = """\
    steps:
      - {after_s: 0, needs: general >= 3}
      - {after_s: 30, needs: anybody}
    pick: most-skilled
    pick_skill: general
    head_start_s: 5
    ageing: {promote_after_s: 60}
    hours: office
    closes_on_waiting: true
    overflow:
      - {when: size, over_callers: 9}
      - {when: expected-wait, over_s: 300, to: general2}
      - {when: closed, to: general2}
    callback: {attempts: 2}
  - name: general2
    title: {zh: 综合, en: General}
    members: {skill: general}
"""
    queues = QUEUES.replace("by_number", more + "by_number")
    told, other = load_roster(folder(tmp_path, agents, queues, CALENDARS)).as_event().queues
    assert [(step.after_s, str(step.needs)) for step in told.steps] == [
        (0, "general >= 3"),
        (30, "anybody"),
    ]
    assert (told.pick, told.pick_skill, told.head_start_s) == (Pick.MOST_SKILLED, "general", 5)
    assert told.ageing is not None
    assert (told.ageing.promote_after_s, told.ageing.best_band) == (60, 0)
    assert [(rule.cause, rule.limit, rule.to) for rule in told.overflow] == [
        (OverflowCause.SIZE, 9, None),
        (OverflowCause.EXPECTED_WAIT, 300, "general2"),
        (OverflowCause.CLOSED, 0, "general2"),
    ]
    assert told.callback is not None
    assert (told.callback.attempts, told.closes_on_waiting) == (2, True)
    assert told.hours is not None
    assert told.hours.is_open(MONDAY_NINE)
    assert not told.hours.is_open(MONDAY_NINE - 1)
    assert not told.hours.is_open(NATIONAL_DAY_NOON)
    assert told.hours.is_open(YEARS_END_NINE)
    assert other.hours is None


AGENT_FAULTS = [
    ("agents:\n", "agents:\n  - [\n", "agents.yaml:3:3: not readable as YAML"),
    ('"8002"', '"8001"', "3:14: agent 8001 stands here twice (first in line 2)"),
    ("language: en", "language: fr", "3:60: agents.1.language: input should be 'zh' or 'en'"),
    ('"8002"', "8002", "3:14: agents.1.number: input should be a valid string (put it in quotes"),
    ("skills: [general]", "skills: [5]", "agents.0.skills: input should be a valid dictionary"),
    ("[general]", "{general: 0}", "agents.0.skills.general: input should be greater than or equal"),
    ("[general]", "{not: 1}", "agents.0.skills: 'not' cannot be a skill's name"),
    ("[general]", "[general], color: 1", "2:72: there is no key color (known are branch, lang"),
    (", en: Li Wei}", "}", "3:28: agents.1.name: en is missing"),
    ("agents:\n", "agent: 1\nagents:\n", "1:1: there is no key agent (did you mean agents?)"),
]
QUEUE_FAULTS = [
    ("wrap_up_s: 5", "wrap_up_s: -5", "5:16: queues.0.wrap_up_s: input should be greater"),
    ("ring_timeout_s", "ring_time_s", "7:7: there is no key ring_time_s (did you mean ring_timeo"),
    ('["8002"]', '["8003"]', "4:40: there is no agent 8003 (did you mean 8002?)"),
    ("skill: general", "skill: genral", "4:22: no agent has the skill genral (did you mean gene"),
    ('{skill: general, agents: ["8002"]}', "{}", "queues.0.members: name a skill, what is needed"),
    ("skill: general", "needs: general >=", "4:32: a level from 1 is expected"),
    ("skill: general", 'needs: "general and and"', "4:35: a skill is expected"),
    (
        "skill: general",
        "needs: general >= 4",
        "no agent has the skill general at level 4 (the high",
    ),
    ("wrap_up_s: 5", "steps: [{after_s: 9, needs: x}]", "5:33: no agent has the skill x"),
    (
        "wrap_up_s: 5",
        "steps: [{after_s: 9, needs: general}, {after_s: 9, needs: general}]",
        "each after_s is to be greater than the one before",
    ),
    ("wrap_up_s: 5", "pick: most-skilled", "most-skilled and pick_skill go together"),
    ("wrap_up_s: 5", "pick: any", "5:11: queues.0.pick: input should be 'longest-idle', 'most-"),
    ("wrap_up_s: 5", "hours: ofice", "5:12: there is no calendar ofice (did you mean office?)"),
    ("wrap_up_s: 5", "overflow: [{when: wait, over_s: 9, to: genral}]", "5:44: there is no queue"),
    ("wrap_up_s: 5", "overflow: [{when: wait, over_s: 9, to: general}]", "on to itself"),
    (
        "wrap_up_s: 5",
        "overflow: [{when: closed}]",
        "queue general is never closed (name a calendar",
    ),
    ("wrap_up_s: 5", "overflow: [{when: full}]", "5:16: queues.0.overflow.0: input tag 'full'"),
    ("wrap_up_s: 5", "overflow: [{when: size, over_s: 1}]", "there is no key over_s (did you mean"),
    ("wrap_up_s: 5", "overflow: [{when: size}]", "queues.0.overflow.0: over_callers is missing"),
    (
        "wrap_up_s: 5",
        'wrap_up_codes: [{code: "1", name: {zh: 好, en: ok}}, {code: "1", name: {zh: 好, en: ok}}]',
        "1 stands here twice",
    ),
    (
        "wrap_up_s: 5",
        "waiting: {announcements: [{after_s: 5, say: queue.kees}]}",
        "5:49: there is no prompt queue.kees in zh",
    ),
    (
        "wrap_up_s: 5",
        "waiting: {announcements: [{after_s: 5, say: {en: queue.kees}}]}",
        "5:54: there is no prompt queue.kees in en",
    ),
    ("by_number", "by_numbers", "there is no key by_numbers (did you mean by_number?)"),
    ("queues:\n  - name", "queues: 5\nx:\n  - name", "queues.yaml:1:9: queues: a list is expected"),
    ("{wrap_up_s: 0}", "{wrap_up_s: 0}\nstatistics: {interval_min: 0}", "statistics.interval_min"),
]
CALENDAR_FAULTS = [
    ("Asia/Shanghai", "Asia/Beijing", "no such time zone: 'Asia/Beijing'"),
    ('"09:00-17:00"', '"9-17"', "'9-17' is no time of a day"),
    ('"09:00-17:00"', '"17:00-09:00"', "does not end after it begins"),
    ('"09:00-17:00"', '"09:00-17:60"', "has more than 59 minutes"),
    ("to: 2026-10-07", "to: 2026-09-07", "`to` is to lie after `day`"),
    ("day: 2026-12-31", "day: 2026-10-02", "a date is special twice"),
    ("day: 2026-12-31", "day: 2026-12-32", "7:15: calendars.0.holidays.1.day: input should be"),
    ("name: office", "name: Office", "2:11: calendars.0.name: string should match pattern"),
]


@pytest.mark.parametrize(("right", "wrong", "finding"), AGENT_FAULTS)
def test_a_fault_among_agents_is_told_with_its_place(
    tmp_path: Path, right: str, wrong: str, finding: str
) -> None:
    assert finding in refused(folder(tmp_path, agents=_changed(AGENTS, right, wrong)))


@pytest.mark.parametrize(("right", "wrong", "finding"), QUEUE_FAULTS)
def test_a_fault_among_queues_is_told_with_its_place(
    tmp_path: Path, right: str, wrong: str, finding: str
) -> None:
    told = refused(folder(tmp_path, AGENTS, _changed(QUEUES, right, wrong), CALENDARS))
    assert finding in told


@pytest.mark.parametrize(("right", "wrong", "finding"), CALENDAR_FAULTS)
def test_a_fault_in_a_calendar_is_told_with_its_place(
    tmp_path: Path, right: str, wrong: str, finding: str
) -> None:
    told = refused(folder(tmp_path, AGENTS, QUEUES, _changed(CALENDARS, right, wrong)))
    assert finding in told


def test_every_fault_of_all_files_is_told_at_once_and_no_other(tmp_path: Path) -> None:
    agents = AGENTS.replace("language: en", "language: fr").replace("skills", "skilz")
    queues = QUEUES.replace("wrap_up_s: 5", "hours: none").replace("by_number", "more")
    told = refused(folder(tmp_path, agents, queues, CALENDARS.replace("zone", "zoon")))
    assert [line.split(" ")[0] for line in told.splitlines()] == [
        "agents.yaml:2:53:",
        "agents.yaml:3:60:",
        "calendars.yaml:3:5:",
        "queues.yaml:5:12:",
        "queues.yaml:8:1:",
    ]


def test_an_entry_that_is_wrong_itself_is_known_by_its_name_all_the_same(tmp_path: Path) -> None:
    agents = AGENTS.replace("language: en", "language: fr")
    told = refused(folder(tmp_path, agents))
    assert len(told.splitlines()) == 1


def test_the_files_that_are_missing_are_named_and_calendars_need_not_be_there(
    tmp_path: Path,
) -> None:
    with pytest.raises(ConfigError) as fault:
        load_roster(tmp_path)
    assert str(fault.value).splitlines() == [
        "agents.yaml: No such file or directory",
        "queues.yaml: No such file or directory",
    ]


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (folder(tmp_path) / "agents.yaml").write_bytes("agents: []  # 陈静".encode("gb18030"))
    with pytest.raises(ConfigError, match=r"agents\.yaml: the file is not written in UTF-8"):
        load_roster(tmp_path)


def refused(where: Path) -> str:
    """Return what is said of the files; a prompt exists when its name says so."""
    with pytest.raises(ConfigError) as fault:
        load_roster(where, lambda prompt, _: prompt == "queue.keys")
    return str(fault.value)


def _changed(text: str, right: str, wrong: str) -> str:
    assert right in text
    return text.replace(right, wrong)
