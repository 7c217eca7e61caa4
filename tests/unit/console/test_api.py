import wave
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from prometheus_client import Counter

from ivrengine.agents.orders import AgentOrder, AgentVerb
from ivrengine.console.ports import Check
from ivrengine.values import AgentNumber
from tests.kit.console import TOKEN, Bench
from tests.kit.facts import served_call
from tests.kit.service_stores import a_ticket

pytestmark = pytest.mark.unit


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    folder = tmp_path / "recordings"
    folder.mkdir()
    return Bench(folder)


@pytest.fixture
async def client(bench: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with bench.client() as opened:
        yield opened


def _assert_problem(answer: httpx.Response, status: int, says: str) -> None:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert says in problem["detail"]
    assert problem["remedy"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/agents",
        "/api/queues",
        "/api/trunks",
        "/api/calls",
        "/api/call-records",
        "/api/call-records/c-1",
        "/api/recordings/r",
        "/api/tickets",
        "/api/no-such-thing",
        "/api",
    ],
)
@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", TOKEN],
)
async def test_nothing_of_the_api_is_reached_without_the_token(
    bench: Bench, path: str, header: str | None
) -> None:
    async with bench.client(token="") as client:
        headers = {} if header is None else {"Authorization": header}
        answer = await client.get(path, headers=headers)
    _assert_problem(answer, 401, "token")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert TOKEN not in answer.text


async def test_no_order_is_carried_out_without_the_token(bench: Bench) -> None:
    async with bench.client(token="") as client:
        answer = await client.post("/api/agents/8001/login")
    _assert_problem(answer, 401, "token")
    assert bench.desk.orders == []


async def test_every_route_is_open_or_asks_for_the_token(bench: Bench) -> None:
    async with bench.client(token="") as client:
        paths = (await client.get("/api/openapi.json")).json()["paths"]
        found = {
            path: (await client.get(path.replace("{", "").replace("}", ""))).status_code
            for path in paths
        }
    assert {path for path, status in found.items() if status != 401} == {
        "/health/live",
        "/health/ready",
        "/metrics",
    }
    assert len(found) >= 18


async def test_agents_are_shown_as_they_stand(client: httpx.AsyncClient) -> None:
    first = (await client.get("/api/agents")).json()[0]
    assert first == {
        "number": "8001",
        "name_zh": "王芳",
        "name_en": "Wang Fang",
        "state": "logged_out",
        "since": "1970-01-01T00:16:40.000Z",
        "presence": "logged-out",
        "reason": "",
        "pending": "",
        "work": "idle",
        "device": "reachable",
        "queues": ["general"],
        "contact": "",
        "skills": {"general": 2},
        "forced_by": "",
        "handled_today": 3,
        "occupancy_today": 0.3333,
        "overlong": [],
    }


async def test_an_agent_is_led_through_a_working_day(
    bench: Bench, client: httpx.AsyncClient
) -> None:
    states = []
    for verb, body in (
        ("login", None),
        ("ready", {}),
        ("not-ready", {"reason": "lunch"}),
        ("end-wrap-up", None),
        ("logout", None),
    ):
        answer = await client.post(f"/api/agents/8001/{verb}", json=body)
        assert answer.status_code == 200
        states.append((answer.json()["state"], answer.json()["reason"]))
    assert states == [
        ("not_ready", ""),
        ("ready", ""),
        ("not_ready", "lunch"),
        ("ready", ""),
        ("logged_out", ""),
    ]
    assert bench.desk.orders[2] == AgentOrder(
        agent=AgentNumber("8001"), verb=AgentVerb.NOT_READY, reason="lunch"
    )


async def test_an_unknown_agent_is_not_found(client: httpx.AsyncClient) -> None:
    _assert_problem(await client.post("/api/agents/9999/login"), 404, "9999")


async def test_what_the_state_forbids_is_a_conflict_with_the_reason(
    client: httpx.AsyncClient,
) -> None:
    _assert_problem(await client.post("/api/agents/8001/ready"), 409, "not logged in")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/agents/8001/dance", None),
        ("/api/agents/8001/not-ready", None),
        ("/api/agents/8001/not-ready", {"reason": "  "}),
        ("/api/agents/8001/not-ready", {"reason": "x" * 41}),
        ("/api/agents/8001/not-ready", {"reason": 7}),
        ("/api/agents/8001/login", {"password": "x"}),
    ],
)
async def test_an_order_that_makes_no_sense_is_refused(
    bench: Bench, client: httpx.AsyncClient, path: str, body: object
) -> None:
    _assert_problem(await client.post(path, json=body), 422, "")
    assert bench.desk.orders == []


