"""Supervisors' orders over HTTP, and the reasons why a call waits or went where it went."""

from pathlib import Path

import pytest

from acd.agent_states import PresenceTrigger
from acd.events import AgentGotNotReady, AgentLoggedIn, ContactQueued, OfferAnswered, OfferRang
from acd.model import AgentId, ContactId, QueueName
from ivrengine.agents.supervision import ForceOrder, MoveOrder
from ivrengine.calls.facts import (
    AnyFact,
    CallAdmitted,
    CallEnded,
    OfferFailed,
    PersonJoined,
    PersonLeft,
    PersonMoved,
    PersonOffered,
    PersonSought,
)
from ivrengine.values import AgentNumber, CallId
from tests.kit.console import Bench

pytestmark = pytest.mark.unit

CALL = CallId("call-c")
WAY: list[AnyFact] = [
    CallAdmitted(
        call=CALL,
        at=1.0,
        leg="l",
        caller="1",
        dialled="952588",
        trunk="main",
        caller_class="trading",
    ),
    PersonSought(call=CALL, at=2.0, contact="c", queue="trading", agent="", since=2.0),
    PersonOffered(
        call=CALL,
        at=3.0,
        contact="c",
        agent="8001",
        reservation="r1",
        queue="trading",
        needs="trading >= 3",
        pick="most-skilled",
        rank="trading 3, idle for 12 s",
    ),
    OfferFailed(call=CALL, at=4.0, contact="c", agent="8001", reservation="r1", cause="timeout"),
    PersonMoved(call=CALL, at=5.0, contact="c", queue="trading", step=1),
    PersonMoved(call=CALL, at=6.0, contact="c", queue="general", step=0, cause="wait"),
    PersonMoved(call=CALL, at=7.0, contact="c", queue="sales", step=0, by="administrator"),
    PersonJoined(
        call=CALL,
        at=8.0,
        contact="c",
        agent="8002",
        reservation="r2",
        agent_leg="a",
        bridge="b",
        recording="",
        waited_s=6.0,
    ),
    PersonLeft(call=CALL, at=20.0, contact="c", agent="8002", by="agent", talked_s=12.0),
    CallEnded(call=CALL, at=21.0, by="caller", cause="normal", outcome="served", duration_s=20.0),
]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(recordings=tmp_path)


def waits(bench: Bench, *logged_in: str) -> None:
    """Let contact c wait in the queue general, while some agents are there and not ready."""
    floor = bench.floor
    for number in logged_in:
        agent = AgentId(number)
        floor.tells(AgentLoggedIn(agent=agent), AgentGotNotReady(agent=agent, reason="meal"))
    floor.tells(
        ContactQueued(contact=ContactId("c"), queue=QueueName("general"), enqueued_at=floor.now)
    )


async def test_a_contact_is_moved_by_whoever_has_the_token(bench: Bench) -> None:
    waits(bench, "8001")
    body = {"queue": "sales", "band": 0, "head_start_s": 60}
    async with bench.client() as client:
        answer = await client.post("/api/contacts/c/move", json=body)
    assert answer.status_code == 200
    assert answer.json()["contact"] == "c"
    assert bench.floor.orders == [
        MoveOrder(contact="c", by="administrator", queue="sales", band=0, head_start_s=60)
    ]


@pytest.mark.parametrize(
    ("contact", "body", "status", "said"),
    [
        ("x", {"band": 0}, 404, "no call or contact x waits"),
        ("c", {"queue": "closed"}, 409, "nobody is logged in there"),
        ("c", {}, 422, "name a queue, an agent, a band or a head start"),
        ("c", {"queue": "sales", "agent": "8001"}, 422, "not both"),
        ("c", {"head_start_s": -1}, 422, "head_start_s"),
        ("c", {"quue": "sales"}, 422, "quue"),
    ],
)
async def test_a_move_that_cannot_be_is_refused_with_the_reason(
    bench: Bench, contact: str, body: object, status: int, said: str
) -> None:
    waits(bench, "8001")
    async with bench.client() as client:
        answer = await client.post(f"/api/contacts/{contact}/move", json=body)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text


