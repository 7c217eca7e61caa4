"""Plans for a load: against published examples, and against what any plan must be like."""

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.capacity.borne import borne
from acd.capacity.demand import Demand, Targets
from acd.capacity.nodes import CallCost, NodeLoad, NodeRules, ProcessCost, nodes_for
from acd.capacity.plan import Centre, fare, keeps_all, plan_for, scaled
from acd.capacity.trunks import Group, Reserved, Trunk
from acd.erlang.blocking import lines_for, load_for

pytestmark = pytest.mark.unit

COST = CallCost(
    engine=ProcessCost(core_s_per_call=0.05, core_s_per_menu_s=0.0, core_s_per_talk_s=0.0),
    switch=ProcessCost(core_s_per_call=0.0, core_s_per_menu_s=0.002, core_s_per_talk_s=0.002),
    pace_ms=1.0,
    measured_on="2026-01-31",
    how="supposed",
)
ONE_GROUP = (Group(name="lines", share=1.0),)
TRADING = Reserved(name="trading", share=0.05, blocking=0.001)
REGISTERED = Reserved(name="registered", share=0.2, blocking=0.005)


def demand_of(
    calls_per_hour: float, *, self_service_s: float = 45.0, person_share: float = 0.2
) -> Demand:
    return Demand(
        calls_per_hour=calls_per_hour,
        self_service_s=self_service_s,
        person_share=person_share,
        talk_s=180.0,
        after_call_s=20.0,
        patience_s=120.0,
    )


def centre_of(
    targets: Targets | None = None,
    *,
    groups: tuple[Group, ...] = ONE_GROUP,
    reserved: tuple[Reserved, ...] = (),
) -> Centre:
    return Centre(targets=targets or Targets(), groups=groups, reserved=reserved, cost=COST)


def load_of(calls_per_s: float, up: float) -> NodeLoad:
    return NodeLoad(calls_per_s=calls_per_s, up=up, talking=up / 5)


def leaves_free(trunk: Trunk) -> list[int]:
    return [each.leaves_free for each in trunk.classes]


def test_two_hundred_calls_an_hour_of_three_minutes_need_fourteen_agents_and_twenty_paid() -> None:
    """The worked example of Call Centre Helper's page on Erlang C, with 30 % of shrinkage."""
    demand = Demand(
        calls_per_hour=200,
        self_service_s=0.0,
        person_share=1.0,
        talk_s=180.0,
        after_call_s=0.0,
        patience_s=120.0,
    )
    staff = plan_for(demand, centre_of(Targets(shrinkage=0.3))).staff
    assert staff is not None
    assert staff.erlang_c.agents == 14
    assert staff.erlang_c.served_in_time == pytest.approx(0.888, abs=1e-3)
    assert staff.erlang_c.mean_wait_s == pytest.approx(7.8, abs=0.05)
    assert staff.erlang_c.rostered(0.3) == 20
    assert staff.erlang_a.agents < 14


def test_a_trunk_without_queue_needs_the_lines_of_the_printed_tables() -> None:
    """Printed tables of Erlang B: these erlangs on so many lines block one call in a hundred."""
    for lines, offered_erl in ((50, 37.9), (100, 84.1), (200, 179.7)):
        calls_per_hour = offered_erl * 3600 / 45
        plan = plan_for(demand_of(calls_per_hour, person_share=0.0), centre_of())
        assert plan.staff is None
        assert plan.line_time_s == 45.0
        assert plan.lines in (lines, lines + 1)


def test_work_after_the_call_keeps_the_agent_but_no_line() -> None:
    plan = plan_for(demand_of(6000), centre_of())
    assert plan.staff is not None
    served = plan.staff.erlang_a
    assert plan.demand.agents_erl == pytest.approx(6000 * 0.2 * 200 / 3600)
    talk_s = (1 - served.abandoned) * 180
    assert plan.line_time_s == pytest.approx(45 + 0.2 * (served.mean_wait_s + talk_s))


