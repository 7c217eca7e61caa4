"""Health is judged by the age of three independent signs of life."""

import pytest

from ivrengine.softswitch.ari.health import Sign, SwitchHealth, Vitals

pytestmark = pytest.mark.unit


@pytest.fixture
def vitals() -> Vitals:
    vitals = Vitals(unwell_after_s=2.5, now=0.0)
    for sign in Sign:
        vitals.hear(sign, 10.0)
    vitals.judge(10.0)
    return vitals


def test_nothing_is_well_until_it_was_heard_of() -> None:
    health = Vitals(unwell_after_s=2.5, now=7.0).health
    assert not health.ok
    assert health.faults() == ("events", "rest", "sip")
    assert health.since == 7.0


def test_all_is_well_once_everything_was_heard_of(vitals: Vitals) -> None:
    assert vitals.health == SwitchHealth(events_ok=True, rest_ok=True, sip_ok=True, since=10.0)
    assert vitals.health.ok


def test_an_unchanged_health_is_no_news_and_keeps_its_age(vitals: Vitals) -> None:
    assert vitals.judge(12.0) is None
    assert vitals.health.since == 10.0


@pytest.mark.parametrize("silent", list(Sign))
def test_one_silent_sign_is_a_fault_by_itself(vitals: Vitals, silent: Sign) -> None:
    for sign in set(Sign) - {silent}:
        vitals.hear(sign, 12.5)
    health = vitals.judge(12.5)
    assert health is not None
    assert health.faults() == (silent.value,)
    assert health.since == 12.5


def test_a_sign_that_is_known_to_be_lost_need_not_grow_old(vitals: Vitals) -> None:
    vitals.lose(Sign.EVENTS)
    health = vitals.judge(10.1)
    assert health is not None
    assert health.faults() == ("events",)


def test_a_softswitch_that_is_heard_again_is_well_again(vitals: Vitals) -> None:
    vitals.judge(20.0)
    for sign in Sign:
        vitals.hear(sign, 21.0)
    health = vitals.judge(21.0)
    assert health is not None
    assert health.ok
    assert health.since == 21.0
