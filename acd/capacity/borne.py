"""The inverse: what load a given number of lines, agents and nodes bears."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from acd.capacity.demand import Demand, Targets
from acd.capacity.plan import Centre, Plan, fare, keeps_all, plan_for
from acd.capacity.staff import Fares, with_impatient_callers, with_patient_callers
from acd.capacity.trunks import keeps

_MOST_CALLS_PER_HOUR = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The most calls an hour, of the whole centre, for which ``of`` is enough."""

    of: str
    calls_per_hour: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Borne:
    """What each thing bears by itself, and what they bear together.

    By themselves lines have as many agents behind them as it takes, and agents callers whom
    nobody refuses a line. Together is less where callers who are served sooner than promised hang
    up less, and so hold lines for longer. ``plan`` says how they fare together; it is None where
    not even one call an hour is borne.
    """

    limits: tuple[Limit, ...]
    calls_per_hour: int
    plan: Plan | None


def borne(usual: Demand, centre: Centre, *, agents: int | None, nodes: int | None) -> Borne:
    """Return how many calls like those of ``usual`` are borne by what is given.

    Raises:
        ValueError: nothing is given that could be a limit.
    """
    limits = [*_of_lines(usual, centre), *_of_agents(usual, centre.targets, agents)]
    if nodes is not None:
        limits.append(_of_nodes(usual, centre, nodes))
    if not limits:
        raise ValueError("without lines, agents or nodes there is nothing to bear a load")

    def enough(calls_per_hour: int) -> bool:
        plan = fare(_at(usual, calls_per_hour), centre, agents)
        return keeps_all(plan, centre) and (nodes is None or plan.nodes.nodes <= nodes)

    together = _most(enough)
    plan = fare(_at(usual, together), centre, agents) if together else None
    return Borne(limits=tuple(limits), calls_per_hour=together, plan=plan)


def _of_lines(usual: Demand, centre: Centre) -> list[Limit]:
    def enough(of: int, calls_per_hour: int) -> bool:
        trunk = fare(_at(usual, calls_per_hour), centre).trunks[of]
        return keeps(trunk, centre.targets.blocking, centre.reserved)

    return [
        Limit(of=f"lines of {group.name}", calls_per_hour=_most(partial(enough, place)))
        for place, group in enumerate(centre.groups)
        if group.lines is not None
    ]


def _of_agents(usual: Demand, targets: Targets, agents: int | None) -> list[Limit]:
    if agents is None or not usual.person_share:
        return []

    def enough(calls_per_hour: int, *, by: Fares) -> bool:
        return by(_at(usual, calls_per_hour), agents, targets.within_s).keeps(targets)

    formulas = (("Erlang C", with_patient_callers), ("Erlang A", with_impatient_callers))
    return [
        Limit(of=f"agents, {name}", calls_per_hour=_most(partial(enough, by=by)))
        for name, by in formulas
    ]


def _of_nodes(usual: Demand, centre: Centre, nodes: int) -> Limit:
    def enough(calls_per_hour: int) -> bool:
        return plan_for(_at(usual, calls_per_hour), centre).nodes.nodes <= nodes

    return Limit(of="nodes", calls_per_hour=_most(enough))


def _at(usual: Demand, calls_per_hour: int) -> Demand:
    return replace(usual, calls_per_hour=float(calls_per_hour))


def _most(bears: Callable[[int], bool]) -> int:
    """Return the most calls an hour that ``bears`` allows, where fewer are always borne as well."""
    high = 1
    while bears(high):
        high *= 2
        if high > _MOST_CALLS_PER_HOUR:
            return high // 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if bears(middle) else (low, middle)
    return low
