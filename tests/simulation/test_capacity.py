"""A centre that was planned, simulated as a whole: are its promises kept?"""

from statistics import fmean

import pytest

from acd.capacity.demand import Demand, Targets
from acd.capacity.nodes import CallCost, ProcessCost
from acd.capacity.plan import Centre, plan_for
from acd.capacity.trunks import Group, Reserved
from acd.trunk_groups import LineClass
from tests.simulation.centre import SimulatedCentre
from tests.simulation.statistics import assert_agrees

pytestmark = pytest.mark.calls

WARM_UP = 1000
NOTHING = ProcessCost(core_s_per_call=0.0, core_s_per_menu_s=0.0, core_s_per_talk_s=0.0)
NO_COST = CallCost(
    engine=NOTHING, switch=NOTHING, pace_ms=1.0, measured_on="never", how="not at all"
)


def test_a_planned_centre_serves_and_refuses_as_planned() -> None:
    """Waits and lines are planned one after the other, though each depends on the other."""
    demand = Demand(
        calls_per_hour=1200,
        self_service_s=45.0,
        person_share=0.4,
        talk_s=150.0,
        after_call_s=0.0,
        patience_s=90.0,
    )
    targets = Targets(served_share=0.8, within_s=20.0, blocking=0.03)
    trading = Reserved(name="trading", share=0.1, blocking=0.005)
    centre = Centre(
        targets=targets,
        groups=(Group(name="lines", share=1.0),),
        reserved=(trading,),
        cost=NO_COST,
    )
    plan = plan_for(demand, centre)
    assert plan.staff is not None
    service = plan.staff.erlang_a

    simulated = SimulatedCentre(plan)
    simulated.run(60_000)

    asked = simulated.asked(skip=WARM_UP)
    gone = [float(call.joined_at is None) for call in asked]
    in_time = [
        float(call.joined_at is not None and call.joined_at - call.entered_at <= targets.within_s)
        for call in asked
    ]
    assert_agrees(gone, service.abandoned, within=0.25)
    assert_agrees(simulated.waits_s(WARM_UP), service.mean_wait_s, within=0.25)
    assert_agrees(in_time, service.served_in_time, within=0.1)
    others = simulated.refused[LineClass.ORDINARY][WARM_UP:]
    (trunk,) = plan.trunks
    assert_agrees(others, trunk.classes[-1].blocking, within=0.35)
    assert fmean(simulated.refused[LineClass.TRADING]) <= trading.blocking < fmean(others)
