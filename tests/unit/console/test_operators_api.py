"""Operators' settings over HTTP: looked at, altered, read again; all with who asked."""

from pathlib import Path

import pytest

from tests.kit.console import AGENTS, QUEUES, Bench

pytestmark = pytest.mark.unit


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(recordings=tmp_path)


async def test_a_queue_is_shown_with_all_its_settings(bench: Bench) -> None:
    async with bench.client() as client:
        shown = (await client.get("/api/queues/general")).json()
    assert (shown["wrap_up_s"], shown["members"]["skill"]) == (5.0, "general")
    assert shown["steps"][1] == {"after_s": 30.0, "needs": "general"}
    assert shown["offer"]["ring_timeout_s"] == 15.0


async def test_an_agent_is_shown_with_all_settings(bench: Bench) -> None:
    async with bench.client() as client:
        shown = (await client.get("/api/agents/8001")).json()
    assert shown["skills"] == {"general": 2}
    assert shown["language"] == "zh"


async def test_a_queue_is_altered_in_force_and_in_the_file(bench: Bench) -> None:
    async with bench.client() as client:
        answer = await client.patch("/api/queues/general", json={"wrap_up_s": 9})
        again = await client.patch("/api/queues/general", json={"wrap_up_s": 9})
    assert answer.json() == {
        "changed": True,
        "changes": [
            {
                "subject": "queue general",
                "field": "wrap_up_s",
                "before": "5.0",
                "after": "9.0",
                "words": "queue general: wrap_up_s: 5.0 → 9.0",
            }
        ],
    }
    assert again.json() == {"changed": False, "changes": []}
    assert bench.files.roster.queues["general"].wrap_up_s == 9
    assert "wrap_up_s: 9  # as agreed" in (bench.recordings / "queues.yaml").read_text("utf-8")
    assert bench.files.asked_by == ["administrator", "administrator"]


async def test_an_agents_skills_and_queues_are_altered(bench: Bench) -> None:
    async with bench.client() as client:
        patch = {"skills": {"general": None, "lang.en": 3}, "queues": ["sales"]}
        answer = await client.patch("/api/agents/8002", json=patch)
    assert [change["words"] for change in answer.json()["changes"]] == [
        "agent 8002: skills.general: 1 → -",
        "agent 8002: skills.lang.en: - → 3",
    ]


@pytest.mark.parametrize(
    ("path", "patch", "status", "said"),
    [
        ("/api/queues/sails", {"band": 1}, 404, "there is no queue sails"),
        ("/api/agents/8009", {"language": "en"}, 404, "there is no agent 8009"),
        ("/api/queues/general", {"band": -1}, 422, "queues.0.band: input should be"),
        ("/api/queues/general", {"bant": 1}, 422, "there is no key bant (did you mean band?)"),
        ("/api/agents/8002", {"queues": ["sails"]}, 422, "there is no queue sails"),
        ("/api/agents/8001", {"queues": []}, 422, "for what the agent can do"),
        ("/api/queues/general", [1], 422, "body"),
    ],
)
async def test_an_alteration_with_a_fault_is_refused_and_changes_nothing(
    bench: Bench, path: str, patch: object, status: int, said: str
) -> None:
    async with bench.client() as client:
        answer = await client.patch(path, json=patch)
    assert answer.status_code == status, answer.text
    assert said in answer.json()["detail"]
    assert (bench.recordings / "queues.yaml").read_text("utf-8") == QUEUES
    assert (bench.recordings / "agents.yaml").read_text("utf-8") == AGENTS


async def test_files_that_were_edited_by_hand_come_first(bench: Bench) -> None:
    by_hand = QUEUES.replace("wrap_up_s: 5", "wrap_up_s: 6")
    (bench.recordings / "queues.yaml").write_text(by_hand, encoding="utf-8")
    async with bench.client() as client:
        refused = await client.patch("/api/queues/sales", json={"wrap_up_s": 9})
        reloaded = await client.post("/api/reload")
        taken = await client.patch("/api/queues/sales", json={"wrap_up_s": 9})
    assert (refused.status_code, taken.status_code) == (409, 200)
    assert "ivrengine reload" in refused.json()["remedy"]
    assert [change["words"] for change in reloaded.json()["changes"]] == [
        "queue general: wrap_up_s: 5.0 → 6.0"
    ]


async def test_a_reading_with_faults_says_all_of_them(bench: Bench) -> None:
    wrong = QUEUES.replace("wrap_up_s: 5", "wrap_up_s: five").replace('"8002"', '"8003"')
    (bench.recordings / "queues.yaml").write_text(wrong, encoding="utf-8")
    async with bench.client() as client:
        answer = await client.post("/api/reload")
    assert answer.status_code == 422
    assert [line.split(": ")[0] for line in answer.json()["detail"].splitlines()] == [
        "queues.yaml:5:16",
        "queues.yaml:11:24",
    ]
    assert bench.files.roster.queues["general"].wrap_up_s == 5


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/reload"),
        ("PATCH", "/api/queues/general"),
        ("PATCH", "/api/agents/8001"),
        ("POST", "/api/contacts/c/move"),
        ("POST", "/api/agents/8001/force"),
        ("GET", "/api/calls/c/explain"),
    ],
)
async def test_nothing_is_done_without_the_token(bench: Bench, method: str, path: str) -> None:
    async with bench.client(token="") as client:
        answer = await client.request(method, path, json={})
    assert answer.status_code == 401
    assert bench.files.asked_by == []
    assert bench.floor.orders == []


async def test_what_was_changed_is_listed_with_who_and_when_newest_first(bench: Bench) -> None:
    async with bench.client() as client:
        for wrap_up_s in (9, 11):
            await client.patch("/api/queues/general", json={"wrap_up_s": wrap_up_s})
        listed = (await client.get("/api/changes")).json()
        newest = (await client.get("/api/changes?limit=1")).json()
        refused = await client.get("/api/changes?limit=0")
    assert [entry["changes"][0]["after"] for entry in listed] == ["11.0", "9.0"]
    assert listed[0]["by"] == bench.files.asked_by[-1]
    assert listed[0]["at"] == "1970-01-01T00:16:40.000Z"
    assert newest == listed[:1]
    assert refused.status_code == 422