def test_lines_are_kept_for_the_best_class_from_all_others() -> None:
    groups = (Group(name="main", share=0.875, lines=420), Group(name="tollfree", share=0.125))
    busy = demand_of(22_000)
    plan = fare(busy, centre_of(groups=groups, reserved=(TRADING, REGISTERED)))
    main, _ = plan.trunks
    assert main.lines == 420
    trading, registered, others = main.classes
    assert trading.leaves_free == 0 < registered.leaves_free < others.leaves_free
    assert trading.blocking <= 0.001
    assert registered.blocking <= 0.005 < others.blocking
    assert sum(each.share for each in main.classes) == pytest.approx(1.0)
    assert main.blocking == pytest.approx(sum(e.share * e.blocking for e in main.classes))


def test_fewer_callers_may_hang_up_and_more_agents_are_needed() -> None:
    lenient = plan_for(demand_of(60_000), centre_of()).staff
    strict = plan_for(demand_of(60_000), centre_of(Targets(abandoned=0.02))).staff
    assert lenient is not None
    assert strict is not None
    assert lenient.erlang_a.abandoned > 0.02 >= strict.erlang_a.abandoned
    assert strict.erlang_a.agents > lenient.erlang_a.agents
    assert strict.erlang_c == lenient.erlang_c


def test_too_few_agents_make_an_endless_queue_by_one_formula_and_a_short_one_by_the_other() -> None:
    plan = fare(demand_of(6000), centre_of(), agents=40)
    assert plan.staff is not None
    assert (plan.staff.erlang_c.mean_wait_s, plan.staff.erlang_c.served_in_time) == (inf, 0.0)
    assert plan.staff.erlang_a.abandoned == pytest.approx(1 - 40 / plan.demand.agents_erl, abs=0.02)
    assert not keeps_all(plan, centre_of())


@settings(deadline=None, max_examples=40)
@given(
    calls_per_hour=st.floats(20, 20_000),
    person_share=st.just(0.0) | st.floats(0.01, 1),
    served_share=st.floats(0.5, 0.95),
    reserved=st.sampled_from([(), (TRADING,), (TRADING, REGISTERED)]),
)
def test_a_plan_keeps_its_promises_and_one_less_of_anything_does_not(
    calls_per_hour: float,
    person_share: float,
    served_share: float,
    reserved: tuple[Reserved, ...],
) -> None:
    demand = demand_of(calls_per_hour, person_share=person_share)
    centre = centre_of(Targets(served_share=served_share), reserved=reserved)
    plan = plan_for(demand, centre)
    assert keeps_all(plan, centre)
    (trunk,) = plan.trunks
    assert trunk.classes[-1].blocking <= centre.targets.blocking
    assert leaves_free(trunk) == sorted(leaves_free(trunk))
    assert trunk.lines >= max(1, lines_for(trunk.offered_erl, centre.targets.blocking))
    if not reserved and trunk.lines > 1:
        assert trunk.lines == lines_for(trunk.offered_erl, centre.targets.blocking)
    if plan.staff is not None and plan.staff.erlang_a.agents > 1:
        fewer = fare(demand, centre, agents=plan.staff.erlang_a.agents - 1).staff
        assert fewer is not None
        assert not fewer.erlang_a.keeps(centre.targets)


@settings(deadline=None, max_examples=25)
@given(calls_per_hour=st.floats(100, 10_000), factor=st.floats(1.05, 3))
def test_more_calls_never_need_less(calls_per_hour: float, factor: float) -> None:
    demand = demand_of(calls_per_hour)
    fewer, more = (plan_for(each, centre_of()) for each in (demand, scaled(demand, factor)))
    assert more.demand.calls_per_hour == pytest.approx(calls_per_hour * factor)
    assert fewer.staff is not None
    assert more.staff is not None
    assert more.staff.erlang_a.agents >= fewer.staff.erlang_a.agents
    assert more.staff.erlang_c.agents >= fewer.staff.erlang_c.agents
    assert more.nodes.engine_cores > fewer.nodes.engine_cores


def test_lines_alone_bear_what_the_tables_say() -> None:
    groups = (Group(name="lines", share=1.0, lines=420),)
    only_menus = demand_of(1, person_share=0.0)
    answer = borne(only_menus, centre_of(groups=groups), agents=None, nodes=None)
    assert [limit.of for limit in answer.limits] == ["lines of lines"]
    assert answer.calls_per_hour == int(load_for(420, 0.01) * 3600 / 45)


