from pathlib import Path

import pytest

from acd.model import QueueName
from ivrengine.agents.roster import load_roster
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


def folder(tmp_path: Path, agents: str = AGENTS, queues: str = QUEUES) -> Path:
    (tmp_path / "agents.yaml").write_text(agents, encoding="utf-8")
    (tmp_path / "queues.yaml").write_text(queues, encoding="utf-8")
    return tmp_path


def test_the_demonstration_has_forty_agents_and_five_queues_that_each_have_members() -> None:
    roster = load_roster(DEMO)
    assert [*roster.agents] == [str(number) for number in range(8001, 8041)]
    assert set(roster.queues) == {"general", "trading", "advice", "complaints", "technical"}
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


@pytest.mark.parametrize(
    ("agents", "queues", "finding"),
    [
        (AGENTS.replace("agents:\n", "agents:\n  - [\n"), QUEUES, "agents.yaml:"),
        (AGENTS.replace('"8002"', '"8001"'), QUEUES, "agents.yaml: agent 8001 stands twice"),
        (
            AGENTS.replace("language: en", "language: fr"),
            QUEUES,
            "agents.yaml:3: agents.1.language: Input should be 'zh' or 'en'",
        ),
        (
            AGENTS,
            QUEUES.replace("wrap_up_s: 5", "wrap_up_s: -5"),
            "queues.yaml:5: queues.0.wrap_up_s",
        ),
        (
            AGENTS,
            QUEUES.replace("ring_timeout_s: 7", "ring_time_s: 7"),
            "queues.yaml:7: queues.0.offer.ring_time_s: Extra inputs",
        ),
        (AGENTS, QUEUES.replace('["8002"]', '["8003"]'), "lists agent 8003, who is not in"),
        (AGENTS, QUEUES.replace("skill: general", "skill: golf"), "asks for skill golf, which no"),
        (AGENTS, QUEUES.replace('{skill: general, agents: ["8002"]}', "{}"), "name a skill"),
    ],
)
def test_a_fault_is_reported_with_file_line_and_place(
    tmp_path: Path, agents: str, queues: str, finding: str
) -> None:
    with pytest.raises(ConfigError) as fault:
        load_roster(folder(tmp_path, agents, queues))
    assert finding in str(fault.value)


def test_every_fault_of_both_files_is_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as fault:
        load_roster(folder(tmp_path, "agents: 5", "queues: []\nmore: 1"))
    assert len(str(fault.value).splitlines()) == 2


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"agents\.yaml: No such file"):
        load_roster(tmp_path)
