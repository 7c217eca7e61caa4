"""An overload is judged by what its wave did to those inside, and whether all of it passed."""

import random
from collections.abc import Mapping
from dataclasses import replace

import pytest

from ivrengine.load.measures.moment import Moment
from ivrengine.load.report.bars import Judgement, Standing, Verdict
from ivrengine.load.report.figures import figures_of
from ivrengine.load.report.result import Kind, LoadResult, Phase, Tallied
from tests.kit.load_result import ORIGIN, a_probe_call, a_result

pytestmark = pytest.mark.unit

STRETCHES = {"before the wave": (10.0, 50.0), "wave": (50.0, 90.0), "after the wave": (90.0, 130.0)}
USUAL = {"before the wave": 2, "wave": 20, "after the wave": 2}
QUIET = dict.fromkeys(STRETCHES, 0)
QUICK = dict.fromkeys(STRETCHES, 0.01)


def overload(
    *,
    refused_per_s: Mapping[str, int] = USUAL,
    failed: Mapping[str, int] = QUIET,
    key_to_prompt_s: Mapping[str, float] = QUICK,
    keys: int = 40,
    calls: int = 480,
) -> LoadResult:
    """An overload of three stretches of 40 s, in each of which calls fail and keys are followed."""
    result = a_result(calls=calls, hold_s=140)
    phases = tuple(
        Phase(name=name, from_s=from_s, to_s=to_s, calls=calls, steady=True)
        for name, (from_s, to_s) in STRETCHES.items()
    )

    def so_far(moment: Moment, rates: Mapping[str, float]) -> int:
        spans = ((rates[name], *span) for name, span in STRETCHES.items())
        gone = (rate * min(max(moment.at_s - start, 0), end - start) for rate, start, end in spans)
        return round(sum(gone))

    def bent(moment: Moment) -> Moment:
        failures = {name: count / 40 for name, count in failed.items()}
        counts = replace(
            moment.callers["quote"],
            refused=so_far(moment, refused_per_s),
            failed=so_far(moment, failures),
        )
        return replace(moment, callers={**moment.callers, "quote": counts})

    return replace(
        result,
        kind=Kind.OVERLOAD,
        phases=phases,
        moments=tuple(map(bent, result.moments)),
        refused_with=frozenset({503, 486}),
        probe_calls=tuple(
            replace(
                a_probe_call(from_s, random.Random(1)),
                digit_to_prompt_s=(key_to_prompt_s[name],) * keys,
                pressed_at=tuple(ORIGIN + from_s + 0.5 + n * 38 / keys for n in range(keys)),
            )
            for name, (from_s, _) in STRETCHES.items()
        ),
    )


def refused_with(answers: Mapping[int, int]) -> LoadResult:
    result = overload()
    counts = replace(result.tallies["quote"].counts, refused=sum(answers.values()))
    quote = Tallied(counts=counts, refused=answers, failed={})
    return replace(result, tallies={**result.tallies, "quote": quote})


def judged(result: LoadResult, name: str) -> Judgement:
    verdict = Verdict.of(result, figures_of(result))
    return next(one for one in verdict.judgements if one.bar.name == name)


def test_each_stretch_has_the_keys_that_were_pressed_and_what_came_of_calls_in_it() -> None:
    result = overload(
        failed={**QUIET, "wave": 3}, key_to_prompt_s={**QUICK, "after the wave": 0.03}
    )
    before, wave, after = figures_of(result).stretches
    assert [one.name for one in (before, wave, after)] == list(STRETCHES)
    assert [one.failed for one in (before, wave, after)] == [0, 3, 0]
    assert [one.refused_per_s for one in (before, wave, after)] == [2, 20, 2]
    assert before.key_to_prompt is not None
    assert after.key_to_prompt is not None
    assert (before.key_to_prompt.samples, before.key_to_prompt.median_s) == (40, 0.01)
    assert (after.key_to_prompt.samples, after.key_to_prompt.median_s) == (40, 0.03)


@pytest.mark.parametrize("name", ["Inside the wave", "After the wave"])
def test_a_wave_that_nobody_inside_notices_meets_its_bars(name: str) -> None:
    judgement = judged(overload(), name)
    assert judgement.standing is Standing.MET
    assert "10.0 ms" in judgement.finding.figure


@pytest.mark.parametrize(
    ("stretch", "name"), [("wave", "Inside the wave"), ("after the wave", "After the wave")]
)
def test_who_is_served_more_slowly_or_not_at_all_misses_the_bar(stretch: str, name: str) -> None:
    slower = overload(key_to_prompt_s={**QUICK, stretch: 0.031})
    assert judged(slower, name).standing is Standing.MISSED
    a_frame_slower = overload(key_to_prompt_s={**QUICK, stretch: 0.029})
    assert judged(a_frame_slower, name).standing is Standing.MET
    lost = overload(failed={**QUIET, stretch: 1})
    assert judged(lost, name).standing is Standing.MISSED


def test_callers_who_are_still_refused_when_the_wave_is_over_have_not_recovered() -> None:
    lasting = overload(refused_per_s={**USUAL, "after the wave": 4})
    assert judged(lasting, "After the wave").standing is Standing.MISSED
    assert judged(lasting, "Inside the wave").standing is Standing.MET


def test_few_keys_prove_nothing_but_a_lost_call_does() -> None:
    few = judged(overload(keys=8), "Inside the wave")
    assert few.standing is Standing.NOT_MEASURED
    assert "fewer than 10 keys" in few.finding.note
    lost = overload(keys=8, failed={**QUIET, "wave": 1})
    assert judged(lost, "Inside the wave").standing is Standing.MISSED


def test_a_small_wave_proves_nothing_of_a_large_one() -> None:
    assert judged(overload(calls=20), "Inside the wave").standing is Standing.NOT_MEASURED


@pytest.mark.parametrize("name", ["Inside the wave", "After the wave"])
def test_without_a_wave_there_is_nothing_to_judge(name: str) -> None:
    judgement = judged(replace(overload(), kind=Kind.SOAK), name)
    assert judgement.standing is Standing.NOT_MEASURED
    ended_early = replace(overload(), phases=overload().phases[:2])
    assert judged(ended_early, name).standing is Standing.NOT_MEASURED


@pytest.mark.parametrize(
    ("answers", "standing"),
    [
        ({503: 40, 486: 2}, Standing.MET),
        ({503: 40, 500: 1}, Standing.MISSED),
        ({}, Standing.NOT_MEASURED),
    ],
    ids=["as configured", "another", "nobody refused"],
)
def test_who_gets_no_line_is_given_the_configured_answer(
    answers: dict[int, int], standing: Standing
) -> None:
    assert judged(refused_with(answers), "Answer to the others").standing is standing
