"""Agents for a load, by Erlang C (nobody hangs up) and by Erlang A (callers have a patience)."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from acd.capacity.demand import Demand, Targets
from acd.erlang.waiting import ImpatientQueue, PatientQueue, agents_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How callers fare with so many agents, and how busy these are. Shares are from 0 to 1.

    ``mean_wait_s`` counts all who ask for a person, also those served at once and those who hang
    up; it is infinite where more comes than can ever be served. ``served_in_time`` counts those
    who hang up as not served.
    """

    agents: int
    served_in_time: float
    mean_wait_s: float
    had_to_wait: float
    abandoned: float
    occupancy: float

    def keeps(self, targets: Targets) -> bool:
        """Tell whether callers fare as was promised."""
        return self.served_in_time >= targets.served_share and self.abandoned <= targets.abandoned

    def rostered(self, shrinkage: float) -> int:
        """Return how many must be on the roster so that ``agents`` are there."""
        return ceil(round(self.agents / (1 - shrinkage), 9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Agents by both formulas; what is true of a real centre mostly lies between the two."""

    erlang_c: Service
    erlang_a: Service


Fares = Callable[[Demand, int, float], Service]
"""Reckons how callers of a load fare with so many agents; the time is that of the promise."""


def with_patient_callers(demand: Demand, agents: int, within_s: float) -> Service:
    """Return how callers fare if none of them ever hangs up (Erlang C)."""
    queue = PatientQueue(
        agents=agents, arrivals_per_s=demand.for_agents_per_s, handling_s=demand.handling_s
    )
    return Service(
        agents=agents,
        served_in_time=queue.service_level(within_s),
        mean_wait_s=queue.mean_wait_s,
        had_to_wait=queue.wait_probability,
        abandoned=0.0,
        occupancy=queue.occupancy,
    )


def with_impatient_callers(demand: Demand, agents: int, within_s: float) -> Service:
    """Return how callers fare if each hangs up at the end of their own patience (Erlang A)."""
    queue = ImpatientQueue(
        agents=agents,
        arrivals_per_s=demand.for_agents_per_s,
        handling_s=demand.handling_s,
        patience_s=demand.patience_s,
    )
    return Service(
        agents=agents,
        served_in_time=queue.service_level(within_s),
        mean_wait_s=queue.mean_wait_s,
        had_to_wait=queue.wait_probability,
        abandoned=queue.abandon_share,
        occupancy=queue.occupancy,
    )


def staff_for(demand: Demand, targets: Targets) -> Staff | None:
    """Return the fewest agents with whom ``targets`` are kept; None if nobody asks for a person.

    Raises:
        ValueError: not even a million agents keep them.
    """
    if not demand.person_share:
        return None
    return Staff(
        erlang_c=_fewest(with_patient_callers, demand, targets),
        erlang_a=_fewest(with_impatient_callers, demand, targets),
    )


def staff_of(demand: Demand, agents: int, targets: Targets) -> Staff | None:
    """Return how callers fare with just ``agents``; None if nobody asks for a person."""
    if not demand.person_share:
        return None
    return Staff(
        erlang_c=with_patient_callers(demand, agents, targets.within_s),
        erlang_a=with_impatient_callers(demand, agents, targets.within_s),
    )


def _fewest(by: Fares, demand: Demand, targets: Targets) -> Service:
    def enough(agents: int) -> bool:
        return by(demand, agents, targets.within_s).keeps(targets)

    return by(demand, agents_for(enough), targets.within_s)
