"""Whoever hangs up, or whatever dies, at whatever instant of a call by hand: nothing leaks."""

import asyncio

import pytest

from ivrengine.calls.facts import CallAdmitted, CallEnded, PersonJoined, PersonLeft
from ivrengine.simulator.party import Party
from ivrengine.simulator.phone import Manner, SimulatedPhone
from tests.kit.bench.bench import Bench, a_bench

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

CUSTOMER = "13900000007"
ORDER_S = 0.02
INSTANTS_S = [
    *(0.0, 0.01, 0.03, 0.05, 0.07, 0.09, 0.11, 0.15, 0.2, 1.0, 2.05, 2.1, 2.15, 2.2, 2.25, 2.3),
    *(3.0, 5.0, 6.2, 6.4, 6.6, 6.8, 7.0, 7.2, 7.4, 7.6, 8.0, 9.0, 12.0, 14.01, 14.05, 14.1),
]
"""From the dialling on: ringing, answered after 2 s, the consent, the talk, held after 14 s."""


async def dialled(bench: Bench) -> tuple[Party, SimulatedPhone]:
    """An agent has dialled somebody who answers after two seconds, on a slow softswitch."""
    outside = bench.world.exchange.outside_phone(CUSTOMER, Manner.ANSWERS, acts_after_s=2.0)
    agent = await bench.ready("8001")
    bench.world.exchange.order_delay_s = ORDER_S
    return agent.dials(f"0{CUSTOMER}"), outside


async def hold(party: Party) -> None:
    """The agent holds the call in the end."""
    await asyncio.sleep(14)
    await party.presses("*1")
    await asyncio.sleep(3)


def books_are_closed(bench: Bench) -> bool:
    """Whether all that began has ended."""
    return len(bench.facts(CallAdmitted)) == len(bench.facts(CallEnded)) and len(
        bench.facts(PersonJoined)
    ) == len(bench.facts(PersonLeft))


@pytest.mark.parametrize("after_s", INSTANTS_S)
@pytest.mark.parametrize("who", ["agent", "customer"])
async def test_a_hang_up_ends_both(who: str, after_s: float) -> None:
    async with a_bench() as bench:
        party, outside = await dialled(bench)
        going_on = asyncio.ensure_future(hold(party))
        await asyncio.sleep(after_s)
        (party if who == "agent" else outside).hangs_up()
        await going_on
        party.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []
        assert books_are_closed(bench)


@pytest.mark.parametrize("after_s", INSTANTS_S)
async def test_an_engine_that_dies_leaves_nothing_behind(after_s: float) -> None:
    async with a_bench() as bench:
        party, _ = await dialled(bench)
        going_on = asyncio.ensure_future(hold(party))
        await asyncio.sleep(after_s)
        had_joined = bool(bench.facts(PersonJoined))
        await bench.restart()
        await asyncio.sleep(2)
        assert party.is_over is not had_joined
        await going_on
        party.hangs_up()
        assert await bench.is_quiet() == []
        assert len(bench.facts(CallAdmitted)) == len(bench.facts(CallEnded))
