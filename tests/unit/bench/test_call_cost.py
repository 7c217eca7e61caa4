import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.bench.call_cost import MEASURED, OBSERVED, Observation, fitted

pytestmark = pytest.mark.unit

COSTS = st.floats(0.0001, 0.1)


@given(by_call=COSTS, by_second=COSTS)
def test_costs_that_explain_all_loads_are_found(by_call: float, by_second: float) -> None:
    cores = [by_call * seen.set_ups_per_s + by_second * seen.up for seen in OBSERVED]
    cost = fitted(OBSERVED, cores)
    assert cost.core_s_per_call == pytest.approx(by_call, rel=1e-6)
    assert cost.core_s_per_call_s == pytest.approx(by_second, rel=1e-6)


@pytest.mark.parametrize("load", OBSERVED, ids=lambda load: f"{load.load}-{load.up:.0f}")
def test_what_was_measured_is_explained_within_a_fifth(load: Observation) -> None:
    for cost, took in (
        (MEASURED.engine, load.engine_cores),
        (MEASURED.switch, load.switch_cores),
    ):
        reckoned = cost.core_s_per_call * load.set_ups_per_s + cost.core_s_per_call_s * load.up
        assert reckoned == pytest.approx(took, rel=0.2)
