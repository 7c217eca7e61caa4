"""A supervisor's word with an agent, ordered over HTTP."""

from pathlib import Path

import pytest

from tests.kit.console import Bench

pytestmark = pytest.mark.unit


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(recordings=tmp_path)


async def test_a_supervisor_has_a_word_with_an_agent_and_who_ordered_it_is_told(
    bench: Bench,
) -> None:
    async with bench.client() as client:
        answer = await client.post("/api/agents/8001/intercom", json={"supervisor": "8033"})
    assert answer.json() == {"agent": "8001", "supervisor": "8033", "opens_itself": True}
    (order,) = bench.words.orders
    assert (order.agent, order.supervisor, order.by) == ("8001", "8033", "administrator")


@pytest.mark.parametrize(
    ("agent", "body", "status"),
    [
        ("8001", {"supervisor": "8002"}, 403),
        ("9999", {"supervisor": "8033"}, 404),
        ("8002", {"supervisor": "8033"}, 409),
        ("8001", {}, 422),
    ],
)
async def test_a_word_is_refused_with_a_reason(
    bench: Bench, agent: str, body: dict[str, str], status: int
) -> None:
    async with bench.client() as client:
        answer = await client.post(f"/api/agents/{agent}/intercom", json=body)
    assert answer.status_code == status
    assert answer.json()["detail"]
