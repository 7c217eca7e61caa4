"""Bars are met, missed or not measured, and never met by what was not measured."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ivrengine.load.measures.moment import CallerCounts, Moment
from ivrengine.load.measures.probe_call import ProbeCall
from ivrengine.load.report.bars import BARS, FULL_CALLS, Judgement, Standing, Verdict
from ivrengine.load.report.figures import figures_of
from ivrengine.load.report.result import Kind, LoadResult, Phase, Ring, Tallied
from tests.kit.load_result import a_result

pytestmark = pytest.mark.unit

FULL = a_result()
NOTHING = replace(FULL, moments=(), phases=(), tallies={}, probe_calls=(), rings=(), leftovers=None)


def judged(result: LoadResult, name: str) -> Judgement:
    verdict = Verdict.of(result, figures_of(result))
    return next(one for one in verdict.judgements if one.bar.name == name)


def standing(result: LoadResult, name: str) -> Standing:
    return judged(result, name).standing


def with_calls(
    completed: int = 900, refused: int = 0, failed: int = 0, *, kind: str = "quote"
) -> LoadResult:
    counts = CallerCounts(
        placed=completed + refused + failed,
        up=0,
        completed=completed,
        refused=refused,
        failed=failed,
    )
    tallied = Tallied(counts=counts, refused={503: refused}, failed={"": failed})
    return replace(FULL, tallies={**FULL.tallies, kind: tallied})


def with_engine_at(cores: float) -> LoadResult:
    def used(moment: Moment) -> Moment:
        engine = replace(moment.processes["engine"], cpu_cores=cores)
        return replace(moment, processes={**moment.processes, "engine": engine})

    return replace(FULL, moments=tuple(map(used, FULL.moments)))


def with_delays(delays_s: Sequence[float]) -> LoadResult:
    call = FULL.probe_calls[0]
    pressed_at = (call.began_at,) * len(delays_s)
    heard = replace(call, digit_to_prompt_s=tuple(delays_s), pressed_at=pressed_at)
    return replace(FULL, probe_calls=(heard,))


def with_rings(took_s: Sequence[float | None]) -> LoadResult:
    return replace(FULL, rings=tuple(Ring(at_s=10.0, took_s=took) for took in took_s))


def test_a_run_without_fault_meets_what_it_measures() -> None:
    verdict = Verdict.of(FULL, figures_of(FULL))
    assert verdict.missed == ()
    assert {one.bar.name for one in verdict.standing_at(Standing.NOT_MEASURED)} == {
        "Key to prompt, beside the dialplan",
        "Growth of processor time",
        "Kept lines",
        "Answer to the others",
        "Inside the wave",
        "After the wave",
        "Memory",
        "Engine killed",
    }


@pytest.mark.parametrize("bar", BARS, ids=lambda bar: bar.name)
def test_what_was_not_measured_is_not_met(bar: object) -> None:
    verdict = Verdict.of(NOTHING, figures_of(NOTHING))
    judgement = next(one for one in verdict.judgements if one.bar is bar)
    assert judgement.standing is Standing.NOT_MEASURED
    assert judgement.finding.note
    assert judgement.finding.samples == 0


def test_a_small_run_proves_nothing_about_a_full_house_and_says_so() -> None:
    small = a_result(calls=20)
    about_all = [
        one for one in Verdict.of(small, figures_of(small)).judgements if one.bar.at_full_size
    ]
    assert {one.standing for one in about_all} == {Standing.NOT_MEASURED}
    complete = judged(small, "Calls complete")
    assert complete.finding.figure == "20 of 20 up at once"
    assert f"the bar is for {FULL_CALLS}" in complete.finding.note


def test_a_small_run_misses_a_bar_all_the_same() -> None:
    small = a_result(calls=20)
    wrong = replace(small.probe_calls[0], fault="another prompt")
    assert standing(replace(small, probe_calls=(wrong,)), "Heard as meant") is Standing.MISSED


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (with_calls(), Standing.MET),
        (with_calls(refused=1), Standing.MISSED),
        (with_calls(failed=1), Standing.MISSED),
        (replace(FULL, moments=FULL.moments[:5]), Standing.MISSED),
        (replace(with_calls(refused=1), kind=Kind.OVERLOAD), Standing.NOT_MEASURED),
    ],
    ids=["all well", "one refused", "one failed", "never all up", "overload"],
)
def test_calls_are_complete_when_all_were_up_and_none_went_wrong(
    result: LoadResult, expected: Standing
) -> None:
    assert standing(result, "Calls complete") is expected


def test_in_an_overload_those_inside_are_judged_alone() -> None:
    wave = replace(with_calls(refused=50), kind=Kind.OVERLOAD)
    assert standing(wave, "Calls inside") is Standing.MET
    worse = replace(with_calls(refused=50, failed=1), kind=Kind.OVERLOAD)
    assert standing(worse, "Calls inside") is Standing.MISSED


def test_a_slow_filling_is_no_proof_of_a_quick_one() -> None:
    slow = replace(FULL, plan=replace(FULL.plan, rate_per_s=20.0))
    assert standing(slow, "Set-up rate") is Standing.NOT_MEASURED


def test_the_dialplans_median_may_be_missed_by_a_frame() -> None:
    beside = with_delays([0.030] * 9)
    name = "Key to prompt, beside the dialplan"
    assert standing(replace(beside, rival_digit_to_prompt_s=0.010), name) is Standing.MET
    assert standing(replace(beside, rival_digit_to_prompt_s=0.009), name) is Standing.MISSED


@pytest.mark.parametrize(
    ("delays_s", "expected"),
    [
        ([0.01] * 200, Standing.MET),
        ([0.01] * 197 + [0.15] * 3, Standing.MISSED),
        ([0.01] * 99, Standing.NOT_MEASURED),
        ([0.2] * 99, Standing.MISSED),
    ],
    ids=["quick", "late ones", "few and quick", "few and late"],
)
def test_a_percentile_takes_enough_samples_to_be_met_but_not_to_be_missed(
    delays_s: list[float], expected: Standing
) -> None:
    assert standing(with_delays(delays_s), "Key to prompt") is expected


def test_telephones_that_never_rang_count_as_late() -> None:
    assert standing(with_rings([0.01] * 300 + [None] * 3), "Ready to ringing") is Standing.MET
    assert standing(with_rings([0.01] * 300 + [None] * 4), "Ready to ringing") is Standing.MISSED


def test_agents_who_came_while_nobody_waited_are_no_samples_and_are_told_of() -> None:
    idle = judged(replace(FULL, rings=(), passed_over=7), "Ready to ringing")
    assert idle.standing is Standing.NOT_MEASURED
    assert idle.finding.note == "7 more came while nobody surely waited"
    busy = judged(replace(with_rings([0.01] * 200), passed_over=7), "Ready to ringing")
    assert busy.standing is Standing.MET
    assert busy.finding.note.endswith("7 more came while nobody surely waited")


@pytest.mark.parametrize("gap", [160, -160, 1])
def test_one_gap_misses_the_bar(gap: int) -> None:
    call: ProbeCall = replace(FULL.probe_calls[0], gaps_samples=(0, gap, 0))
    result = replace(FULL, probe_calls=(*FULL.probe_calls, call))
    assert standing(result, "Gap between fragments") is Standing.MISSED
    assert judged(result, "Gap between fragments").finding.value == gap


def test_the_engine_may_use_less_than_half_a_core() -> None:
    assert standing(with_engine_at(0.49), "Engine's processor time") is Standing.MET
    assert standing(with_engine_at(0.50), "Engine's processor time") is Standing.MISSED


def test_growth_is_judged_by_what_several_numbers_of_calls_cost() -> None:
    def with_cost(exponent: float) -> LoadResult:
        levels = (120, 240, 480)
        phases = tuple(
            Phase(name="step", from_s=at * 30.0, to_s=at * 30.0 + 29, calls=calls, steady=True)
            for at, calls in enumerate(levels)
        )
        template = FULL.moments[60]
        moments = []
        for second in range(90):
            calls = levels[second // 30]
            engine = replace(
                template.processes["engine"], cpu_cores=0.3 * (calls / 480) ** exponent
            )
            callers = {
                "all": CallerCounts(placed=calls, up=calls, completed=0, refused=0, failed=0)
            }
            moments.append(
                replace(template, at_s=float(second), processes={"engine": engine}, callers=callers)
            )
        return replace(FULL, phases=phases, moments=tuple(moments))

    assert standing(with_cost(1.0), "Growth of processor time") is Standing.MET
    assert standing(with_cost(1.5), "Growth of processor time") is Standing.MISSED


def test_trading_customers_are_judged_only_while_others_are_refused() -> None:
    def with_trading(refused: int, *, others: int) -> LoadResult:
        result = with_calls(refused=refused, kind="trading person")
        counts = replace(result.tallies["quote"].counts, refused=others)
        quote = replace(result.tallies["quote"], counts=counts)
        return replace(
            result,
            kind=Kind.OVERLOAD,
            tallies={**result.tallies, "quote": quote},
            customers=frozenset({"trading person"}),
        )

    assert standing(with_trading(0, others=50), "Kept lines") is Standing.MET
    assert standing(with_trading(1, others=50), "Kept lines") is Standing.MISSED
    assert standing(with_trading(0, others=0), "Kept lines") is Standing.NOT_MEASURED


@pytest.mark.parametrize(
    ("bytes_per_s", "noise_bytes", "expected"),
    [
        (0, 0, Standing.MET),
        (1 << 20, 0, Standing.MISSED),
        (0, 12 << 20, Standing.NOT_MEASURED),
    ],
    ids=["flat", "growing", "too short a run to tell"],
)
def test_memory_is_flat_growing_or_not_yet_known(
    bytes_per_s: int, noise_bytes: int, expected: Standing
) -> None:
    def grown(moment: Moment) -> Moment:
        off = noise_bytes * (-1) ** (int(moment.at_s / 27) // 2)
        engine = moment.processes["engine"]
        size = engine.rss_bytes + round(moment.at_s * bytes_per_s) + off
        return replace(
            moment, processes={**moment.processes, "engine": replace(engine, rss_bytes=size)}
        )

    long = a_result(hold_s=400)
    result = replace(long, moments=tuple(map(grown, long.moments)))
    assert standing(result, "Memory") is expected


def test_a_run_of_minutes_tells_nothing_of_memory() -> None:
    assert standing(FULL, "Memory") is Standing.NOT_MEASURED


def test_leftovers_and_calls_lost_by_a_kill_are_missed_bars() -> None:
    left = replace(FULL, leftovers=("1 channel",))
    assert standing(left, "Leftovers") is Standing.MISSED
    assert judged(left, "Leftovers").finding.note == "1 channel"
    assert standing(replace(FULL, kills=3), "Engine killed") is Standing.MET
    assert standing(replace(with_calls(failed=1), kills=3), "Engine killed") is Standing.MISSED
