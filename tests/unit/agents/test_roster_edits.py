"""Edits over the API: what they alter in the files, and that they alter nothing else."""

import difflib
import os
from pathlib import Path

import pytest

from ivrengine.agents.roster_book import FilesDiffer, RosterBook
from ivrengine.agents.roster_edits import NoSuchEntry, Patch, edit_agent, edit_queue
from ivrengine.errors import ConfigError
from ivrengine.values import AgentNumber

pytestmark = pytest.mark.unit

AGENTS = """\
# Who works here.
agents:
  - {number: "8001", name: {zh: 陈静, en: Chen Jing}, skills: [general]}  # since spring
  - number: "8002"
    name: {zh: 李伟, en: Li Wei}
    skills:
      general: 2  # passed in May
      trading: 1
"""
QUEUES = """\
queues:
  # Everybody's queue.
  - name: general
    title: {zh: 综合, en: General}
    members: {skill: general}
    wrap_up_s: 5  # agreed with the agents
    offer:
      ring_timeout_s: 7
  - name: trading
    title: {zh: 交易, en: Trading}
    members: {agents: ["8002"]}
by_number: {wrap_up_s: 0}
"""


@pytest.fixture
def book(tmp_path: Path) -> RosterBook:
    (tmp_path / "agents.yaml").write_text(AGENTS, encoding="utf-8")
    (tmp_path / "queues.yaml").write_text(QUEUES, encoding="utf-8")
    return RosterBook(tmp_path, lambda prompt, language: True)


def altered(before: str, file: Path) -> list[str]:
    """Return the lines that were taken out of a file and put in."""
    compared = difflib.ndiff(before.splitlines(), file.read_text("utf-8").splitlines())
    return [line for line in compared if line[0] in "+-"]


async def apply(book: RosterBook, what: str, name: str, patch: Patch) -> list[str]:
    edit = edit_queue(name, patch) if what == "queue" else edit_agent(name, patch)
    prepared = await book.edit(edit)
    prepared.put_in_force()
    return [str(change) for change in prepared.changes]


async def test_a_field_of_a_queue_is_altered_and_its_comment_stays(
    book: RosterBook, tmp_path: Path
) -> None:
    changes = await apply(book, "queue", "general", {"wrap_up_s": 20})
    assert changes == ["queue general: wrap_up_s: 5.0 → 20.0"]
    assert altered(QUEUES, tmp_path / "queues.yaml") == [
        "-     wrap_up_s: 5  # agreed with the agents",
        "+     wrap_up_s: 20 # agreed with the agents",
    ]
    assert book.roster.queues["general"].wrap_up_s == 20


async def test_an_object_is_merged_and_null_takes_a_key_away(
    book: RosterBook, tmp_path: Path
) -> None:
    patch: Patch = {"offer": {"exclusion_s": 9, "ring_timeout_s": None}}
    assert await apply(book, "queue", "general", patch) == [
        "queue general: offer.exclusion_s: 30.0 → 9.0",
        "queue general: offer.ring_timeout_s: 7.0 → 15.0",
    ]
    assert altered(QUEUES, tmp_path / "queues.yaml") == [
        "-       ring_timeout_s: 7",
        "+       exclusion_s: 9",
    ]


async def test_a_list_takes_the_place_of_another_and_is_written_to_be_read(
    book: RosterBook, tmp_path: Path
) -> None:
    steps: Patch = {
        "steps": [{"after_s": 0, "needs": "general >= 2"}, {"after_s": 9, "needs": "general"}]
    }
    await apply(book, "queue", "general", steps)
    assert [line[2:].strip() for line in altered(QUEUES, tmp_path / "queues.yaml")] == [
        "steps:",
        "- {after_s: 0, needs: general >= 2}",
        "- {after_s: 9, needs: general}",
    ]
    assert [step.after_s for step in book.roster.queues["general"].steps] == [0, 9]


async def test_a_level_is_altered_added_and_taken_away(book: RosterBook, tmp_path: Path) -> None:
    patch: Patch = {"skills": {"general": 3, "trading": None, "lang.en": 1}}
    await apply(book, "agent", "8002", patch)
    assert altered(AGENTS, tmp_path / "agents.yaml") == [
        "-       general: 2  # passed in May",
        "+       general: 3  # passed in May",
        "-       trading: 1",
        "+       lang.en: 1",
    ]
    assert book.roster.agents[AgentNumber("8002")].skills == {"general": 3, "lang.en": 1}


async def test_a_level_may_be_given_to_an_agent_whose_skills_are_listed(
    book: RosterBook, tmp_path: Path
) -> None:
    await apply(book, "agent", "8001", {"skills": {"trading": 2}})
    assert altered(AGENTS, tmp_path / "agents.yaml")[1] == (
        '+   - {number: "8001", name: {zh: 陈静, en: Chen Jing}, '
        "skills: {general: 1, trading: 2}} # since spring"
    )


