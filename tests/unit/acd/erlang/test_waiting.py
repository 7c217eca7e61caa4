"""Agents with a queue, against published examples and against sums over all states."""

from math import exp, inf, log

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from acd.erlang.waiting import ImpatientQueue, PatientQueue, agents_for

pytestmark = pytest.mark.unit


def test_a_hundred_calls_in_half_an_hour_need_fourteen_agents_for_eighty_in_twenty() -> None:
    def with_agents(agents: int) -> PatientQueue:
        return PatientQueue(agents=agents, arrivals_per_s=100 / 1800, handling_s=180.0)

    agents = agents_for(lambda n: with_agents(n).service_level(20.0) >= 0.8)
    assert agents == 14
    assert with_agents(11).wait_probability == pytest.approx(0.682, abs=5e-4)
    assert with_agents(14).service_level(20.0) == pytest.approx(0.888, abs=1e-3)
    assert with_agents(14).mean_wait_s == pytest.approx(7.8, abs=0.05)
    assert with_agents(14).occupancy == pytest.approx(0.714, abs=5e-4)


def test_fifty_five_agents_with_forty_eight_erlangs_wait_as_published() -> None:
    queue = PatientQueue(agents=55, arrivals_per_s=0.2, handling_s=240.0)
    assert queue.wait_probability == pytest.approx(0.239, abs=1e-3)
    assert queue.mean_wait_s == pytest.approx(8.2, abs=0.1)
    assert queue.service_level(15.0) == pytest.approx(0.846, abs=1e-3)


def test_patience_turns_a_long_queue_into_a_short_one_as_published() -> None:
    """Fifty agents, 48 calls of a minute each minute, two minutes of patience."""
    patient = PatientQueue(agents=50, arrivals_per_s=0.8, handling_s=60.0)
    impatient = ImpatientQueue(agents=50, arrivals_per_s=0.8, handling_s=60.0, patience_s=120.0)
    assert patient.mean_wait_s == pytest.approx(20.8, abs=0.1)
    assert patient.mean_waiting == pytest.approx(17, abs=0.5)
    assert patient.occupancy == pytest.approx(0.96)
    assert impatient.abandon_share == pytest.approx(0.031, abs=5e-4)
    assert impatient.mean_wait_s == pytest.approx(3.7, abs=0.05)
    assert impatient.mean_waiting == pytest.approx(3, abs=0.1)
    assert impatient.occupancy == pytest.approx(0.93, abs=5e-3)


def test_an_overloaded_queue_never_ends_unless_callers_lose_patience() -> None:
    patient = PatientQueue(agents=10, arrivals_per_s=1.0, handling_s=12.0)
    assert (patient.wait_probability, patient.mean_wait_s) == (1.0, inf)
    assert patient.service_level(20.0) == 0.0
    assert patient.occupancy == 1.0
    impatient = ImpatientQueue(agents=10, arrivals_per_s=1.0, handling_s=12.0, patience_s=60.0)
    assert impatient.abandon_share == pytest.approx(1 - 10 / 12, abs=0.02)


@given(
    agents=st.integers(1, 80),
    load=st.floats(0.2, 0.95),
    handling_s=st.floats(10, 600),
    within_s=st.floats(0, 120),
)
def test_endless_patience_is_no_impatience(
    agents: int, load: float, handling_s: float, within_s: float
) -> None:
    arrivals_per_s = load * agents / handling_s
    patient = PatientQueue(agents=agents, arrivals_per_s=arrivals_per_s, handling_s=handling_s)
    nearly = ImpatientQueue(
        agents=agents, arrivals_per_s=arrivals_per_s, handling_s=handling_s, patience_s=1e10
    )
    assert nearly.wait_probability == pytest.approx(patient.wait_probability, rel=1e-3)
    assert nearly.mean_wait_s == pytest.approx(patient.mean_wait_s, rel=1e-3, abs=1e-6)
    assert nearly.service_level(within_s) == pytest.approx(
        patient.service_level(within_s), rel=1e-3
    )


impatient_queues = st.builds(
    ImpatientQueue,
    agents=st.integers(1, 60),
    arrivals_per_s=st.floats(0.01, 2.0),
    handling_s=st.floats(5, 300),
    patience_s=st.floats(5, 600),
)


@given(queue=impatient_queues)
def test_what_comes_is_served_or_hangs_up(queue: ImpatientQueue) -> None:
    served_in_the_end = queue.service_level(1e6)
    assert served_in_the_end + queue.abandon_share == pytest.approx(1.0, abs=1e-6)
    assert 0 <= queue.occupancy <= 1 + 1e-9
    assert queue.service_level(0.0) == pytest.approx(1 - queue.wait_probability, abs=1e-9)


@given(queue=impatient_queues, sooner_s=st.floats(0, 100), more_s=st.floats(0, 100))
def test_more_callers_are_served_within_a_longer_time(
    queue: ImpatientQueue, sooner_s: float, more_s: float
) -> None:
    sooner, later = queue.service_level(sooner_s), queue.service_level(sooner_s + more_s)
    assert sooner <= later + 1e-12


def test_one_agent_and_callers_as_impatient_as_their_calls_are_long() -> None:
    """With μ = θ all states leave at Poisson rates, and the sums can be written down."""
    queue = ImpatientQueue(agents=1, arrivals_per_s=0.05, handling_s=40.0, patience_s=40.0)
    assert queue.wait_probability == pytest.approx(1 - exp(-2), rel=1e-9)
    assert queue.mean_waiting == pytest.approx(2 - queue.wait_probability, rel=1e-9)


def test_thousands_of_agents_are_no_more_trouble_than_ten() -> None:
    queue = ImpatientQueue(agents=5000, arrivals_per_s=26.0, handling_s=200.0, patience_s=1200.0)
    assert queue.abandon_share == pytest.approx(1 - 5000 / 5200, rel=0.01)
    assert 0 < queue.service_level(60.0) < queue.service_level(600.0)
    assert queue.service_level(600.0) == pytest.approx(1 - queue.abandon_share)
    assert queue.mean_wait_s == pytest.approx(-1200 * log(5000 / 5200), rel=0.02)


def test_no_number_of_agents_meets_the_impossible() -> None:
    with pytest.raises(ValueError, match="no number"):
        agents_for(lambda n: False)


def test_what_no_queue_can_be_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        PatientQueue(agents=-1, arrivals_per_s=1.0, handling_s=1.0)
    with pytest.raises(ValueError, match="agent"):
        ImpatientQueue(agents=0, arrivals_per_s=1.0, handling_s=1.0, patience_s=1.0)


@given(load_erl=st.floats(0.001, 30))
@example(load_erl=10.24)
def test_with_far_more_agents_than_calls_nobody_waits(load_erl: float) -> None:
    queue = ImpatientQueue(
        agents=300, arrivals_per_s=load_erl / 180, handling_s=180.0, patience_s=120.0
    )
    shares = (queue.wait_probability, queue.mean_waiting, queue.abandon_share)
    assert shares == pytest.approx((0.0, 0.0, 0.0), abs=1e-150)
    assert queue.service_level(0.0) == 1.0
