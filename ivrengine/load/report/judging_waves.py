"""How the bars of an overload are judged: by what a wave of callers did to those who had a line.

Before the wave as many call as there are lines, and after it again; so each is held against the
other, and no figure has to be known beforehand.
"""

from typing import Final

from ivrengine.load.measures.spread import Spread
from ivrengine.load.report.figures import Figures
from ivrengine.load.report.finding import Finding, not_measured
from ivrengine.load.report.judging import FRAME_S
from ivrengine.load.report.result import Kind, LoadResult
from ivrengine.load.report.stretches import StretchFigures

LEFT_OF_WAVE: Final = 0.1
"""Of the refusals that a wave brings, the share that may still be seen when it has passed."""

_FEWEST: Final = 10
"""Keys for a median: telephones that listen are refused as well, and press few in a minute."""

_NO_WAVE: Final = "nobody was to be refused: only an overload has a wave"


def others_are_refused_as_configured(result: LoadResult, figures: Figures) -> Finding:
    """Whoever got no line was given the SIP status that the file of lines says."""
    answers: dict[int, int] = {}
    for tallied in result.tallies.values():
        for status, count in tallied.refused.items():
            answers[status] = answers.get(status, 0) + count
    refused = sum(answers.values())
    if not refused or not result.refused_with:
        return not_measured("nobody was refused" if result.refused_with else "no answer is known")
    wrong = sum(count for status, count in answers.items() if status not in result.refused_with)
    said = ", ".join(f"{count:,} with {status}" for status, count in sorted(answers.items()))
    return Finding(
        within=not wrong,
        figure=f"{wrong:,} of {refused:,} otherwise",
        value=wrong,
        unit="calls",
        samples=refused,
        note=said,
    )


def wave_degrades_nothing(result: LoadResult, figures: Figures) -> Finding:
    """While more call than there are lines, those inside are served as before."""
    if (stretches := _stretches(result, figures)) is None:
        return not_measured(_NO_WAVE)
    before, wave, _ = stretches
    return _compared(before, wave, "in the wave", well=True)


def all_recovers(result: LoadResult, figures: Figures) -> Finding:
    """When the wave has passed, callers are served and refused as before it."""
    if (stretches := _stretches(result, figures)) is None:
        return not_measured(_NO_WAVE)
    before, wave, after = stretches
    brought = max(0.0, wave.refused_per_s - before.refused_per_s)
    passed = after.refused_per_s <= before.refused_per_s + LEFT_OF_WAVE * brought
    return _compared(before, after, "after it", well=passed)


def _stretches(
    result: LoadResult, figures: Figures
) -> tuple[StretchFigures, StretchFigures, StretchFigures] | None:
    match (result.kind, figures.stretches):
        case (Kind.OVERLOAD, (before, wave, after)):
            return before, wave, after
        case _:
            return None


def _compared(before: StretchFigures, later: StretchFigures, when: str, *, well: bool) -> Finding:
    """Judge by keys, failures, and whether all else went ``well``; a failure needs no keys."""
    well = well and not later.failed
    told = f"{later.failed} failed, {later.refused_per_s:.1f} refused a second {when}"
    usual, then = before.key_to_prompt, later.key_to_prompt
    if usual is None or then is None or min(usual.samples, then.samples) < _FEWEST:
        few = f"fewer than {_FEWEST} keys were followed in one of the two"
        return Finding(within=None if well else False, figure=told, note=few)
    return Finding(
        within=well and then.median_s <= usual.median_s + FRAME_S,
        figure=f"key to prompt {_ms(usual)} before, {_ms(then)} {when}; {told}",
        value=then.median_s - usual.median_s,
        unit="s",
        samples=then.samples,
        note=f"{before.failed} failed, {before.refused_per_s:.1f} refused a second before",
    )


def _ms(spread: Spread) -> str:
    return f"{spread.median_s * 1e3:.1f} ms (95 % {spread.p95_s * 1e3:.1f})"
