"""What an agent is in the middle of, and from when on it is too long."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.agent_states import Device, Presence, Work
from acd.contact_states import ContactState
from acd.model import AgentId, ContactId, Place, QueueName
from acd.state import Desk, Visit
from ivrengine.agents.limits.settings import OverlongSettings, SignOutSettings
from ivrengine.agents.limits.spells import AbsenceCause, Doing, absence, spells

pytestmark = pytest.mark.unit

QUEUE = QueueName("general")
LIMITS = OverlongSettings(ring_s=10, talk_s=600, hold_s=60, wrap_up_s=120)
DESK = Desk(
    agent=AgentId("8001"),
    queues=frozenset({QUEUE}),
    presence=Presence.AVAILABLE,
    presence_since=100.0,
    work_since=500.0,
)
VISIT = Visit(
    contact=ContactId("c1"),
    queue=QUEUE,
    place=Place(1, 0.0, 1),
    enqueued_at=300.0,
    state=ContactState.CONNECTED,
    joined_at=400.0,
)


@pytest.mark.parametrize(
    ("work", "due"),
    [
        (Work.IDLE, {}),
        (Work.RESERVED, {Doing.RING: 510.0}),
        (Work.RINGING, {Doing.RING: 510.0}),
        (Work.TALKING, {Doing.TALK: 1000.0}),
        (Work.HOLD, {Doing.TALK: 1000.0, Doing.HOLD: 560.0}),
        (Work.ACW, {Doing.WRAP_UP: 620.0}),
        (Work.NOT_RESPONDING, {}),
        (Work.EXTERNAL, {}),
    ],
)
def test_every_work_has_its_limits_and_a_talk_counts_from_the_joining(
    work: Work, due: dict[Doing, float]
) -> None:
    found = spells(replace(DESK, work=work), VISIT, QUEUE, LIMITS)
    assert {spell.doing: spell.due_at for spell in found} == due


@given(work=st.sampled_from(Work))
def test_without_limits_nothing_is_ever_too_long(work: Work) -> None:
    none = OverlongSettings(ring_s=0, talk_s=0, hold_s=0, wrap_up_s=0)
    assert not list(spells(replace(DESK, work=work), VISIT, QUEUE, none))


def away(reason: str, **fields: object) -> Desk:
    desk = replace(DESK, presence=Presence.AUX, reason=reason, presence_since=900.0)
    return replace(desk, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reason", "minutes"), [("break", 15), ("meal", 60), ("a walk", 60), ("", 60)]
)
def test_an_absence_ends_after_the_time_of_its_reason(reason: str, minutes: int) -> None:
    found = absence(away(reason), SignOutSettings())
    assert found is not None
    assert (found.cause, found.due_at) == (AbsenceCause.NOT_READY, 900.0 + 60 * minutes)


def test_an_absence_begins_anew_after_work() -> None:
    found = absence(away("break", work_since=2000.0), SignOutSettings())
    assert found is not None
    assert found.due_at == 2000.0 + 900


def test_who_does_not_respond_is_away_whatever_was_wished() -> None:
    for presence in (Presence.AVAILABLE, Presence.AUX):
        desk = replace(DESK, presence=presence, work=Work.NOT_RESPONDING)
        found = absence(desk, SignOutSettings(not_responding_min=10))
        assert found is not None
        assert (str(found), found.due_at) == ("not-responding", 1100.0)


def test_zero_is_for_ever() -> None:
    limits = SignOutSettings(not_ready_min={"meal": 0}, otherwise_min=0, not_responding_min=0)
    assert absence(away("meal"), limits) is None
    assert absence(away("break"), limits) is None
    assert absence(replace(DESK, work=Work.NOT_RESPONDING), limits) is None


@given(
    presence=st.sampled_from(Presence), work=st.sampled_from(Work), device=st.sampled_from(Device)
)
def test_nobody_is_away_who_is_ready_or_works_or_is_gone(
    presence: Presence, work: Work, device: Device
) -> None:
    desk = replace(DESK, presence=presence, work=work, device=device)
    found = absence(desk, SignOutSettings())
    idles_unready = presence is Presence.AUX and work is Work.IDLE
    is_there = presence is not Presence.LOGGED_OUT
    assert (found is not None) == (is_there and (idles_unready or work is Work.NOT_RESPONDING))
