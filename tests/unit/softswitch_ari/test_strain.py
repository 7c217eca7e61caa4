import pytest

from ivrengine.softswitch.ari.client import Operation
from ivrengine.softswitch.ari.strain import LATE_S, SLOW_S, Strain

pytestmark = pytest.mark.unit

IN_TIME = LATE_S / 2
LATE = LATE_S * 2


class Hand:
    """A clock that somebody moves."""

    at = 100.0

    def now(self) -> float:
        return self.at


def strained(hand: Hand, *durations: float) -> Strain:
    strain = Strain(hand)
    for seconds in durations:
        strain.note("channels.play", seconds)
    return strain


def test_an_asterisk_that_nobody_asked_anything_is_not_strained() -> None:
    assert not strained(Hand()).is_felt()


@pytest.mark.parametrize(("late", "in_time", "felt"), [(1, 7, False), (2, 6, True), (7, 0, False)])
def test_a_quarter_of_enough_orders_must_be_late(late: int, in_time: int, felt: bool) -> None:
    assert strained(Hand(), *[LATE] * late, *[IN_TIME] * in_time).is_felt() is felt


def test_a_caller_whose_first_sound_is_late_strains_nobody() -> None:
    strain = strained(Hand(), *[IN_TIME] * 8)
    for _ in range(50):
        strain.note(Operation.ANSWER, 0.5)
    assert not strain.is_felt()


def test_late_answers_are_forgotten_when_better_ones_follow() -> None:
    strain = strained(Hand(), *[LATE] * 8)
    assert strain.is_felt()
    for _ in range(25):
        strain.note("playbacks.stop", IN_TIME)
    assert not strain.is_felt()


def test_late_answers_are_forgotten_when_time_passes() -> None:
    hand = Hand()
    strain = strained(hand, *[LATE] * 8)
    hand.at += 1.9
    assert strain.is_felt()
    hand.at += 0.2
    assert not strain.is_felt()


@pytest.mark.parametrize(
    ("slow", "in_time", "begins"), [(1, 9, True), (1, 10, False), (7, 0, False)]
)
def test_strain_begins_when_a_tenth_is_slow(slow: int, in_time: int, begins: bool) -> None:
    strain = strained(Hand(), *[SLOW_S * 1.5] * slow, *[SLOW_S / 2] * in_time)
    assert strain.begins() is begins
    assert not strain.is_felt(), "slow is not late"


def test_strain_that_began_ends_when_time_passes() -> None:
    hand = Hand()
    strain = strained(hand, *[LATE] * 8)
    assert strain.begins()
    hand.at += 2.1
    assert not strain.begins()
