"""No bridge that somebody is going to talk in is swept away, however long nobody is in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from ivrengine.calls.sweeping import LOOKS_EVERY_S
from tests.kit.bench import world
from tests.kit.bench.bench import Bench
from tests.kit.bench.swept import a_swept_bench
from tests.kit.bench.talks import TRADING, picked_up, talking

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

SUPERVISOR, CUSTOMER = "8033", "13900000007"
LONG_S = LOOKS_EVERY_S * 3
"""So long that two looks come in it, whenever it begins."""

SLOW_S = 25.0
"""How long somebody slow takes to answer; longer and nobody would wait for them."""

DURATION_OF = world.duration_of


@asynccontextmanager
async def nothing_swept() -> AsyncIterator[Bench]:
    """Gives a bench with a sweeper, which must have swept nothing in the end."""
    async with a_swept_bench() as bench:
        yield bench
        assert [entry for entry in bench.logged if entry["event"] == "bridge_swept"] == []
        assert bench.errors() == []


def _longer_consent(uri: str) -> float:
    return SLOW_S if "consent" in uri else DURATION_OF(uri)


async def test_a_caller_on_hold_and_an_agent_whose_third_is_slow_to_answer() -> None:
    async with nothing_swept() as bench:
        caller, agent = await talking(bench)
        third = bench.world.exchange.outside_phone(CUSTOMER)
        await agent.presses(f"*30{CUSTOMER}#")
        await third.rings()
        await asyncio.sleep(SLOW_S)
        assert caller.leg.music == "default"
        third.answers()
        await agent.meets(CUSTOMER)
        await asyncio.sleep(LONG_S)
        await agent.presses("*7")
        await caller.meets("8001")
        caller.hangs_up()


async def test_a_third_who_waits_while_the_agent_is_back_with_the_caller() -> None:
    async with nothing_swept() as bench:
        caller, agent = await talking(bench)
        await bench.ready("8002")
        await agent.presses("*38002#")
        await picked_up(bench, "8002")
        await agent.meets("8002")
        await agent.presses("*4")
        await caller.meets("8001")
        await asyncio.sleep(LONG_S)
        await agent.presses("*4")
        await agent.meets("8002")
        caller.hangs_up()


async def test_three_who_talk_and_then_two_apart_again() -> None:
    async with nothing_swept() as bench:
        caller, agent = await talking(bench)
        await bench.ready("8002")
        await agent.presses("*38002#")
        await picked_up(bench, "8002")
        await agent.meets("8002")
        await agent.presses("*6")
        await caller.meets("8002")
        await asyncio.sleep(LONG_S)
        await agent.presses("*4")
        await agent.meets("8002")
        await caller.hears_music()
        caller.hangs_up()


async def test_an_agent_who_is_slow_to_answer_another() -> None:
    async with nothing_swept() as bench:
        phone = await bench.ready("8002")
        other = bench.phone("8001").dials("8002")
        await phone.rings()
        await asyncio.sleep(SLOW_S)
        answered = phone.answers()
        await other.meets("8002")
        answered.holds()
        await asyncio.sleep(LONG_S)
        answered.retrieves()
        assert other.partners == ["8002"]
        other.hangs_up()


async def test_an_agent_who_is_slow_to_answer_a_supervisor() -> None:
    async with nothing_swept() as bench:
        phone = await bench.ready("8001")
        supervisor = bench.phone(SUPERVISOR).dials("*278001")
        await phone.rings()
        await asyncio.sleep(SLOW_S)
        phone.answers()
        await supervisor.meets("8001")
        await asyncio.sleep(LONG_S)
        assert supervisor.partners == ["8001"]
        supervisor.hangs_up()


async def test_a_supervisor_who_waits_for_a_conversation_and_takes_it_over() -> None:
    async with nothing_swept() as bench:
        phone = await bench.ready("8001")
        supervisor = bench.phone(SUPERVISOR).dials("*208001")
        await supervisor.hears("observe.waiting")
        await asyncio.sleep(LONG_S)
        caller = bench.call_in()
        await caller.presses(TRADING)
        await phone.rings()
        phone.answers()
        await supervisor.hears("observe.listening")
        await supervisor.presses("3")
        await caller.meets(SUPERVISOR)
        await asyncio.sleep(LONG_S)
        assert caller.partners == [SUPERVISOR]
        caller.hangs_up()


async def test_a_customer_who_hears_for_long_that_it_is_recorded_and_is_put_on_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(world, "duration_of", _longer_consent)
    async with nothing_swept() as bench:
        outside = bench.world.exchange.outside_phone(CUSTOMER)
        agent = (await bench.ready("8001")).dials(f"0{CUSTOMER}")
        await outside.rings()
        await asyncio.sleep(SLOW_S)
        customer = outside.answers()
        await customer.meets("8001")
        agent.holds()
        await customer.hears_music()
        await asyncio.sleep(LONG_S)
        agent.retrieves()
        await customer.meets("8001")
        customer.hangs_up()
