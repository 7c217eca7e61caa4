"""Who hears of a leg: the one that claimed it, then those who watch it."""

import pytest

from ivrengine.agents.legs import Legs
from ivrengine.telephony import DigitPressed, LegEvent, LegId

pytestmark = pytest.mark.unit

LEG = LegId("leg-1")


def key(digit: str, leg: LegId = LEG) -> DigitPressed:
    return DigitPressed(leg=leg, digit=digit, duration_ms=100, at=1.0)


def test_a_watcher_hears_what_the_claimant_hears_until_it_stops() -> None:
    legs, claimed, watched = Legs(), list[LegEvent](), list[LegEvent]()
    watcher = watched.append
    legs.claim(LEG, claimed.append)
    legs.watch(LEG, watcher)
    assert legs.file(key("1"))
    legs.unwatch(LEG, watcher)
    assert legs.file(key("2"))
    assert claimed == [key("1"), key("2")]
    assert watched == [key("1")]


def test_two_watchers_come_and_go_apart_from_each_other() -> None:
    legs, first, second = Legs(), list[LegEvent](), list[LegEvent]()
    one, other = first.append, second.append
    legs.claim(LEG, lambda event: None)
    legs.watch(LEG, one)
    legs.watch(LEG, other)
    legs.unwatch(LEG, one)
    legs.unwatch(LEG, one)
    legs.file(key("3"))
    assert (first, second) == ([], [key("3")])


def test_a_leg_that_is_watched_only_counts_as_nobodys() -> None:
    legs, watched = Legs(), list[LegEvent]()
    legs.watch(LEG, watched.append)
    assert LEG not in legs
    assert not legs.file(key("4"))
    assert watched == []
