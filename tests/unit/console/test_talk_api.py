"""Orders for conversations over HTTP, and what a refused one says."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from ivrengine.calls.talk.orders import (
    NoAgent,
    NoSuchTarget,
    NotNow,
    TalkAnswer,
    TalkVerb,
    TargetClosed,
)
from ivrengine.console.talk_api import VERBS
from tests.kit.console import Bench

pytestmark = pytest.mark.unit


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
async def client(bench: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with bench.client() as opened:
        yield opened


@pytest.mark.parametrize("verb", [verb for verb, _ in VERBS])
async def test_every_order_reaches_the_agents_conversation(
    bench: Bench, client: httpx.AsyncClient, verb: TalkVerb
) -> None:
    answer = await client.post(f"/api/agents/8001/{verb}", json={"to": "agent:8002"})
    assert answer.status_code == 200
    assert answer.json() == {"agent": "8001", "phase": "held"}
    assert bench.conversations.orders == [("8001", verb, "agent:8002")]


async def test_an_order_without_a_body_needs_none(bench: Bench, client: httpx.AsyncClient) -> None:
    assert (await client.post("/api/agents/8001/hold")).status_code == 200
    assert bench.conversations.orders == [("8001", TalkVerb.HOLD, "")]


@pytest.mark.parametrize(
    ("said", "status", "word"),
    [
        (NoAgent(), 404, "no agent 8001"),
        (NotNow(why="the conversation is held"), 409, "is held"),
        (NoSuchTarget(target="agent:1"), 422, "agent:1"),
        (TargetClosed(target="queue:issues"), 409, "queue:issues is closed"),
    ],
)
async def test_a_refusal_says_why_and_what_to_do(
    bench: Bench, client: httpx.AsyncClient, said: TalkAnswer, status: int, word: str
) -> None:
    bench.conversations.answer = said
    answer = await client.post("/api/agents/8001/transfer", json={"to": "agent:1"})
    assert answer.status_code == status
    assert word in answer.json()["detail"]
    assert answer.json()["remedy"]


async def test_what_an_order_has_no_use_for_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/agents/8001/consult", json={"whom": "agent:8002"})
    assert answer.status_code == 422
