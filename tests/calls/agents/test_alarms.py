"""Timers of distribution when the clock comes slowly after a wall clock that was set back."""

import asyncio

import pytest

from acd.commands import StartTimer
from acd.events import TimerExpired
from acd.model import TimerKey, TimerKind
from ivrengine.agents.alarms import DUE_WITHIN_S, LOOK_AGAIN_S, Alarms

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

KEY = TimerKey(kind=TimerKind.RING, subject="offer")


class SlowClock:
    """Nine seconds pass while the loop counts ten."""

    def now(self) -> float:
        return 1000.0 + 0.9 * asyncio.get_running_loop().time()


@pytest.mark.parametrize("after_s", [0.0, 9.0, LOOK_AGAIN_S, 3 * LOOK_AGAIN_S])
async def test_a_timer_rings_once_and_when_its_time_has_come_by_the_clock(after_s: float) -> None:
    clock, rung = SlowClock(), list[tuple[TimerExpired, float]]()
    alarms = Alarms(clock, lambda timer: True, lambda event: rung.append((event, clock.now())))
    due_at = clock.now() + after_s
    alarms.set(StartTimer(key=KEY, generation=1, at=due_at))
    await asyncio.sleep(4 * LOOK_AGAIN_S)
    [(event, rung_at)] = rung
    assert event == TimerExpired(key=KEY, generation=1)
    assert -DUE_WITHIN_S <= rung_at - due_at <= 0.01
    assert len(alarms) == 0


async def test_a_timer_that_is_stopped_meanwhile_stays_silent() -> None:
    clock, rung = SlowClock(), list[TimerExpired]()
    matters = [True]
    alarms = Alarms(clock, lambda timer: matters[0], rung.append)
    alarms.set(StartTimer(key=KEY, generation=1, at=clock.now() + 9.0))
    await asyncio.sleep(9.5)
    matters[0] = False
    await asyncio.sleep(5.0)
    assert rung == []
    assert len(alarms) == 0
