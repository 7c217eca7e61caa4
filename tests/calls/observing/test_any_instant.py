"""Whoever hangs up, or whatever dies, at whatever instant: nothing leaks, and no talk is hurt."""

import asyncio

import pytest

from ivrengine.calls.talk_facts import ObservationBegan, ObservationEnded
from ivrengine.simulator.party import Party
from ivrengine.simulator.phone import SimulatedPhone
from tests.kit.bench.bench import Bench, a_bench

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

SUPERVISOR = "8033"
ORDER_S = 0.02
INSTANTS_S = [
    0.0,
    0.01,
    0.03,
    0.05,
    0.07,
    0.09,
    0.11,
    0.13,
    0.5,
    1.4,
    1.45,
    1.6,
    2.5,
    3.0,
    3.05,
    3.1,
]
"""From the dialling of the code on; the supervisor changes the mode after 3 seconds."""
TAKEN_OVER_S = 1.4
"""A little less than the announcement that goes before a take-over."""


async def talking(bench: Bench) -> tuple[Party, SimulatedPhone]:
    """A caller and an agent who talk, on a softswitch that takes its time."""
    agent = await bench.ready("8001")
    caller = bench.call_in()
    await caller.presses("201")
    await agent.rings()
    agent.answers()
    await caller.meets("8001")
    await asyncio.sleep(1)
    bench.world.exchange.order_delay_s = ORDER_S
    return caller, agent


async def observe(supervisor: Party, key: str) -> None:
    """The supervisor changes the mode after a while."""
    await asyncio.sleep(3)
    await supervisor.presses(key)
    await asyncio.sleep(10)


def books_are_closed(bench: Bench) -> bool:
    """Whether every observation that began has ended, once."""
    began = [(each.call, each.mode) for each in bench.facts(ObservationBegan)]
    return began == [(each.call, each.mode) for each in bench.facts(ObservationEnded)]


@pytest.mark.parametrize("after_s", INSTANTS_S)
@pytest.mark.parametrize("key", ["2", "3"])
@pytest.mark.parametrize("who", ["caller", "agent", "supervisor"])
async def test_a_hang_up_leaves_nothing_behind(who: str, key: str, after_s: float) -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        supervisor = bench.phone(SUPERVISOR).dials("*208001")
        going_on = asyncio.ensure_future(observe(supervisor, key))
        await asyncio.sleep(after_s)
        match who:
            case "caller":
                caller.hangs_up()
            case "agent":
                agent.hangs_up()
            case _:
                supervisor.hangs_up()
        await going_on
        if who == "supervisor":
            assert not caller.is_over
        supervisor.hangs_up()
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []
        assert books_are_closed(bench)


@pytest.mark.parametrize("after_s", [each / 100 for each in range(0, 20)])
@pytest.mark.parametrize("who", ["caller", "agent", "supervisor"])
async def test_a_hang_up_in_the_instant_of_a_take_over_leaves_nobody_alone(
    who: str, after_s: float
) -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        supervisor = bench.phone(SUPERVISOR).dials("*238001")
        await supervisor.hears("observe.taken_over")
        await asyncio.sleep(TAKEN_OVER_S + after_s)
        heard = len(caller.heard)
        {"caller": caller, "agent": agent, "supervisor": supervisor}[who].hangs_up()
        await asyncio.sleep(10)
        if who == "caller":
            assert supervisor.is_over
        else:
            assert caller.partners or caller.heard[heard:], "the caller hears nobody and nothing"
        supervisor.hangs_up()
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []
        assert books_are_closed(bench)


@pytest.mark.parametrize("after_s", INSTANTS_S)
@pytest.mark.parametrize("key", ["2", "3"])
async def test_an_engine_that_dies_leaves_nobody_alone_and_nothing_behind(
    key: str, after_s: float
) -> None:
    async with a_bench() as bench:
        caller, _ = await talking(bench)
        supervisor = bench.phone(SUPERVISOR).dials("*208001")
        going_on = asyncio.ensure_future(observe(supervisor, key))
        await asyncio.sleep(after_s)
        await bench.restart()
        await going_on
        assert not caller.is_over
        assert caller.partners in (["8001"], [SUPERVISOR])
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert books_are_closed(bench)
