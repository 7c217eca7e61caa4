import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.trunk_groups import CALLER_CLASSES, LineClass
from ivrengine.calls.setting_up import SettingUp, SettingUpSettings
from ivrengine.errors import SwitchOverloaded

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

TRADING, REGISTERED, ORDINARY = CALLER_CLASSES
ANSWERED_IN_S = 0.5


class Door:
    """Callers before a door, and in which order they are let in."""

    def __init__(self, *, at_once: int = 2, patience_s: float = 4.0) -> None:
        self.is_late = False
        self.is_slow = False
        self.is_full = False
        self.looks = 0
        self.inside = 0
        self.most = 0
        self.let_in: list[str] = []
        self.turned_away: list[str] = []
        self.setting_up = SettingUp(
            SettingUpSettings(at_once=at_once, patience_s=patience_s),
            is_late=lambda: self.is_late,
            is_slow=lambda: self.is_slow,
            bears_more=self._bears_more,
        )

    def _bears_more(self) -> bool:
        self.looks += 1
        return not self.is_full

    async def call(self, name: str, line_class: LineClass = ORDINARY) -> None:
        """Somebody calls, and is answered or turned away."""
        try:
            async with self.setting_up.turn(line_class):
                self.inside += 1
                self.most = max(self.most, self.inside)
                self.let_in.append(name)
                try:
                    await asyncio.sleep(ANSWERED_IN_S)
                finally:
                    self.inside -= 1
        except SwitchOverloaded:
            self.turned_away.append(name)


@asynccontextmanager
async def calls() -> AsyncIterator[asyncio.TaskGroup]:
    async with asyncio.TaskGroup() as scope:
        yield scope


async def test_so_many_are_answered_at_once_and_the_others_in_turn() -> None:
    door = Door(at_once=2)
    async with calls() as scope:
        for name in "abcde":
            scope.create_task(door.call(name))
        await asyncio.sleep(0.1)
        assert (door.inside, door.setting_up.waiting) == (2, 3)
    assert door.let_in == list("abcde")
    assert door.most == 2
    assert asyncio.get_running_loop().time() == pytest.approx(3 * ANSWERED_IN_S)


async def test_one_alone_is_answered_while_the_softswitch_is_late() -> None:
    door = Door(at_once=2)
    door.is_late = True
    async with calls() as scope:
        for name in "abcd":
            scope.create_task(door.call(name))
        await asyncio.sleep(2 * ANSWERED_IN_S + 0.1)
        assert (door.let_in, door.most) == (["a", "b", "c"], 1)
        door.is_late = False
    assert door.let_in == list("abcd")


async def test_a_quarter_as_many_are_answered_at_once_while_the_softswitch_is_slow() -> None:
    door = Door(at_once=8)
    door.is_slow = True
    async with calls() as scope:
        for name in "abcdefgh":
            scope.create_task(door.call(name))
        await asyncio.sleep(0.1)
        assert (door.inside, door.setting_up.waiting) == (2, 6)
        door.is_slow = False
    assert sorted(door.let_in) == list("abcdefgh")
    assert door.most > 2


async def test_one_at_least_is_answered_while_the_softswitch_is_slow() -> None:
    door = Door(at_once=2)
    door.is_slow = True
    await door.call("a")
    assert door.let_in == ["a"]


@pytest.mark.parametrize("line_class", CALLER_CLASSES)
async def test_how_much_is_borne_is_looked_at_while_nobody_can_be_let_in(
    line_class: LineClass,
) -> None:
    door = Door(at_once=1)
    async with calls() as scope:
        scope.create_task(door.call("first"))
        await asyncio.sleep(0)
        scope.create_task(door.call("second", line_class))
        await asyncio.sleep(0)
        before = door.looks
        await asyncio.sleep(ANSWERED_IN_S - 0.05)
        assert door.looks - before >= 2


async def test_trading_customers_go_first_and_then_registered_ones() -> None:
    door = Door(at_once=1)
    async with calls() as scope:
        scope.create_task(door.call("first"))
        await asyncio.sleep(0)
        for name, line_class in (
            ("ordinary", ORDINARY),
            ("registered", REGISTERED),
            ("trading", TRADING),
            ("trading later", TRADING),
        ):
            scope.create_task(door.call(name, line_class))
    assert door.let_in == ["first", "trading", "trading later", "registered", "ordinary"]


async def test_who_waits_too_long_is_turned_away_and_takes_nobodys_turn() -> None:
    door = Door(at_once=1, patience_s=1.2)
    async with calls() as scope:
        for name in "abcd":
            scope.create_task(door.call(name))
    assert (door.let_in, door.turned_away) == (["a", "b", "c"], ["d"])
    assert door.setting_up.waiting == 0


async def test_who_hangs_up_before_the_turn_takes_nobodys_turn() -> None:
    door = Door(at_once=1)
    async with calls() as scope:
        scope.create_task(door.call("a"))
        await asyncio.sleep(0)
        impatient = scope.create_task(door.call("b"))
        scope.create_task(door.call("c"))
        await asyncio.sleep(0.1)
        impatient.cancel()
    assert door.let_in == ["a", "c"]


MOMENTS = st.integers(0, 8).map(lambda n: n * ANSWERED_IN_S / 2)


@settings(max_examples=60)
@given(
    comings=st.lists(
        st.tuples(MOMENTS, st.sampled_from(CALLER_CLASSES), st.none() | MOMENTS), max_size=12
    ),
    late_at=st.lists(MOMENTS, max_size=4),
)
async def test_whoever_comes_and_goes_no_turn_is_lost(
    comings: list[tuple[float, LineClass, float | None]], late_at: list[float]
) -> None:
    door = Door(at_once=2, patience_s=1.0)

    async def come(name: str, after_s: float, line_class: LineClass) -> None:
        await asyncio.sleep(after_s)
        await door.call(name, line_class)

    async def change_pace(after_s: float) -> None:
        await asyncio.sleep(after_s)
        door.is_late = not door.is_late

    async with calls() as scope:
        for after_s in late_at:
            scope.create_task(change_pace(after_s))
        for number, (after_s, line_class, stays_s) in enumerate(comings):
            coming = scope.create_task(come(str(number), after_s, line_class))
            if stays_s is not None:
                asyncio.get_running_loop().call_later(after_s + stays_s, coming.cancel)
    assert (door.inside, door.setting_up.waiting) == (0, 0)
    assert door.most <= 2
    door.is_late = False
    async with calls() as scope:
        scope.create_task(door.call("then"))
        scope.create_task(door.call("and then"))
        await asyncio.sleep(0)
        assert door.inside == 2


async def test_while_all_is_up_that_is_borne_only_trading_customers_come_in() -> None:
    door = Door(at_once=1)
    door.is_full = True
    async with calls() as scope:
        scope.create_task(door.call("ordinary"))
        scope.create_task(door.call("registered", REGISTERED))
        await asyncio.sleep(0.1)
        scope.create_task(door.call("trading", TRADING))
        await asyncio.sleep(0.1)
        assert door.let_in == ["trading"]
        assert door.setting_up.waiting == 2
        await asyncio.sleep(1)
        door.is_full = False
    assert door.let_in == ["trading", "registered", "ordinary"]
    assert door.turned_away == []


async def test_who_waits_for_calls_to_end_is_turned_away_in_time() -> None:
    door = Door()
    door.is_full = True
    await door.call("ordinary")
    assert door.turned_away == ["ordinary"]
    assert asyncio.get_running_loop().time() == pytest.approx(4.0, abs=0.3)
    assert (door.inside, door.setting_up.waiting) == (0, 0)
