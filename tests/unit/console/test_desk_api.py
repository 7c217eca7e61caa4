"""An agent's recording and what the agent notes, over HTTP."""

from pathlib import Path

import pytest

from ivrengine.agents.orders import AgentVerb
from ivrengine.agents.recording import RecordingVerb
from tests.kit.console import Bench

pytestmark = pytest.mark.unit


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(recordings=tmp_path)


async def test_a_recording_is_paused_and_goes_on(bench: Bench) -> None:
    async with bench.client() as client:
        for order, paused in (("pause", True), ("resume", False)):
            answer = await client.post("/api/agents/8001/recording", json={"order": order})
            assert answer.json() == {"call": "c-up", "recorded": True, "paused": paused}
        again = await client.post("/api/agents/8001/recording", json={"order": "resume"})
        assert again.status_code == 409


async def test_a_recording_is_begun_and_ended_by_order(bench: Bench) -> None:
    bench.tapes.is_paused = True
    async with bench.client() as client:
        begun = await client.post("/api/agents/8001/recording", json={"order": "start"})
        assert begun.json() == {"call": "c-up", "recorded": True, "paused": False}
    assert bench.tapes.orders == [("8001", RecordingVerb.START, "administrator")]


@pytest.mark.parametrize(
    ("agent", "order", "status"),
    [("9999", "pause", 404), ("8002", "pause", 409), ("8001", "x", 422)],
)
async def test_a_recording_is_left_alone_with_a_reason(
    bench: Bench, agent: str, order: str, status: int
) -> None:
    async with bench.client() as client:
        answer = await client.post(f"/api/agents/{agent}/recording", json={"order": order})
    assert answer.status_code == status


async def test_a_note_is_taken_and_ends_wrap_up_unless_it_is_not_to(bench: Bench) -> None:
    async with bench.client() as client:
        kept = await client.post("/api/agents/8001/wrap-up", json={"code": "1", "end": False})
        assert kept.json() == {"call": "c-up", "queue": "complaints", "code": "1"}
        assert bench.desk.orders == []
        await client.post("/api/agents/8001/wrap-up", json={"code": "2", "note": "call again"})
    assert [order.verb for order in bench.desk.orders] == [AgentVerb.END_WRAP_UP]
    assert [(taken.code, taken.note) for taken in bench.notes.taken] == [
        ("1", ""),
        ("2", "call again"),
    ]


@pytest.mark.parametrize(
    ("agent", "code", "status"), [("9999", "1", 404), ("8002", "1", 409), ("8001", "9", 422)]
)
async def test_a_note_is_refused_with_a_reason(
    bench: Bench, agent: str, code: str, status: int
) -> None:
    async with bench.client() as client:
        answer = await client.post(f"/api/agents/{agent}/wrap-up", json={"code": code})
    assert answer.status_code == status
    assert bench.notes.taken == []
