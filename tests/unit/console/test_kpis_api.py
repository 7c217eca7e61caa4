"""Figures over HTTP: of today and of other times, of queues and of agents, whole and in parts."""

from pathlib import Path

import pytest

from acd.events import AgentLoggedIn, ContactLeft, ContactQueued, OfferAnswered, OfferRang
from acd.model import AgentId, ContactId, LeaveCause, QueueName
from ivrengine.clock import iso_time
from tests.kit.console import Bench

pytestmark = pytest.mark.unit


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A floor on which two callers came: one was answered, and one gave up after half a minute."""
    made = Bench(recordings=tmp_path)
    floor, general = made.floor, QueueName("general")
    floor.tells(AgentLoggedIn(agent=AgentId("8001"), ready=True))
    for contact in ("a", "b"):
        floor.tells(ContactQueued(contact=ContactId(contact), queue=general, enqueued_at=floor.now))
    (offer,) = floor.router.offers()
    floor.now += 4
    floor.tells(OfferRang(reservation=offer.id), OfferAnswered(reservation=offer.id))
    floor.now += 30
    floor.tells(ContactLeft(contact=ContactId("b"), cause=LeaveCause.CALLER_GONE))
    floor.now += 926
    return made


async def test_figures_of_today_are_those_of_all_queues(bench: Bench) -> None:
    async with bench.client() as client:
        told = (await client.get("/api/kpis")).json()
    assert told["since"] == "2001-09-08T16:00:00.000Z"
    (general,) = (report for report in told["queues"] if report["queue"] == "general")
    assert general["visits"]["entered"] == 2
    assert general["visits"]["abandoned"] == 1
    assert told["agents"] == []


async def test_figures_come_by_interval_and_by_name(bench: Bench) -> None:
    async with bench.client() as client:
        told = (await client.get("/api/kpis?agent=8001&interval=interval")).json()
    assert told["queues"] == []
    assert [report["agent"] for report in told["agents"]] == ["8001", "8001"]
    first, second = told["agents"]
    assert second["begin_s"] - first["begin_s"] == 900
    async with bench.client() as client:
        whole = (await client.get("/api/kpis?agent=*")).json()["agents"]
    assert whole[0]["time"]["staffed_s"] == pytest.approx(
        first["time"]["staffed_s"] + second["time"]["staffed_s"]
    )


async def test_what_was_closed_and_stored_counts_as_well_as_what_is_open(bench: Bench) -> None:
    async with bench.client() as client:
        before = (await client.get("/api/kpis?agent=*")).json()
        batch = bench.floor.figures.close(bench.floor.now)
        assert batch is not None
        waits = (await client.get("/api/kpis?agent=*")).json()
        await bench.floor.store.add(batch)
        both = (await client.get("/api/kpis?agent=*")).json()
        bench.floor.figures.stored(batch)
        stored = (await client.get("/api/kpis?agent=*")).json()
    assert before == waits == both == stored


async def test_another_time_has_other_figures(bench: Bench) -> None:
    since = iso_time(bench.floor.now - 7200)
    until = iso_time(bench.floor.now - 3600)
    async with bench.client() as client:
        told = (await client.get("/api/kpis", params={"since": since, "until": until})).json()
        wrong = await client.get("/api/kpis", params={"since": until, "until": since})
        long_ago = await client.get("/api/kpis", params={"since": "1999-01-01T00:00:00Z"})
        nonsense = await client.get("/api/kpis?interval=fortnight")
    assert told["queues"] == []
    assert [answer.status_code for answer in (wrong, long_ago, nonsense)] == [422, 422, 422]


async def test_a_database_that_is_away_is_said_to_be_and_today_is_known_all_the_same(
    bench: Bench,
) -> None:
    bench.floor.store.away = True
    async with bench.client() as client:
        answer = await client.get("/api/kpis")
    assert answer.status_code == 503
    today = bench.floor.figures.today(bench.floor.now)
    assert today.queues["general"].visits.abandoned == 1
