"""How many events a second the routing core takes, and how long a single decision takes.

Beside it stands what the same floor would cost if it were polled: one pass in which each waiting
caller looks through the members of its queue for a free one, as queues without an index do.
"""

import gc
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from time import thread_time_ns

from acd.estimates import Estimates
from acd.following import Following
from acd.kpis.kpis import Kpis
from acd.model import QueueName
from acd.router import Router
from acd.state import Desk
from ivrengine.bench.floor import BusyFloor, FloorSize

SMALL = FloorSize(agents=100, queues=20, waiting=500, profiles=40)
LARGE = FloorSize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What ``events`` took on one floor; single events in microseconds of the processor."""

    name: str
    size: FloorSize
    events: int
    offers: int
    served: int
    events_per_s: float
    mean_us: float
    median_us: float
    p99_us: float
    p999_us: float
    worst_us: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreBench:
    """The core on a small and on a large floor, also with all figures and estimates counted.

    ``growth`` is the cost of an event on the large floor in that of one on the small.
    ``polling_pass_s`` is what one pass of polling takes on the large floor, ``polling_in_events``
    how many events the core takes in that time.
    """

    small: Measured
    large: Measured
    counted: Measured
    growth: float
    polling_pass_s: float
    polling_in_events: float


def bench_core(
    events: int,
    *,
    small: FloorSize = SMALL,
    large: FloorSize = LARGE,
    tell: Callable[[str], None] = lambda news: None,
) -> CoreBench:
    """Measure ``events`` on each floor; ``tell`` hears what is being done, which takes a while."""
    tell(f"{small.agents:,} agents")
    on_small, _ = _measure("router", small, events)
    tell(f"{large.agents:,} agents")
    on_large, router = _measure("router", large, events)
    tell("one pass of polling")
    polling_pass_s = polling_pass(router)
    tell(f"{large.agents:,} agents, with all figures counted")
    kpis = Kpis()
    follower = Following((Estimates(), *kpis.listeners))
    counted, _ = _measure("router, figures, estimates", large, events, follower=follower)
    return CoreBench(
        small=on_small,
        large=on_large,
        counted=counted,
        growth=on_large.mean_us / on_small.mean_us,
        polling_pass_s=polling_pass_s,
        polling_in_events=polling_pass_s * 1e6 / on_large.mean_us,
    )


def _measure(
    name: str, size: FloorSize, events: int, *, follower: Following | None = None
) -> tuple[Measured, Router]:
    """Run a floor and time it, after a tenth of the events to warm up.

    Times are those of the processor, so that whatever else runs on the machine does not count.
    Python's collector of cycles rests meanwhile: the router makes none, and what it has to search
    here is for the most part the future of the floor.
    """
    floor = BusyFloor(size, follower=follower)
    for _ in floor.events(events // 10):
        continue
    floor.took_ns.clear()
    floor.offers = floor.served = 0
    gc.collect()
    gc.disable()
    try:
        for _ in floor.events(events):
            continue
    finally:
        gc.enable()
    took = sorted(floor.took_ns)
    measured = Measured(
        name=name,
        size=size,
        events=len(took),
        offers=floor.offers,
        served=floor.served,
        events_per_s=len(took) / (sum(took) / 1e9),
        mean_us=sum(took) / len(took) / 1e3,
        median_us=_at(took, 0.5),
        p99_us=_at(took, 0.99),
        p999_us=_at(took, 0.999),
        worst_us=took[-1] / 1e3,
    )
    return measured, floor.router


def polling_pass(router: Router) -> float:
    """Return the seconds of one pass over a router's floor, which offers nothing to anybody."""
    members: defaultdict[QueueName, list[Desk]] = defaultdict(list)
    for desk in router.desks():
        for queue in desk.queues:
            members[queue].append(desk)
    visits = router.visits()
    began = thread_time_ns()
    for visit in visits:
        if visit.joined_at is None:
            for desk in members[visit.queue]:
                if desk.offerable and not visit.excludes(desk.agent):
                    break
    return (thread_time_ns() - began) / 1e9


def _at(took_ns: list[int], share: float) -> float:
    return took_ns[min(len(took_ns) - 1, int(len(took_ns) * share))] / 1e3