async def test_queues_trunks_and_live_calls_are_shown(client: httpx.AsyncClient) -> None:
    (queue,) = (await client.get("/api/queues")).json()
    assert (queue["name"], queue["waiting"], queue["longest_wait_s"]) == ("general", 3, 12.346)
    (trunk,) = (await client.get("/api/trunks")).json()
    ordinary = trunk["classes"].pop("ordinary")
    assert trunk.pop("classes").keys() == {"trading", "registered"}
    assert trunk == {
        "name": "main",
        "lines": 2,
        "in_use": 2,
        "free": 0,
        "peak": 2,
        "attempts": 3,
        "refused": 1,
        "by_class": {"ordinary": 2},
    }
    assert ordinary == {
        "in_use": 2,
        "leaves_free": 0,
        "at_most": None,
        "attempts": 3,
        "refused": 1,
    }
    (call,) = (await client.get("/api/calls")).json()
    assert (call["id"], call["caller"]) == ("c-up", "13812345678")
    assert call["since"] == "1970-01-01T00:16:40.500Z"


async def test_the_record_of_calls_is_listed_newest_first(
    bench: Bench, client: httpx.AsyncClient
) -> None:
    for number in range(3):
        await bench.records.append(served_call(f"c-{number}", at=1000.0 + number))
    rows = (await client.get("/api/call-records")).json()
    assert [row["id"] for row in rows] == ["c-2", "c-1", "c-0"]
    assert rows[0]["duration_s"] == 60.0
    assert rows[0]["recordings"] == ["c-2-rec"]
    assert "checkpoint" not in rows[0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"since": "1970-01-01T00:16:41Z"}, ["c-2", "c-1"]),
        ({"since": "1970-01-01T08:16:42+08:00"}, ["c-2"]),
        ({"since": "1001.5"}, ["c-2"]),
        ({"limit": "1"}, ["c-2"]),
        ({"number": "8001"}, ["c-2", "c-1", "c-0"]),
        ({"number": "000"}, []),
    ],
)
async def test_the_record_of_calls_can_be_narrowed(
    bench: Bench, client: httpx.AsyncClient, query: dict[str, str], found: list[str]
) -> None:
    for number in range(3):
        await bench.records.append(served_call(f"c-{number}", at=1000.0 + number))
    rows = (await client.get("/api/call-records", params=query)).json()
    assert [row["id"] for row in rows] == found


@pytest.mark.parametrize(
    "query", ["since=yesterday", "since=2026-01-01T00:00:00", "limit=0", "limit=1001", "limit=x"]
)
async def test_a_question_that_makes_no_sense_is_refused(
    client: httpx.AsyncClient, query: str
) -> None:
    _assert_problem(await client.get(f"/api/call-records?{query}"), 422, "query")


async def test_a_call_still_up_has_no_end_in_its_record(
    bench: Bench, client: httpx.AsyncClient
) -> None:
    await bench.records.append(served_call()[:1])
    (row,) = (await client.get("/api/call-records")).json()
    assert (row["answered_at"], row["ended_at"], row["duration_s"]) == (None, None, None)


async def test_a_calls_timeline_tells_it_from_its_admission_on(
    bench: Bench, client: httpx.AsyncClient
) -> None:
    await bench.records.append(served_call())
    timeline = (await client.get("/api/call-records/c-1")).json()
    assert timeline["call"]["outcome"] == "served"
    assert [fact["kind"] for fact in timeline["facts"]][:4] == [
        "call-admitted",
        "call-answered",
        "language-chosen",
        "prompt-heard",
    ]
    assert timeline["facts"][3] == {
        "at": "1970-01-01T00:16:45.000Z",
        "kind": "prompt-heard",
        "prompts": ["menu.main"],
        "language": "en",
        "heard_s": 2.5,
        "cut": True,
        "digit_to_prompt_s": None,
    }


async def test_an_unknown_call_is_not_found(client: httpx.AsyncClient) -> None:
    _assert_problem(await client.get("/api/call-records/nobody"), 404, "nobody")


