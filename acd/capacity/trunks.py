"""Lines for a load: how long a call holds one, and how many are kept for whom (Erlang B)."""

from collections.abc import Sequence
from dataclasses import dataclass

from acd.capacity.demand import Demand, require
from acd.capacity.staff import Service
from acd.erlang.blocking import LineClass, blocking_by_class, lines_for

OTHERS = "others"
"""The class of all calls that no reserved class claims."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """A class of calls for which lines are kept: its share of all calls, and what is promised."""

    name: str
    share: float
    blocking: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A number that is called: its share of all calls, and its lines where they are given."""

    name: str
    share: float
    lines: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassOfCalls:
    """One class in a group: it gets a line only while more than ``leaves_free`` are free."""

    name: str
    share: float
    leaves_free: int
    blocking: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    """A group with its lines. ``blocking`` is that of all its calls together."""

    name: str
    offered_erl: float
    lines: int
    blocking: float
    occupancy: float
    classes: tuple[ClassOfCalls, ...]


def line_time_s(demand: Demand, service: Service | None) -> float:
    """Return how long a call holds its line on average: menus, wait and talk."""
    if service is None:
        return demand.self_service_s
    with_person_s = service.mean_wait_s + (1 - service.abandoned) * demand.talk_s
    return demand.self_service_s + demand.person_share * with_person_s


def trunk_of(group: Group, lines: int, offered_erl: float, reserved: Sequence[Reserved]) -> Trunk:
    """Return how the calls of ``group`` fare with so many lines, of which the fewest are kept.

    ``reserved`` has the best class first. Where no number of kept lines keeps a promise, all but
    one are tried, and the blocking shows it.
    """
    kept = _kept(lines, offered_erl, reserved)
    shares = (*(each.share for each in reserved), 1 - sum(each.share for each in reserved))
    names = (*(each.name for each in reserved), OTHERS)
    refused = _refused(lines, offered_erl, shares, kept)
    overall = sum(share * lost for share, lost in zip(shares, refused, strict=True))
    return Trunk(
        name=group.name,
        offered_erl=offered_erl,
        lines=lines,
        blocking=overall,
        occupancy=offered_erl * (1 - overall) / lines,
        classes=tuple(
            ClassOfCalls(name=name, share=share, leaves_free=free, blocking=lost)
            for name, share, free, lost in zip(names, shares, kept, refused, strict=True)
        ),
    )


def trunk_for(
    group: Group, offered_erl: float, target_blocking: float, reserved: Sequence[Reserved]
) -> Trunk:
    """Return ``group`` with the fewest lines that keep every promise.

    ``target_blocking`` is that of the calls for which no lines are kept.
    """
    check_shares(reserved)
    lines = max(1, lines_for(offered_erl, target_blocking))
    while True:
        trunk = trunk_of(group, lines, offered_erl, reserved)
        if keeps(trunk, target_blocking, reserved):
            return trunk
        lines += 1


def keeps(trunk: Trunk, target_blocking: float, reserved: Sequence[Reserved]) -> bool:
    """Tell whether every class of ``trunk`` is refused no oftener than was promised."""
    promised = (*(each.blocking for each in reserved), target_blocking)
    return all(
        each.blocking <= target for each, target in zip(trunk.classes, promised, strict=True)
    )


def check_shares(reserved: Sequence[Reserved]) -> None:
    """Refuse classes that cannot be.

    Raises:
        ValueError: a share or a promise is none, or the classes are more than all calls.
    """
    for each in reserved:
        require(0 < each.share < 1, f"the share of {each.name} lies between 0 and 1")
        require(0 < each.blocking < 1, f"the blocking of {each.name} lies between 0 and 1")
    require(sum(each.share for each in reserved) < 1, "reserved classes leave nothing to others")


def _kept(lines: int, offered_erl: float, reserved: Sequence[Reserved]) -> tuple[int, ...]:
    """Return how many lines each class leaves free, the best class first, which leaves none."""
    shares = (*(each.share for each in reserved), 1 - sum(each.share for each in reserved))
    kept = [0] * len(shares)
    while kept[-1] < lines - 1:
        refused = _refused(lines, offered_erl, shares, tuple(kept))
        broken = (n for n, each in enumerate(reserved) if refused[n] > each.blocking)
        worst_treated = next(broken, None)
        if worst_treated is None:
            break
        for later in range(worst_treated + 1, len(kept)):
            kept[later] += 1
    return tuple(kept)


def _refused(
    lines: int, offered_erl: float, shares: Sequence[float], kept: Sequence[int]
) -> tuple[float, ...]:
    return blocking_by_class(
        lines,
        [
            LineClass(offered_erl=offered_erl * share, kept_free=free)
            for share, free in zip(shares, kept, strict=True)
        ],
    )
