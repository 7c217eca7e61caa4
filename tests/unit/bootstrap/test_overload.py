"""What the softswitch's orders take decides who is answered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from acd.trunk_groups import CALLER_CLASSES, LineClass
from ivrengine.bootstrap.overload import guard_against_overload
from ivrengine.calls.setting_up import SettingUpSettings
from ivrengine.errors import SwitchOverloaded

pytestmark = [pytest.mark.unit, pytest.mark.looptime]

TRADING, REGISTERED, ORDINARY = CALLER_CLASSES
ORDER = "play"
ORDERS_A_SECOND = 10
NEVER_TOO_MANY = 20
AT_ONCE = 8
AT_EASE_S, SLOW_S, LATE_S = 0.002, 0.15, 0.4


class Switch:
    """A softswitch with callers inside, whose orders take as long as the test says."""

    def __init__(self) -> None:
        self.order_takes_s = AT_EASE_S
        self.inside = 0
        self.guard = guard_against_overload(
            self,
            SettingUpSettings(at_once=AT_ONCE, never_too_many=NEVER_TOO_MANY, patience_s=4.0),
            present=lambda: self.inside + self.guard.setting_up.waiting,
        )

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Carries out orders for the block."""
        async with asyncio.TaskGroup() as scope:
            work = scope.create_task(self._work())
            yield
            work.cancel()

    async def _work(self) -> None:
        while True:
            self.guard.note_order(ORDER, self.order_takes_s)
            await asyncio.sleep(1 / ORDERS_A_SECOND)

    async def come_in(self, line_class: LineClass, *, answered_in_s: float = 0.0) -> None:
        """One more caller is answered, and stays."""
        async with self.guard.setting_up.turn(line_class):
            await asyncio.sleep(answered_in_s)
            self.inside += 1

    async def come_in_one_after_another(self, line_class: LineClass, *, callers: int) -> None:
        """Whoever comes is answered in a second, and followed by the next."""
        for _ in range(callers):
            await self.come_in(line_class, answered_in_s=1.0)

    async def come_in_vain(self) -> None:
        """Somebody calls whom nobody ever answers."""
        with suppress(SwitchOverloaded, TimeoutError):
            async with asyncio.timeout(10.0):
                await self.come_in(ORDINARY, answered_in_s=100.0)


async def answered_within(switch: Switch, seconds: float, *, callers: int) -> int:
    """How many of so many who all call now are answered in that time."""
    async with asyncio.TaskGroup() as scope:
        tasks = [
            scope.create_task(switch.come_in(ORDINARY, answered_in_s=1.0)) for _ in range(callers)
        ]
        await asyncio.sleep(seconds)
        for task in tasks:
            task.cancel()
    return switch.inside


@pytest.mark.parametrize(
    ("order_takes_s", "answered"), [(AT_EASE_S, AT_ONCE), (SLOW_S, AT_ONCE // 4), (LATE_S, 1)]
)
async def test_the_later_the_orders_the_fewer_are_answered_at_once(
    order_takes_s: float, answered: int
) -> None:
    switch = Switch()
    switch.order_takes_s = order_takes_s
    async with switch.at_work():
        await asyncio.sleep(1.0)
        assert await answered_within(switch, 1.1, callers=3 * AT_ONCE) == answered


async def test_while_orders_stay_slow_none_but_trading_customers_come_in() -> None:
    switch = Switch()
    switch.inside = 3 * NEVER_TOO_MANY
    switch.order_takes_s = SLOW_S
    async with switch.at_work():
        with pytest.raises(SwitchOverloaded):
            await switch.come_in_one_after_another(REGISTERED, callers=10)
        held = switch.inside
        await switch.come_in(TRADING)
        assert switch.inside == held + 1
        with pytest.raises(SwitchOverloaded):
            await switch.come_in(ORDINARY)


async def test_calls_that_are_never_too_many_come_in_at_any_time() -> None:
    switch = Switch()
    switch.order_takes_s = LATE_S
    async with switch.at_work():
        await asyncio.sleep(10.0)
        for _ in range(NEVER_TOO_MANY):
            await switch.come_in(ORDINARY)


async def test_those_who_wait_are_not_taken_for_calls_that_are_borne() -> None:
    switch = Switch()
    switch.inside = 3 * NEVER_TOO_MANY
    switch.order_takes_s = SLOW_S
    async with switch.at_work():
        async with asyncio.TaskGroup() as scope:
            for _ in range(60):
                scope.create_task(switch.come_in_vain())
                await asyncio.sleep(0.1)
        with pytest.raises(SwitchOverloaded):
            await switch.come_in(ORDINARY)
