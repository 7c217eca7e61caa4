"""An agent's figures, made of the tally; those of a team are made of the sum of its tallies."""

from dataclasses import dataclass

from acd.followed import BUSY, Activity
from acd.kpis.offer_figures import OfferFigures, offer_figures
from acd.kpis.quotients import FORMULAS_VERSION, mean_s, of, ratio, seconds
from acd.kpis.tallies import AgentTally
from acd.model import OfferOutcome

_HOUR_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class AuxTime:
    """Time not ready for one reason; the reason is empty when none was given."""

    reason: str
    time_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeFigures:
    """What the time was spent on; ``staffed_s`` is the sum of the others."""

    staffed_s: float
    idle_s: float
    ringing_s: float
    talking_s: float
    holding_s: float
    wrapping_up_s: float
    aux_s: float
    not_responding_s: float
    unreachable_s: float
    outside_s: float
    aux: tuple[AuxTime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadFigures:
    """How much of the time was work, by the ways of reckoning that are in use.

    Busy is ringing, talking, holding and wrapping up.
    """

    occupancy: float | None
    occupancy_without_ringing: float | None
    occupancy_of_staffed: float | None
    utilisation: float | None
    work_rate: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFigures:
    """Conversations that ended, and the mean times of one; talk is without hold."""

    handled: int
    transferred: int
    outside_calls: int
    log_ins: int
    calls_per_hour: float | None
    mean_talk_s: float | None
    mean_hold_s: float | None
    mean_wrap_up_s: float | None
    mean_handling_s: float | None
    mean_talk_and_wrap_up_s: float | None
    mean_answer_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReport:
    """One agent, or several, over one interval, or several; shares run from 0 to 1.

    A figure is None when there was nothing to work it out from.
    """

    agent: str
    begin_s: int
    end_s: int
    formulas_version: int
    time: TimeFigures
    load: LoadFigures
    calls: CallFigures
    offers: OfferFigures


def agent_report(tally: AgentTally, rostered_s: float | None = None) -> AgentReport:
    """Work out an agent's figures.

    ``rostered_s`` is how long the agent should have been there; without a roster the work rate is
    reckoned of the time the agent was there.
    """
    return AgentReport(
        agent=tally.subject,
        begin_s=tally.begin_s,
        end_s=tally.end_s,
        formulas_version=FORMULAS_VERSION,
        time=_time(tally),
        load=_load(tally, rostered_s),
        calls=_calls(tally),
        offers=offer_figures(tally.offers),
    )


def _time(tally: AgentTally) -> TimeFigures:
    def spent_s(activity: Activity) -> float:
        return seconds(tally.time_us.get(activity, 0))

    return TimeFigures(
        staffed_s=seconds(sum(tally.time_us.values())),
        idle_s=spent_s(Activity.IDLE),
        ringing_s=spent_s(Activity.RINGING),
        talking_s=spent_s(Activity.TALKING),
        holding_s=spent_s(Activity.HOLDING),
        wrapping_up_s=spent_s(Activity.WRAPPING_UP),
        aux_s=spent_s(Activity.AUX),
        not_responding_s=spent_s(Activity.NOT_RESPONDING),
        unreachable_s=spent_s(Activity.UNREACHABLE),
        outside_s=spent_s(Activity.OUTSIDE),
        aux=tuple(
            AuxTime(reason=reason, time_s=seconds(time_us))
            for reason, time_us in sorted(tally.aux_us.items())
        ),
    )


def _load(tally: AgentTally, rostered_s: float | None) -> LoadFigures:
    staffed_us = sum(tally.time_us.values())
    busy_us = of(tally.time_us, *BUSY)
    ready_us = busy_us + of(tally.time_us, Activity.IDLE)
    ringing_us = of(tally.time_us, Activity.RINGING)
    wrap_up_us = of(tally.time_us, Activity.WRAPPING_UP)
    due_s = seconds(staffed_us) if rostered_s is None else rostered_s
    return LoadFigures(
        occupancy=ratio(busy_us, ready_us),
        occupancy_without_ringing=ratio(busy_us - ringing_us, ready_us - ringing_us),
        occupancy_of_staffed=ratio(busy_us - wrap_up_us, staffed_us),
        utilisation=ratio(busy_us, staffed_us),
        work_rate=ratio(seconds(ready_us), due_s),
    )


def _calls(tally: AgentTally) -> CallFigures:
    handled = tally.handled
    talk_us = of(tally.time_us, Activity.TALKING)
    hold_us = of(tally.time_us, Activity.HOLDING)
    wrap_up_us = of(tally.time_us, Activity.WRAPPING_UP)
    staffed_s = seconds(sum(tally.time_us.values()))
    return CallFigures(
        handled=handled,
        transferred=tally.transferred,
        outside_calls=tally.outside_calls,
        log_ins=tally.log_ins,
        calls_per_hour=ratio(handled * _HOUR_S, staffed_s),
        mean_talk_s=mean_s(talk_us, handled),
        mean_hold_s=mean_s(hold_us, handled),
        mean_wrap_up_s=mean_s(wrap_up_us, handled),
        mean_handling_s=mean_s(talk_us + hold_us + wrap_up_us, handled),
        mean_talk_and_wrap_up_s=mean_s(talk_us + wrap_up_us, handled),
        mean_answer_s=mean_s(tally.answer_us, of(tally.offers, OfferOutcome.ACCEPTED)),
    )
