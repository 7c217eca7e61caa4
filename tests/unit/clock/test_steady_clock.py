"""The engine's clock while the machine's is set: it neither jumps nor stays wrong."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.clock import MOST_AHEAD_S, MOST_SLEW, SteadyClock

pytestmark = pytest.mark.unit

HOUR_S = 3600.0


class Machine:
    """A machine whose wall clock can be set."""

    def __init__(self) -> None:
        self.wall_s = 1_800_000_000.0
        self.passed_s = 50.0
        self.starts()

    def starts(self, not_before: float = 0.0) -> None:
        self.clock = SteadyClock(lambda: self.wall_s, lambda: self.passed_s, not_before=not_before)

    def waits(self, seconds: float) -> None:
        self.wall_s += seconds
        self.passed_s += seconds

    def is_set(self, by_s: float) -> None:
        self.wall_s += by_s


@pytest.mark.parametrize("step_s", [HOUR_S, -HOUR_S])
def test_a_step_of_the_wall_clock_is_no_step_of_ours(step_s: float) -> None:
    machine = Machine()
    before = machine.clock.now()
    machine.is_set(step_s)
    assert machine.clock.now() == before
    machine.waits(10.0)
    assert machine.clock.now() - before == pytest.approx(10.0, rel=MOST_SLEW + 1e-6)


@pytest.mark.parametrize("step_s", [HOUR_S, -HOUR_S])
def test_a_step_is_made_up_for_in_the_time_that_is_promised(step_s: float) -> None:
    machine = Machine()
    machine.is_set(step_s)
    for _ in range(int(HOUR_S / MOST_SLEW) - 1):
        machine.waits(1.0)
        machine.clock.now()
    assert machine.clock.now() != pytest.approx(machine.wall_s, abs=1e-3)
    machine.waits(2.0)
    assert machine.clock.now() == pytest.approx(machine.wall_s, abs=1e-3)


def test_whoever_asks_seldom_is_told_the_same_as_whoever_asks_often() -> None:
    often, seldom = Machine(), Machine()
    for machine in (often, seldom):
        machine.is_set(-HOUR_S)
    for _ in range(1000):
        often.waits(0.25)
        often.clock.now()
    seldom.waits(250.0)
    assert often.clock.now() == pytest.approx(seldom.clock.now(), abs=1e-3)


steps = st.floats(-HOUR_S, HOUR_S)
waits = st.floats(0.0, 100.0)


@given(st.lists(st.tuples(steps, waits), max_size=50))
def test_time_runs_on_at_nearly_its_own_pace_however_the_wall_clock_is_set(
    doings: list[tuple[float, float]],
) -> None:
    machine = Machine()
    told, passed = [machine.clock.now()], [machine.passed_s]
    for step_s, wait_s in doings:
        machine.is_set(step_s)
        machine.waits(wait_s)
        told.append(machine.clock.now())
        passed.append(machine.passed_s)
    for (began, ended), (since, until) in zip(pairwise(told), pairwise(passed), strict=True):
        assert ended >= began, "it never runs backwards"
        assert abs((ended - began) - (until - since)) <= MOST_SLEW * (until - since) + 1e-5


def test_a_process_that_starts_after_the_wall_clock_was_set_back_goes_on_from_the_last() -> None:
    machine = Machine()
    written = machine.clock.now()
    machine.is_set(-HOUR_S)
    machine.waits(5.0)
    machine.starts(not_before=written)
    assert machine.clock.now() == written
    machine.waits(12 * HOUR_S)
    assert machine.clock.now() == pytest.approx(machine.wall_s)


@pytest.mark.parametrize("ahead_s", [-HOUR_S, MOST_AHEAD_S + 1.0])
def test_a_process_starts_by_the_wall_clock_otherwise(ahead_s: float) -> None:
    machine = Machine()
    machine.starts(not_before=machine.wall_s + ahead_s)
    assert machine.clock.now() == machine.wall_s


def test_the_real_clock_tells_the_time_of_the_machine() -> None:
    clock = SteadyClock()
    told = [clock.now() for _ in range(1000)]
    assert told == sorted(told)
