"""Observing agents and having them call out, over HTTP."""

from pathlib import Path

import pytest

from ivrengine.agents.observing import ObserveMode
from tests.kit.console import Bench

pytestmark = pytest.mark.unit


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(recordings=tmp_path)


async def test_a_supervisor_observes_changes_the_mode_and_is_let_go(bench: Bench) -> None:
    async with bench.client() as client:
        for mode in ObserveMode:
            answer = await client.post(
                "/api/agents/8001/observe", json={"supervisor": "8033", "mode": mode}
            )
            assert answer.status_code == 200
            assert answer.json() == {
                "agent": "8001",
                "supervisor": "8033",
                "mode": mode,
                "stage": "observing",
                "call": "c-up",
            }
        assert len((await client.get("/api/agents/8001/observe")).json()) == len(ObserveMode)
        await client.delete("/api/agents/8001/observe", params={"supervisor": "8033"})
        assert (await client.get("/api/agents/8001/observe")).json() == []


@pytest.mark.parametrize(
    ("agent", "body", "status"),
    [
        ("8001", {"supervisor": "8002"}, 403),
        ("9999", {"supervisor": "8033"}, 404),
        ("8005", {"supervisor": "8033", "mode": "take-over"}, 409),
        ("8001", {"supervisor": "8033", "mode": "shout"}, 422),
        ("8001", {}, 422),
    ],
)
async def test_an_observation_is_refused_with_its_reason(
    bench: Bench, agent: str, body: dict[str, str], status: int
) -> None:
    async with bench.client() as client:
        answer = await client.post(f"/api/agents/{agent}/observe", json=body)
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert bench.listeners.orders == []


async def test_an_agent_calls_out_and_it_is_known_who_ordered_it(bench: Bench) -> None:
    async with bench.client() as client:
        answer = await client.post("/api/agents/8001/call", json={"number": "13900000007"})
    assert answer.json() == {"call": "c-out", "agent": "8001", "number": "13900000007"}
    assert bench.diallers.dialled == [("8001", "13900000007", "administrator")]


@pytest.mark.parametrize(
    ("agent", "number", "status"),
    [
        ("8001", "110", 403),
        ("8001", "0085212345678", 403),
        ("9999", "13900000007", 404),
        ("8001", "not-a-number", 422),
    ],
)
async def test_a_call_out_is_refused_with_its_reason(
    bench: Bench, agent: str, number: str, status: int
) -> None:
    async with bench.client() as client:
        answer = await client.post(f"/api/agents/{agent}/call", json={"number": number})
    assert answer.status_code == status
    assert bench.diallers.dialled == []


async def test_nobody_observes_without_the_token(bench: Bench) -> None:
    async with bench.client(token="") as client:
        answer = await client.post("/api/agents/8001/observe", json={"supervisor": "8033"})
    assert answer.status_code == 401