async def test_while_the_database_is_away_the_api_says_so_and_when_to_come_back(
    bench: Bench, client: httpx.AsyncClient
) -> None:
    bench.records.away = True
    answer = await client.get("/api/call-records")
    _assert_problem(answer, 503, "away")
    assert answer.headers["retry-after"] == "5"


async def test_a_fault_of_ours_tells_nothing_of_itself(
    bench: Bench, client: httpx.AsyncClient
) -> None:
    def broken() -> None:
        raise KeyError("a secret of the inside")

    bench.desk.agents = broken  # type: ignore[method-assign, assignment]
    answer = await client.get("/api/agents")
    _assert_problem(answer, 500, "fault of the engine")
    assert "secret" not in answer.text


async def test_tickets_are_listed_newest_first(bench: Bench, client: httpx.AsyncClient) -> None:
    await bench.tickets.add(a_ticket("1111222", kept_at=10.0))
    await bench.tickets.add(a_ticket("2222333", kept_at=20.0))
    tickets = (await client.get("/api/tickets")).json()
    assert [ticket["number"] for ticket in tickets] == ["2222333", "1111222"]
    assert tickets[0]["caller"] == "13800138000"


def _write_recording(path: Path) -> bytes:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(range(256)) * 4)
    return path.read_bytes()


async def test_a_recording_is_given_out_whole_or_in_part(
    bench: Bench, client: httpx.AsyncClient
) -> None:
    whole = _write_recording(bench.recordings / "c-1.rec.wav")
    answer = await client.get("/api/recordings/c-1.rec")
    assert (answer.status_code, answer.content) == (200, whole)
    assert answer.headers["content-type"] == "audio/wav"
    part = await client.get("/api/recordings/c-1.rec", headers={"Range": "bytes=44-143"})
    assert (part.status_code, part.content) == (206, whole[44:144])


@pytest.mark.parametrize(
    "name",
    [
        "none",
        "..%2fsecret",
        "%2e%2e%2fsecret",
        "..",
        "../secret",
        "%2fetc%2fpasswd",
        "link",
        "folder",
        ".hidden",
        "a%00b",
        "x" * 200,
        "secret%0a",
    ],
)
async def test_nothing_but_a_recording_is_ever_given_out(
    bench: Bench, client: httpx.AsyncClient, name: str
) -> None:
    _write_recording(bench.recordings.parent / "secret.wav")
    _write_recording(bench.recordings / ".hidden.wav")
    (bench.recordings / "link.wav").symlink_to(bench.recordings.parent / "secret.wav")
    (bench.recordings / "folder.wav").mkdir()
    answer = await client.get(f"/api/recordings/{name}")
    assert answer.status_code == 404
    assert b"RIFF" not in answer.content


async def test_the_engine_is_ready_when_every_part_is(
    bench: Bench, client: httpx.AsyncClient
) -> None:
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    bench.checks[1] = Check(name="database", fault="it is away", remedy="start PostgreSQL")
    answer = await client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert answer.json()["checks"][1] == {
        "name": "database",
        "ok": False,
        "fault": "it is away",
        "remedy": "start PostgreSQL",
    }
    assert (await client.get("/health/live")).status_code == 200


async def test_metrics_are_given_out_in_the_text_format(
    bench: Bench, client: httpx.AsyncClient
) -> None:
    Counter("ivr_test", "A test", registry=bench.metrics).inc(3)
    answer = await client.get("/metrics")
    assert "ivr_test_total 3.0" in answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")


async def test_the_start_page_says_what_runs_and_what_to_dial(
    bench: Bench, client: httpx.AsyncClient
) -> None:
    page = await client.get("/")
    assert page.status_code == 200
    assert "Serving calls: 1 up, 0 of 2 agents logged in." in page.text
    assert "952588" in page.text
    assert "&lt;b&gt;everybody" in page.text
    assert "13812345678" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    bench.checks[0] = Check(name="switch", fault="no events", remedy="see the log")
    assert "Not ready" in (await client.get("/")).text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/no/such/page", 404), ("DELETE", "/api/agents", 405), ("PUT", "/metrics", 405)],
)
async def test_what_does_not_exist_is_a_problem_too(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    _assert_problem(await client.request(method, path), status, "")