def test_what_is_borne_is_borne_and_one_call_more_is_not() -> None:
    groups = (
        Group(name="main", share=0.875, lines=420),
        Group(name="tollfree", share=0.125, lines=60),
    )
    centre = centre_of(groups=groups, reserved=(TRADING,))
    answer = borne(demand_of(1), centre, agents=150, nodes=1)
    assert answer.plan is not None
    assert answer.plan.demand.calls_per_hour == answer.calls_per_hour
    assert keeps_all(answer.plan, centre)
    more = demand_of(answer.calls_per_hour + 1)
    assert not keeps_all(fare(more, centre, agents=150), centre)
    assert {limit.of for limit in answer.limits} == {
        "lines of main",
        "lines of tollfree",
        "agents, Erlang C",
        "agents, Erlang A",
        "nodes",
    }


def test_nothing_given_bears_nothing() -> None:
    with pytest.raises(ValueError, match="nothing to bear"):
        borne(demand_of(1), centre_of(), agents=None, nodes=None)


def test_too_little_for_a_single_call_is_told_as_no_load() -> None:
    strict = Targets(served_share=0.999, within_s=0.0, blocking=0.0001)
    groups = (Group(name="lines", share=1.0, lines=1),)
    answer = borne(demand_of(1), centre_of(strict, groups=groups), agents=1, nodes=None)
    assert (answer.calls_per_hour, answer.plan) == (0, None)


def test_a_node_is_full_when_its_engine_or_its_cores_are() -> None:
    rules = NodeRules(cores=2, most_of_engine_core=0.5, most_of_cores=0.7)
    assert nodes_for(load_of(1.0, 100.0), COST, rules).nodes == 1
    assert nodes_for(load_of(10.0, 100.0), COST, rules).nodes == 1
    assert nodes_for(load_of(10.1, 100.0), COST, rules).nodes == 2
    assert nodes_for(load_of(1.0, 675.0), COST, rules).nodes == 1
    assert nodes_for(load_of(1.0, 676.0), COST, rules).nodes == 2
    assert nodes_for(load_of(1.0, 676.0), COST, NodeRules(cores=4)).nodes == 1


def test_a_call_costs_for_coming_and_for_lasting() -> None:
    cost = ProcessCost(core_s_per_call=0.1, core_s_per_menu_s=0.002, core_s_per_talk_s=0.005)
    load = NodeLoad(calls_per_s=3.0, up=100.0, talking=40.0)
    assert cost.cores(load) == pytest.approx(0.3 + 60 * 0.002 + 40 * 0.005)


def test_those_who_talk_are_those_who_got_a_line_and_did_not_hang_up() -> None:
    demand = demand_of(1000)
    cost = ProcessCost(core_s_per_call=0.0, core_s_per_menu_s=0.0, core_s_per_talk_s=0.001)
    centre = replace(centre_of(), cost=replace(COST, switch=cost))
    plan = fare(demand, centre, agents=30)
    assert plan.staff is not None
    served = (1 - plan.blocking) * (1 - plan.staff.erlang_a.abandoned)
    talking = demand.for_agents_per_s * demand.talk_s * served
    assert plan.nodes.switch_cores == pytest.approx(0.001 * talking)
    assert talking <= 30


def test_nodes_that_share_no_queue_need_more_agents() -> None:
    plan = plan_for(demand_of(100_000), centre_of())
    assert plan.nodes.nodes > 1
    assert plan.staff is not None
    assert plan.agents_apart is not None
    assert plan.agents_apart > plan.staff.erlang_a.agents
    assert plan_for(demand_of(1000), centre_of()).agents_apart is None


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: demand_of(0),
        lambda: demand_of(1, person_share=1.1),
        lambda: demand_of(1, self_service_s=-1),
        lambda: Targets(served_share=1.0),
        lambda: Targets(shrinkage=1.0),
        lambda: Targets(blocking=0.0),
        lambda: Targets(abandoned=0.0),
        lambda: NodeRules(cores=0),
        lambda: centre_of(groups=()),
        lambda: centre_of(groups=(Group(name="half", share=0.5),)),
        lambda: centre_of(reserved=(Reserved(name="all", share=1.0, blocking=0.1),)),
        lambda: centre_of(reserved=(TRADING, Reserved(name="rest", share=0.95, blocking=0.1))),
        lambda: centre_of(reserved=(Reserved(name="sure", share=0.5, blocking=0.0),)),
    ],
)
def test_what_no_centre_can_be_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        wrong()  # type: ignore[operator]
