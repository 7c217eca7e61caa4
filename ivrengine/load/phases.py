"""The course of a load: how many calls are to be up, one stretch after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ivrengine.load.plan import LoadPlan
from ivrengine.load.report.result import Kind

OVERLOAD_SHARE: Final = 700 / 480
"""Callers to lines in a wave of overload: 700 at the 480 lines of both numbers."""

BUSY_HOUR_SHARE: Final = 1.2
"""What a soak offers, of the calls that all lines can hold."""

_LONGEST_STEP_S: Final = 20.0
_LONGEST_CALM_S: Final = 60.0
_SETTLES_WITHIN_S: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A stretch: ``calls`` callers are there and stay so for ``hold_s`` once all have come.

    Of these ``up`` can be up at once. A ``steady`` one is where the use of the machine is read.
    """

    name: str
    calls: int
    up: int
    hold_s: float
    rate_per_s: float
    steady: bool = True

    @property
    def within_s(self) -> float:
        """How long it may take until all calls are up."""
        return self.calls / self.rate_per_s + min(_SETTLES_WITHIN_S, self.hold_s)


def course_of(kind: Kind, plan: LoadPlan) -> Sequence[Step]:
    """Return the steps of a load of this kind."""
    match kind:
        case Kind.FULL:
            return (*_stairs(plan), _step("full", plan, plan.calls, plan.hold_s))
        case Kind.OVERLOAD:
            calm_s = min(_LONGEST_CALM_S, plan.hold_s)
            wave = round(plan.calls * OVERLOAD_SHARE)
            return (
                _step("before the wave", plan, plan.calls, calm_s),
                _step("wave", plan, wave, plan.hold_s),
                _step("after the wave", plan, plan.calls, calm_s),
            )
        case Kind.SOAK:
            return (_step("soak", plan, round(plan.calls * BUSY_HOUR_SHARE), plan.hold_s),)


def whole_s(steps: Sequence[Step]) -> float:
    """Return about how long all steps take."""
    return sum(step.hold_s + step.calls / step.rate_per_s for step in steps)


def _stairs(plan: LoadPlan) -> Sequence[Step]:
    """Return a quarter and the half of the calls, which show how the cost grows with them."""
    hold_s = min(_LONGEST_STEP_S, plan.hold_s / 4)
    return tuple(
        _step(name, plan, round(plan.calls * share), hold_s)
        for name, share in (("quarter", 0.25), ("half", 0.5))
    )


def _step(name: str, plan: LoadPlan, calls: int, hold_s: float) -> Step:
    return Step(
        name=name,
        calls=calls,
        up=min(calls, plan.calls),
        hold_s=hold_s,
        rate_per_s=plan.rate_per_s,
    )