async def test_an_agent_is_put_on_the_list_of_a_queue_and_taken_off(
    book: RosterBook, tmp_path: Path
) -> None:
    await apply(book, "agent", "8001", {"queues": ["general", "trading"]})
    assert book.roster.queues_of(AgentNumber("8001")) == {"general", "trading"}
    assert 'agents: ["8002", "8001"]' in (tmp_path / "queues.yaml").read_text("utf-8")
    await apply(book, "agent", "8001", {"queues": ["general"]})
    assert book.roster.queues_of(AgentNumber("8001")) == {"general"}


async def test_what_alters_nothing_leaves_the_files_as_they_are(
    book: RosterBook, tmp_path: Path
) -> None:
    told: list[object] = []
    book.when_changed(told.append)
    assert await apply(book, "queue", "general", {"wrap_up_s": 5}) == []
    assert await apply(book, "agent", "8001", {"queues": ["general"]}) == []
    assert await apply(book, "agent", "8002", {"skills": {"general": 2}}) == []
    assert (tmp_path / "agents.yaml").read_text("utf-8") == AGENTS
    assert (tmp_path / "queues.yaml").read_text("utf-8") == QUEUES
    assert told == []


REFUSED: list[tuple[str, str, Patch, str]] = [
    ("queue", "genral", {}, "there is no queue genral"),
    ("agent", "8009", {}, "there is no agent 8009"),
    ("queue", "general", {"name": "all"}, "cannot be renamed"),
    ("agent", "8001", {"number": "8009"}, "cannot be renamed"),
    ("queue", "general", {"wrap_up_s": -1}, "queues.yaml:6:16: queues.0.wrap_up_s"),
    ("queue", "general", {"wrapup_s": 1}, "there is no key wrapup_s (did you mean wrap_up_s?)"),
    ("queue", "general", {"members": {"skill": "golf"}}, "no agent has the skill golf"),
    ("agent", "8001", {"queues": ["sales"]}, "there is no queue sales"),
    ("agent", "8001", {"queues": "general"}, "a list of names is expected"),
    ("agent", "8001", {"queues": []}, "agent 8001 serves general for what the agent can do"),
    ("agent", "8002", {"queues": ["general"]}, "members: name a skill"),
    ("agent", "8001", {"skills": {"general": "many"}}, "agents.0.skills.general: input should be"),
]


@pytest.mark.parametrize(("what", "name", "patch", "said"), REFUSED)
async def test_an_edit_with_a_fault_is_refused_and_writes_nothing(
    book: RosterBook, tmp_path: Path, what: str, name: str, patch: Patch, said: str
) -> None:
    with pytest.raises(ConfigError) as refusal:
        await apply(book, what, name, patch)
    assert said in str(refusal.value)
    assert (tmp_path / "agents.yaml").read_text("utf-8") == AGENTS
    assert (tmp_path / "queues.yaml").read_text("utf-8") == QUEUES


async def test_whoever_is_unknown_is_told_apart_from_what_is_wrong(book: RosterBook) -> None:
    with pytest.raises(NoSuchEntry):
        await apply(book, "agent", "8009", {"language": "en"})


async def test_files_that_somebody_edited_meanwhile_are_not_put_in_force_by_an_edit(
    book: RosterBook, tmp_path: Path
) -> None:
    by_hand = QUEUES.replace("ring_timeout_s: 7", "ring_timeout_s: 8")
    (tmp_path / "queues.yaml").write_text(by_hand, encoding="utf-8")
    with pytest.raises(FilesDiffer) as refusal:
        await apply(book, "queue", "general", {"wrap_up_s": 20})
    assert "ivrengine reload" in refusal.value.remedy
    assert (tmp_path / "queues.yaml").read_text("utf-8") == by_hand
    book.prepare().put_in_force()
    await apply(book, "queue", "general", {"wrap_up_s": 20})
    general = book.roster.queues["general"]
    assert (general.wrap_up_s, general.offer.ring_timeout_s) == (20, 8)


async def test_a_folder_that_cannot_be_written_to_changes_nothing(
    book: RosterBook, tmp_path: Path
) -> None:
    # A folder stands where the fresh file would: that holds for root as well.
    (tmp_path / f".queues.yaml.{os.getpid()}").mkdir()
    with pytest.raises(ConfigError, match="cannot be written"):
        await apply(book, "queue", "general", {"wrap_up_s": 20})
    assert book.roster.queues["general"].wrap_up_s == 5


@pytest.mark.parametrize("file", ["agents.yaml", "queues.yaml"])
async def test_an_edit_of_the_demonstration_alters_one_line(tmp_path: Path, file: str) -> None:
    demo = Path(__file__).parents[3] / "data" / "demo"
    for each in ("agents.yaml", "queues.yaml", "calendars.yaml"):
        (tmp_path / each).write_text((demo / each).read_text("utf-8"), encoding="utf-8")
    book = RosterBook(tmp_path, lambda prompt, language: True)
    if file == "agents.yaml":
        await apply(book, "agent", "8007", {"skills": {"trading": 3}})
    else:
        await apply(book, "queue", "advice", {"wrap_up_s": 25})
    assert len(altered((demo / file).read_text("utf-8"), tmp_path / file)) == 2
