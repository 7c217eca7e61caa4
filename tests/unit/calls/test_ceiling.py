import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.calls.ceiling import Ceiling

pytestmark = pytest.mark.unit

FLOOR = 100


class Switch:
    """A softswitch that bears ``bears`` calls, with time passing when somebody says so."""

    def __init__(self, *, up: int = 0, bears: int = 400) -> None:
        self.at = 0.0
        self.up = up
        self.bears = bears
        self.ceiling = Ceiling(
            self, up=lambda: self.up, is_strained=lambda: self.up > self.bears, floor=FLOOR
        )

    def now(self) -> float:
        return self.at

    def passes(self, seconds: float, *, offered: int = 0, ending: float = 0.0) -> list[int]:
        """Let callers come and calls end, a tenth of a second at a time; return who were up."""
        seen, gone = [], 0.0
        for _ in range(round(seconds * 10)):
            self.at += 0.1
            gone += self.up * ending / 10
            self.up, gone = self.up - int(gone), gone % 1
            for _ in range(offered):
                self.up += self.ceiling.leaves_room()
            seen.append(self.up)
        return seen


def test_as_long_as_nothing_is_strained_everybody_comes_in() -> None:
    switch = Switch(bears=10_000)
    switch.passes(10, offered=5)
    assert switch.up == 500


def looks(switch: Switch, *, for_s: float) -> None:
    """Have somebody want to come in, ten times a second, and go away again."""
    for _ in range(round(for_s * 10)):
        switch.at += 0.1
        switch.ceiling.leaves_room()


def lowered(switch: Switch) -> None:
    """Let the strain of more calls than are borne last until the ceiling comes down."""
    switch.up = switch.bears + 1
    for _ in range(42):
        switch.at += 0.1
        lets_in = switch.ceiling.leaves_room()
    assert not lets_in


def test_a_softswitch_that_stays_strained_is_given_fewer_than_it_has() -> None:
    switch = Switch()
    lowered(switch)
    switch.up = 380
    assert switch.ceiling.leaves_room()
    switch.up = 382
    assert not switch.ceiling.leaves_room()


def test_a_strain_that_is_soon_over_changes_nothing() -> None:
    switch = Switch()
    for _ in range(10):
        switch.up = 450
        assert switch.ceiling.leaves_room()
        looks(switch, for_s=3.8)
        assert switch.ceiling.leaves_room()
        switch.up = 390
        looks(switch, for_s=4.0)
        assert switch.ceiling.leaves_room()


def test_a_strain_that_comes_and_goes_lasts_when_there_is_less_ease_than_strain() -> None:
    switch = Switch()
    for _ in range(10):
        switch.up = 401
        looks(switch, for_s=1.0)
        switch.up = 399
        looks(switch, for_s=0.5)
    switch.up = 385
    assert not switch.ceiling.leaves_room()


def test_two_strains_with_nobody_looking_in_between_are_not_one_that_lasts() -> None:
    switch = Switch(up=450)
    for _ in range(10):
        assert switch.ceiling.leaves_room()
        switch.at += 20


def test_what_a_lower_ceiling_brings_is_waited_for() -> None:
    switch = Switch()
    lowered(switch)
    for _ in range(25):
        switch.at += 0.1
        assert not switch.ceiling.leaves_room()
    switch.up = 380
    assert switch.ceiling.leaves_room(), "it was lowered once"


def test_it_rises_again_when_the_strain_is_over() -> None:
    switch = Switch()
    lowered(switch)
    switch.up = 388
    assert not switch.ceiling.leaves_room()
    looks(switch, for_s=20)
    assert switch.ceiling.leaves_room()


def test_where_it_was_too_high_it_rises_slowly_for_a_minute() -> None:
    switch = Switch()
    lowered(switch)
    switch.up = 400
    looks(switch, for_s=45)
    assert not switch.ceiling.leaves_room()
    looks(switch, for_s=30)
    assert switch.ceiling.leaves_room()


def test_far_below_what_was_too_much_it_rises_at_once() -> None:
    switch = Switch()
    switch.up = 500
    looks(switch, for_s=4.2)
    switch.up = 410
    looks(switch, for_s=3.2)
    switch.up = 395
    assert not switch.ceiling.leaves_room(), "it came down to less than were up then"
    looks(switch, for_s=4)
    assert switch.ceiling.leaves_room()


@pytest.mark.parametrize("days", [1 / 24 + 0.001, 1, 365, 36_500])
def test_what_was_learnt_long_ago_is_forgotten(days: float) -> None:
    switch = Switch()
    lowered(switch)
    switch.at += days * 86_400
    switch.up, switch.bears = 10_000, 20_000
    assert switch.ceiling.leaves_room()


@given(up=st.integers(0, FLOOR - 1))
def test_a_few_calls_are_never_too_many(up: int) -> None:
    switch = Switch(up=up, bears=0)
    assert switch.ceiling.leaves_room()


@given(bears=st.integers(150, 450), ending=st.floats(0.01, 0.05))
def test_it_settles_near_what_is_borne(bears: int, ending: float) -> None:
    switch = Switch(bears=bears)
    switch.passes(600, offered=6, ending=ending)
    settled = switch.passes(120, offered=6, ending=ending)
    assert min(settled) >= 0.9 * bears
    assert max(settled) <= 1.02 * bears + 2
