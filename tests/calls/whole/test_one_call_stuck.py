"""An order that is never answered holds up the call that gave it, and nobody else by an instant."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivrengine.errors import SwitchUnavailable
from ivrengine.simulator.exchange import SimulatedExchange
from ivrengine.simulator.phone import Manner
from ivrengine.telephony import LegId
from tests.kit.bench.bench import a_bench

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

GIVEN_UP_AFTER_S = 5.0
"""As long as the adapter waits for an answer."""

GIVEN_LATE = ("play", "start_music")
ORDERS = ("lift_guard", "answer", *GIVEN_LATE)


def never_answer(exchange: SimulatedExchange, order: str, leg: LegId) -> list[str]:
    """Leave ``order`` without an answer for this leg, each time from here on; return those."""
    carried_out, held_up = getattr(exchange, order), list[str]()

    async def answered_or_not(to: LegId, *rest: Any, **named: Any) -> Any:
        if to == leg:
            held_up.append(order)
            await asyncio.sleep(GIVEN_UP_AFTER_S)
            raise SwitchUnavailable("no answer")
        return await carried_out(to, *rest, **named)

    setattr(exchange, order, answered_or_not)
    return held_up


async def moments_of_another(order: str, stuck_after_s: float, comes_after_s: float) -> list[float]:
    """Return when another caller heard what; nobody is stuck where ``order`` is empty."""
    async with a_bench() as bench:
        exchange = bench.world.exchange
        exchange.order_delay_s = 0.005
        await bench.ready("8001", Manner.RINGS)
        begun = asyncio.get_running_loop().time()
        moments = []

        async def goes_astray() -> None:
            caller = bench.call_in("13900000001")
            if stuck_after_s:
                await asyncio.sleep(stuck_after_s)
            held_up = never_answer(exchange, order, caller.leg.id) if order else []
            await caller.presses("201")
            await asyncio.sleep(30)
            caller.hangs_up()
            assert held_up or not order or (stuck_after_s and order not in GIVEN_LATE)

        async def goes_on() -> None:
            await asyncio.sleep(comes_after_s)
            caller = bench.call_in("13900000002")
            for keys, prompt in (
                ("", "welcome.greeting"),
                ("2", "menu.main"),
                ("1", "quotes.notice"),
            ):
                await caller.presses(keys)
                await caller.hears(prompt)
                moments.append(asyncio.get_running_loop().time() - begun)
            caller.hangs_up()

        async with asyncio.TaskGroup() as both:
            both.create_task(goes_astray())
            both.create_task(goes_on())
        assert await bench.is_quiet() == []
        return moments


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    order=st.sampled_from(ORDERS),
    stuck_after_s=st.sampled_from((0.0, 0.004, 0.3, 2.0)),
    comes_after_s=st.sampled_from((0.0, 0.01, 1.0, 3.0)),
)
async def test_everybody_else_hears_everything_at_the_same_moment(
    order: str, stuck_after_s: float, comes_after_s: float
) -> None:
    undisturbed = await moments_of_another("", stuck_after_s, comes_after_s)
    beside_it = await moments_of_another(order, stuck_after_s, comes_after_s)
    assert beside_it == pytest.approx(undisturbed, abs=0.001)
