"""Waits of simulated callers, served by the real router, against Erlang's formulas."""

from collections.abc import Callable
from math import ceil, sin, tau
from statistics import fmean

import pytest

from acd.erlang.waiting import ImpatientQueue, PatientQueue
from tests.kit.measures import Measures
from tests.simulation.floor import SimulatedFloor
from tests.simulation.statistics import assert_agrees, band

pytestmark = pytest.mark.calls

WARM_UP = 1000
THRESHOLD_S = 20.0


def within(waits_s: list[float], threshold_s: float) -> list[float]:
    return [float(wait_s <= threshold_s) for wait_s in waits_s]


def test_patient_callers_wait_as_erlang_c_says() -> None:
    theory = PatientQueue(agents=5, arrivals_per_s=0.03, handling_s=100.0)
    floor = SimulatedFloor(agents=5, arrivals_per_s=0.03, handling_s=100.0, counted=False)
    floor.run(26_000)
    waits_s = floor.waits_s(WARM_UP)
    had_to_wait = [float(wait_s > 0) for wait_s in waits_s]
    assert_agrees(had_to_wait, theory.wait_probability, within=0.2)
    assert_agrees(waits_s, theory.mean_wait_s, within=0.35)
    level = theory.service_level(THRESHOLD_S)
    assert_agrees(within(waits_s, THRESHOLD_S), level, within=0.1)


def test_impatient_callers_wait_and_go_as_erlang_a_says() -> None:
    theory = ImpatientQueue(agents=20, arrivals_per_s=0.22, handling_s=100.0, patience_s=60.0)
    floor = SimulatedFloor(
        agents=20, arrivals_per_s=0.22, handling_s=100.0, patience_s=60.0, counted=False
    )
    floor.run(21_000)
    calls = list(floor.calls.values())[WARM_UP:]
    gone = [float(call.joined_at is None) for call in calls]
    in_time = [
        float(call.joined_at is not None and call.joined_at - call.entered_at <= THRESHOLD_S)
        for call in calls
    ]
    assert_agrees(gone, theory.abandon_share, within=0.2)
    assert_agrees(floor.waits_s(WARM_UP), theory.mean_wait_s, within=0.2)
    assert_agrees(in_time, theory.service_level(THRESHOLD_S), within=0.1)


def test_the_figures_are_those_of_the_calls_that_were_simulated() -> None:
    floor = SimulatedFloor(agents=20, arrivals_per_s=0.22, handling_s=100.0, patience_s=60.0)
    floor.run(3000)
    report = floor.report()
    answered = [waited_s for _, waited_s in floor.answered()]
    assert report.visits.entered == 3000
    assert report.visits.answered == len(answered)
    assert report.visits.abandoned == 3000 - len(answered)
    assert report.waits.mean_answer_wait_s == pytest.approx(fmean(answered), rel=1e-6)
    in_time = sum(wait_s <= THRESHOLD_S for wait_s in answered)
    assert report.service.answered_in_time == in_time
    answered.sort()
    waits = report.waits.answer_wait
    for percent, estimated_s in ((80, waits.p80_s), (95, waits.p95_s)):
        true_s = answered[ceil(len(answered) * percent / 100) - 1]
        assert estimated_s == pytest.approx(true_s, rel=0.05)
    lasted_s = max(call.ended_at or 0.0 for call in floor.calls.values())
    waited_s = sum(floor.waits_s())
    assert report.waits.mean_queue_length == pytest.approx(waited_s / lasted_s, rel=0.05)


def steady(now: float) -> float:
    return 1.0


def swinging(now: float) -> float:
    """A load that swings by a quarter around the usual, up and down in two hours."""
    return 1 + sin(now * tau / 7200) / 4


@pytest.mark.parametrize("rate", [steady, swinging])
def test_estimates_come_closer_than_the_mean_of_past_waits(
    rate: Callable[[float], float], measures: Measures
) -> None:
    floor = SimulatedFloor(agents=40, arrivals_per_s=0.17, handling_s=240.0, patience_s=300.0)
    floor.run(8000, rate)
    errors_s = [
        (call.expected_s - waited_s, call.usual_s - waited_s)
        for call, waited_s in floor.answered(skip=WARM_UP)
        if call.expected_s is not None
    ]
    ours_s, theirs_s = zip(*errors_s, strict=True)
    ours, theirs = fmean(map(abs, ours_s)), fmean(map(abs, theirs_s))
    measures.note(f"expected wait, mean error, {rate.__name__} load", ours)
    measures.note(f"mean of past waits, mean error, {rate.__name__} load", theirs)
    assert ours < 0.8 * theirs
    low, high = band(ours_s)
    assert abs(fmean(ours_s)) < max(2.5, (high - low) / 2)
    announcements = floor.report().announcements
    assert announcements.kept_share is not None
    assert 0.4 < announcements.kept_share < 0.7
