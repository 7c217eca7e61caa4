"""The course of each kind of load, and who serves so many callers."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.load.cast import agents_for
from ivrengine.load.phases import course_of, whole_s
from ivrengine.load.plan import LoadPlan
from ivrengine.load.report.result import Kind

pytestmark = pytest.mark.unit

PLANS = st.builds(
    LoadPlan,
    calls=st.integers(1, 2000),
    minutes=st.floats(0.05, 600),
    rate_per_s=st.floats(0.5, 200),
)


@given(PLANS)
def test_a_full_house_is_filled_by_stairs_and_held_for_as_long_as_asked(plan: LoadPlan) -> None:
    *stairs, full = course_of(Kind.FULL, plan)
    assert (full.calls, full.up, full.hold_s) == (plan.calls, plan.calls, plan.hold_s)
    assert len(stairs) == 2
    assert all(lower.calls <= higher.calls for lower, higher in pairwise([*stairs, full]))
    assert all(step.hold_s <= plan.hold_s for step in stairs)


def test_a_wave_is_of_700_callers_at_480_lines_and_passes() -> None:
    before, wave, after = course_of(Kind.OVERLOAD, LoadPlan(calls=480, minutes=3))
    assert (before.calls, wave.calls, after.calls) == (480, 700, 480)
    assert wave.up == 480
    assert wave.hold_s == 180


def test_a_soak_offers_a_fifth_more_than_there_are_lines() -> None:
    (soak,) = course_of(Kind.SOAK, LoadPlan(calls=480, minutes=60))
    assert (soak.calls, soak.up, soak.hold_s) == (576, 480, 3600)


@given(PLANS, st.sampled_from(Kind))
def test_a_course_never_expects_more_calls_up_than_there_are_lines(
    plan: LoadPlan, kind: Kind
) -> None:
    steps = course_of(kind, plan)
    assert all(step.up <= plan.calls for step in steps)
    assert whole_s(steps) >= plan.hold_s


@pytest.mark.parametrize(("calls", "agents"), [(1, 2), (20, 3), (480, 82), (2000, 110)])
def test_one_agent_is_there_for_six_calls(calls: int, agents: int) -> None:
    assert len(agents_for(calls)) == agents
    assert agents_for(calls)[0] == "8001"
