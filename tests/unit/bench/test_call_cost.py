import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.capacity.nodes import ProcessCost
from ivrengine.bench.call_cost import MEASURED, OBSERVED, Observation, fitted

pytestmark = pytest.mark.unit

COSTS = st.floats(0.0001, 0.1)


@given(by_call=COSTS, by_menu=COSTS, by_talk=COSTS)
def test_costs_that_explain_all_loads_are_found(
    by_call: float, by_menu: float, by_talk: float
) -> None:
    supposed = ProcessCost(
        core_s_per_call=by_call, core_s_per_menu_s=by_menu, core_s_per_talk_s=by_talk
    )
    cost = fitted(OBSERVED, [supposed.cores(seen.load) for seen in OBSERVED])
    assert cost.core_s_per_call == pytest.approx(by_call, rel=1e-6)
    assert cost.core_s_per_menu_s == pytest.approx(by_menu, rel=1e-6)
    assert cost.core_s_per_talk_s == pytest.approx(by_talk, rel=1e-6)


@given(
    st.lists(st.floats(0.01, 4.0), min_size=len(OBSERVED), max_size=len(OBSERVED)),
)
def test_nothing_costs_less_than_nothing(cores: list[float]) -> None:
    cost = fitted(OBSERVED, cores)
    assert min(cost.core_s_per_call, cost.core_s_per_menu_s, cost.core_s_per_talk_s) >= 0


@pytest.mark.parametrize("seen", OBSERVED, ids=lambda seen: f"{seen.name}-{seen.load.up:.0f}")
def test_what_was_measured_is_explained_within_a_sixth(seen: Observation) -> None:
    cost = MEASURED.at(seen.pace_ms)
    assert cost.engine.cores(seen.load) == pytest.approx(seen.engine_cores, rel=1 / 6)
    assert cost.switch.cores(seen.load) == pytest.approx(seen.switch_cores, rel=1 / 6)
