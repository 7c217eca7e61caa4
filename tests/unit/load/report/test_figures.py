"""Figures are drawn from what was measured, restarts of the engine included."""

import random
from dataclasses import replace

import pytest

from ivrengine.load.measures import engine_metrics
from ivrengine.load.measures.moment import Moment
from ivrengine.load.plan import LoadPlan
from ivrengine.load.report.engine_figures import counts_since_first, histogram_over
from ivrengine.load.report.figures import figures_of
from tests.kit.load_result import a_moment, a_result, an_engine

pytestmark = pytest.mark.unit


def test_processes_are_summed_up_while_calls_are_held() -> None:
    result = a_result(hold_s=400)
    engine = figures_of(result).process("engine")
    assert engine is not None
    assert engine.cpu_cores == pytest.approx(0.3, rel=0.05)
    assert engine.cpu_cores_per_100_calls == pytest.approx(0.3 / 4.8, rel=0.05)
    assert (engine.replaced, engine.absent) == (0, 0)
    assert engine.memory is not None
    assert engine.memory.per_hour == pytest.approx(0)


def test_an_engine_that_was_killed_is_told_as_absent_and_replaced() -> None:
    def killed(moment: Moment) -> Moment:
        others = {name: use for name, use in moment.processes.items() if name != "engine"}
        if 50 <= moment.at_s < 53:
            return replace(moment, processes=others, engine=None)
        engine = replace(moment.processes["engine"], pids=(11 if moment.at_s < 50 else 99,))
        return replace(moment, processes={**others, "engine": engine})

    result = a_result()
    figures = figures_of(replace(result, moments=tuple(map(killed, result.moments))))
    engine = figures.process("engine")
    assert engine is not None
    assert (engine.replaced, engine.absent) == (1, 3)
    assert figures.engine is not None
    assert figures.engine.unanswered == 3


def test_counts_go_on_over_a_restart_of_the_engine() -> None:
    runs = [
        an_engine(0, placed=0, started_at=started_at, refused={"ordinary": refused})
        for started_at, refused in ((1, 5), (1, 9), (2, 1), (2, 4))
    ]
    counts = counts_since_first(runs, lambda engine: engine.refused)
    assert [count.get("ordinary", 0) for count in counts] == [0, 4, 5, 8]


def test_durations_go_on_over_a_restart_of_the_engine() -> None:
    runs = [
        an_engine(0, placed=placed, started_at=started_at)
        for started_at, placed in ((1, 10), (1, 30), (2, 40))
    ]
    histogram = histogram_over(runs, engine_metrics.ANSWER)
    assert histogram is not None
    assert histogram.samples == 4 * (20 + 40)


def test_the_fastest_seconds_tell_the_rate_of_set_up() -> None:
    figures = figures_of(a_result())
    assert figures.calls.setups_per_s == pytest.approx(68, abs=1)
    assert figures.calls.not_set_up == 0


def test_refusals_in_the_fastest_seconds_are_told() -> None:
    def refusing(moment: Moment) -> Moment:
        counts = moment.callers["quote"]
        refused = int(moment.at_s)
        return replace(
            moment, callers={**moment.callers, "quote": replace(counts, refused=refused)}
        )

    result = a_result()
    figures = figures_of(replace(result, moments=tuple(map(refusing, result.moments))))
    assert figures.calls.not_set_up == 3


def test_a_run_of_a_moment_has_no_rate() -> None:
    moment = a_moment(0, 3, LoadPlan(calls=3), random.Random(1))
    figures = figures_of(replace(a_result(), moments=(moment,)))
    assert figures.calls.setups_per_s is None
    assert figures.calls.most_up == 3


def test_what_was_held_is_that_of_the_steady_phase_with_most_calls() -> None:
    calls = figures_of(a_result(calls=100)).calls
    assert calls.held == pytest.approx(100)
    assert calls.least_held is not None
    assert 40 <= calls.least_held <= 100


def test_what_the_host_kept_is_told_on_average_and_at_worst() -> None:
    result = a_result()
    stolen = figures_of(result).stolen
    assert stolen is not None
    assert 0.02 < stolen.mean < 0.03
    assert stolen.worst == pytest.approx(0.04)
    unread = tuple(replace(moment, stolen_cores=None) for moment in result.moments)
    assert figures_of(replace(result, moments=unread)).stolen is None


def test_a_slower_machine_shows_in_what_a_fixed_computation_takes() -> None:
    result = a_result()
    slower = tuple(
        replace(moment, fixed_s=None if moment.fixed_s is None else 2 * moment.fixed_s)
        for moment in result.moments
    )
    as_it_was = figures_of(result).fixed_computation
    later = figures_of(replace(result, moments=slower)).fixed_computation
    assert as_it_was is not None
    assert later is not None
    assert later.median_s == pytest.approx(2 * as_it_was.median_s)


def test_what_others_use_of_the_machine_is_what_nobody_in_the_run_does() -> None:
    result = a_result()
    assert figures_of(result).cores_of_others == pytest.approx(0.05, abs=0.05)
    unread = tuple(replace(moment, machine_cores=None) for moment in result.moments)
    assert figures_of(replace(result, moments=unread)).cores_of_others is None