async def test_a_conversation_is_ended_by_order(bench: Bench) -> None:
    async with bench.client() as client:
        done, idle, unknown = [
            await client.post(f"/api/agents/{number}/end-call") for number in (8001, 8002, 8009)
        ]
    assert [answer.status_code for answer in (done, idle, unknown)] == [200, 409, 404]
    assert done.json()["number"] == "8001"
    assert idle.json()["detail"] == "no conversation"


async def test_an_agent_is_forced_with_a_reason(bench: Bench) -> None:
    body = {"presence": "not-ready", "reason": " training "}
    async with bench.client() as client:
        done = await client.post("/api/agents/8001/force", json=body)
        unknown = await client.post("/api/agents/8009/force", json=body)
        nonsense = await client.post("/api/agents/8001/force", json={"presence": "asleep"})
    assert (done.status_code, unknown.status_code, nonsense.status_code) == (200, 404, 422)
    assert bench.floor.orders[0] == ForceOrder(
        agent=AgentNumber("8001"),
        presence=PresenceTrigger.GO_NOT_READY,
        by="administrator",
        reason="training",
    )


async def test_why_a_call_waits_is_told_in_sentences_and_in_values(bench: Bench) -> None:
    waits(bench, "8001", "8002")
    async with bench.client() as client:
        told = (await client.get(f"/api/calls/{CALL}/explain")).json()
    standing = told["standing"]
    assert (standing["queue"], standing["position"], standing["step"]) == ("general", 1, 0)
    assert standing["requirement"] == "general >= 2"
    assert {each["agent"]: each["reason"] for each in standing["agents"]} == {
        "8001": "aux",
        "8002": "aux",
    }
    sentences = " ".join(standing["sentences"])
    assert "It waits in queue general since 09:46:40." in sentences
    assert "It is number 1 in line (band 1)." in sentences
    assert "It needs an agent with: general >= 2 (step 1 of 2)." in sentences
    assert "Of 2 agents of the queue: 2 not ready." in sentences
    assert "Nobody can tell how long it will take." in sentences
    assert "At 09:47:10 more agents will do." in sentences
    assert told["way"] == []


async def test_who_is_rung_and_who_speaks_with_whom_is_told(bench: Bench) -> None:
    bench.floor.tells(AgentLoggedIn(agent=AgentId("8001"), ready=True))
    waits(bench)
    (offer,) = bench.floor.router.offers()
    async with bench.client() as client:
        rung = (await client.get(f"/api/calls/{CALL}/explain")).json()["standing"]
        bench.floor.tells(OfferRang(reservation=offer.id), OfferAnswered(reservation=offer.id))
        joined = (await client.get(f"/api/calls/{CALL}/explain")).json()["standing"]
    assert rung["with_agents"] == joined["with_agents"] == ["8001"]
    assert "8001 is being rung" in rung["sentences"][0]


async def test_the_way_that_a_call_took_is_told_from_its_record(bench: Bench) -> None:
    await bench.records.append(WAY)
    async with bench.client() as client:
        told = (await client.get(f"/api/calls/{CALL}/explain")).json()
    assert told["standing"] is None
    assert [stage["words"] for stage in told["way"]] == [
        "was given a line of main, for the number 952588, as a caller of the class trading",
        "asked for anybody of the queue trading",
        "8001 was rung: of those who meet trading >= 3, most-skilled (trading 3, idle for 12 s)",
        "8001 did not answer in time",
        "waited on in the queue trading at step 2, where more agents will do",
        "waited on in the queue general, for it had waited too long where it was",
        "waited on in the queue sales, moved by administrator",
        "8002 took it, after a wait of 6 s",
        "the conversation with 8002 ended after 12 s",
        "ended: served, by the caller",
    ]
    assert told["way"][0]["at"] == "1970-01-01T00:00:01.000Z"


async def test_a_call_that_nobody_knows_is_no_call(bench: Bench) -> None:
    async with bench.client() as client:
        answer = await client.get("/api/calls/unheard-of/explain")
    assert answer.status_code == 404
    assert "there is no call unheard-of" in answer.json()["detail"]
