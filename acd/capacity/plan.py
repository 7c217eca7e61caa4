"""Everything a load needs, and how a load fares with what there is."""

from dataclasses import dataclass, field, replace

from acd.capacity.demand import Demand, Targets, require
from acd.capacity.nodes import CallCost, NodeLoad, NodeRules, Nodes, nodes_for
from acd.capacity.staff import Staff, staff_for, staff_of
from acd.capacity.trunks import (
    Group,
    Reserved,
    Trunk,
    check_shares,
    keeps,
    line_time_s,
    trunk_for,
    trunk_of,
)

_ALL = 1e-6
"""Shares are typed as percentages; so far they may miss 1 in sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """What does not depend on how many call: numbers, classes, promises and nodes."""

    targets: Targets
    groups: tuple[Group, ...]
    reserved: tuple[Reserved, ...] = ()
    cost: CallCost
    rules: NodeRules = field(default_factory=NodeRules)

    def __post_init__(self) -> None:
        check_shares(self.reserved)
        require(bool(self.groups), "there must be a group of lines")
        require(all(each.share > 0 for each in self.groups), "each group has calls")
        total = sum(each.share for each in self.groups)
        require(abs(total - 1) < _ALL, f"the groups' shares of the calls add up to {total:.1%}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a load needs, or how it fares.

    Attributes:
        demand: the load.
        staff: agents and waits; None if nobody asks for a person.
        line_time_s: how long a call holds a line, waits by Erlang A.
        trunks: every group with its lines.
        nodes: engine nodes.
        agents_apart: agents, by Erlang A, if each of several nodes had its own callers and its
            own agents; None for a single node.
    """

    demand: Demand
    staff: Staff | None
    line_time_s: float
    trunks: tuple[Trunk, ...]
    nodes: Nodes
    agents_apart: int | None

    @property
    def lines(self) -> int:
        """Lines of all groups."""
        return sum(trunk.lines for trunk in self.trunks)

    @property
    def blocking(self) -> float:
        """Share of all calls that find no line."""
        offered_erl = sum(trunk.offered_erl for trunk in self.trunks)
        return sum(trunk.offered_erl * trunk.blocking for trunk in self.trunks) / offered_erl


def plan_for(demand: Demand, centre: Centre) -> Plan:
    """Return the agents, lines and nodes with which all promises are kept.

    Raises:
        ValueError: no number of agents keeps them.
    """
    asked = tuple(replace(group, lines=None) for group in centre.groups)
    return _planned(demand, replace(centre, groups=asked), staff_for(demand, centre.targets))


def fare(demand: Demand, centre: Centre, agents: int | None = None) -> Plan:
    """Return how ``demand`` fares with the groups' given lines and just ``agents``.

    What is not given is planned for.
    """
    if agents is None:
        return _planned(demand, centre, staff_for(demand, centre.targets))
    return _planned(demand, centre, staff_of(demand, agents, centre.targets))


def keeps_all(plan: Plan, centre: Centre) -> bool:
    """Tell whether ``plan`` keeps every promise; those to waiting callers by Erlang A."""
    served = plan.staff is None or plan.staff.erlang_a.keeps(centre.targets)
    return served and all(
        keeps(trunk, centre.targets.blocking, centre.reserved) for trunk in plan.trunks
    )


def scaled(demand: Demand, factor: float) -> Demand:
    """Return the same callers, ``factor`` times as many."""
    return replace(demand, calls_per_hour=demand.calls_per_hour * factor)


def _planned(demand: Demand, centre: Centre, staff: Staff | None) -> Plan:
    held_s = line_time_s(demand, staff.erlang_a if staff else None)
    trunks = tuple(_trunk(group, demand.calls_per_s * held_s, centre) for group in centre.groups)
    nodes = nodes_for(_load(demand, staff, trunks), centre.cost, centre.rules)
    return Plan(
        demand=demand,
        staff=staff,
        line_time_s=held_s,
        trunks=trunks,
        nodes=nodes,
        agents_apart=_agents_apart(demand, centre.targets, nodes.nodes),
    )


def _load(demand: Demand, staff: Staff | None, trunks: tuple[Trunk, ...]) -> NodeLoad:
    offered = sum(trunk.offered_erl for trunk in trunks)
    up = sum(trunk.offered_erl * (1 - trunk.blocking) for trunk in trunks)
    wish_to_talk = demand.for_agents_per_s * demand.talk_s
    served = up / offered * (1 - staff.erlang_a.abandoned) if staff else 0.0
    return NodeLoad(calls_per_s=demand.calls_per_s, up=up, talking=wish_to_talk * served)


def _trunk(group: Group, all_offered_erl: float, centre: Centre) -> Trunk:
    offered_erl = all_offered_erl * group.share
    if group.lines is None:
        return trunk_for(group, offered_erl, centre.targets.blocking, centre.reserved)
    return trunk_of(group, group.lines, offered_erl, centre.reserved)


def _agents_apart(demand: Demand, targets: Targets, nodes: int) -> int | None:
    if nodes == 1:
        return None
    each = staff_for(scaled(demand, 1 / nodes), targets)
    return nodes * each.erlang_a.agents if each else None
