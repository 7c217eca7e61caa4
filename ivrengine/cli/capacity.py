"""``ivrengine capacity``: lines, agents and nodes for a load, and the load that some bear."""

from dataclasses import dataclass

import typer
from pydantic import TypeAdapter
from rich.console import Console

from acd.capacity.borne import Borne, borne
from acd.capacity.demand import Demand, Targets
from acd.capacity.nodes import NodeRules
from acd.capacity.plan import Centre, Plan, fare, plan_for, scaled
from ivrengine.bench.call_cost import MEASURED
from ivrengine.cli.capacity_options import (
    Abandon,
    AfterCall,
    Agents,
    AsJson,
    Blocking,
    CallsPerHour,
    CoresPerNode,
    Groups,
    Lines,
    NodesThere,
    Pace,
    Patience,
    ReservedClasses,
    SelfService,
    ServiceLevel,
    SharePerson,
    Shrinkage,
    Steps,
    Talk,
    groups_in,
    reserved_in,
    service_level_in,
    steps_in,
)
from ivrengine.cli.capacity_tables import borne_tables, planned_tables

app = typer.Typer()

_STEPS = "25,50,75,100,125,150"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a load needs; how it fares with lines or agents that are given; and other loads.

    ``steps`` fare with what is given; what is not is planned for each of them.
    """

    needed: Plan
    given: Plan | None
    steps: tuple[Plan, ...]


@app.command()
def capacity(
    *,
    calls_per_hour: CallsPerHour = None,
    self_service: SelfService = 45,
    share_person: SharePerson = 20,
    talk: Talk = 180,
    after_call: AfterCall = 0,
    patience: Patience = 120,
    service_level: ServiceLevel = "80/20",
    abandon: Abandon = 100,
    blocking: Blocking = 1,
    shrinkage: Shrinkage = 0,
    reserved: ReservedClasses = None,
    group: Groups = None,
    lines: Lines = None,
    agents: Agents = None,
    nodes: NodesThere = None,
    cores_per_node: CoresPerNode = 2,
    pace: Pace = 1.0,
    steps: Steps = _STEPS,
    as_json: AsJson = False,
) -> None:
    """Reckon lines, agents and engine nodes for a load, or the load that given ones bear."""
    served_share, within_s = service_level_in(service_level)
    factors = steps_in(steps)
    try:
        demand = Demand(
            calls_per_hour=calls_per_hour or 1,
            self_service_s=self_service,
            person_share=share_person / 100,
            talk_s=talk,
            after_call_s=after_call,
            patience_s=patience,
        )
        centre = Centre(
            targets=Targets(
                served_share=served_share,
                within_s=within_s,
                abandoned=abandon / 100,
                blocking=blocking / 100,
                shrinkage=shrinkage / 100,
            ),
            groups=groups_in(group or (), lines),
            reserved=reserved_in(reserved or ()),
            cost=MEASURED.at(pace),
            rules=NodeRules(cores=cores_per_node),
        )
        if calls_per_hour is None:
            answer: Planned | Borne = borne(demand, centre, agents=agents, nodes=nodes)
        else:
            answer = planned(demand, centre, agents, factors)
    except ValueError as fault:
        raise typer.BadParameter(str(fault)) from fault
    _print(answer, centre, as_json=as_json)


def planned(
    demand: Demand, centre: Centre, agents: int | None, factors: tuple[float, ...]
) -> Planned:
    """Plan for a load, and for ``factors`` of it."""
    is_given = agents is not None or any(group.lines is not None for group in centre.groups)
    return Planned(
        needed=plan_for(demand, centre),
        given=fare(demand, centre, agents) if is_given else None,
        steps=tuple(fare(scaled(demand, factor), centre, agents) for factor in factors),
    )


def _print(answer: Planned | Borne, centre: Centre, *, as_json: bool) -> None:
    if as_json:
        typer.echo(TypeAdapter(type(answer)).dump_json(answer, indent=2))
        return
    match answer:
        case Planned():
            tables = planned_tables(answer.needed, answer.given, answer.steps, centre)
        case Borne():
            tables = borne_tables(answer, centre)
    for table in tables:
        Console().print(table)
        Console().print()
