"""The bars: what is promised of a full house on two cores, and whether a run has shown it.

A bar is met only by what was measured, and only at full size: a smaller run can miss a bar, but
what it keeps to is no proof, and stands as not measured beside its figure.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from ivrengine.load.report import judging, judging_waves
from ivrengine.load.report.figures import Figures
from ivrengine.load.report.finding import Finding
from ivrengine.load.report.result import LoadResult

FULL_CALLS: Final = 480
"""The lines of both numbers: 420 and 60."""


class Standing(StrEnum):
    """What a run says of a bar."""

    MET = "met"
    MISSED = "missed"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A promise: ``what`` is measured, the ``limit`` it keeps to, and ``source``: why that one.

    ``at_full_size`` bars are about all lines taken.
    """

    name: str
    what: str
    limit: str
    source: str
    judge: Callable[[LoadResult, Figures], Finding]
    at_full_size: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A bar, and how a run stands to it."""

    bar: Bar
    standing: Standing
    finding: Finding


BARS: Final = (
    Bar(
        name="Calls complete",
        what="calls up at once, and those among all that were refused or failed",
        limit=f"{FULL_CALLS} of {FULL_CALLS}",
        source="the 420 lines of 952588 and the 60 of 8008202588",
        judge=judging.calls_complete,
    ),
    Bar(
        name="Calls inside",
        what="calls that were not refused and did not go as their caller meant them to",
        limit="none",
        source="who has got a line is served, whoever else wants one",
        judge=judging.those_inside_are_served,
        at_full_size=False,
    ),
    Bar(
        name="Set-up rate",
        what="calls answered in the fastest three seconds, and those not answered in these",
        limit=f"{judging.SETUPS_PER_S:.0f} a second, none failed",
        source="all lines filled within eight seconds",
        judge=judging.set_up_in_time,
    ),
    Bar(
        name="Heard as meant",
        what="calls of telephones that know every prompt and listen for the right one",
        limit="no wrong or missing prompt",
        source="a caller hears what the menus say, or the call is no call",
        judge=judging.heard_is_right,
    ),
    Bar(
        name="Key to prompt, beside the dialplan",
        what="median from a key's end to the next prompt's first frame, at the telephone",
        limit=f"the dialplan's and {judging.FRAME_S * 1e3:.0f} ms",
        source="one frame of RTP, the least that a telephone can tell apart",
        judge=judging.digit_to_prompt_beside_rival,
    ),
    Bar(
        name="Key to prompt",
        what="99th percentile of the same",
        limit=f"{judging.DIGIT_TO_PROMPT_P99_S * 1e3:.0f} ms",
        source="what is answered within a tenth of a second is felt as answered at once",
        judge=judging.digit_to_prompt_is_quick,
    ),
    Bar(
        name="Gap between fragments",
        what="silence between the fragments of a read-out, on the sender's clock",
        limit="0 samples",
        source="a number is one sentence, however many fragments it is made of",
        judge=judging.fragments_are_seamless,
    ),
    Bar(
        name="Ready to ringing",
        what="99th percentile from an agent becoming ready to the INVITE at the telephone",
        limit=f"{judging.READY_TO_RING_P99_S * 1e3:.0f} ms",
        source="docs/performance.md",
        judge=judging.ready_to_ring_is_quick,
    ),
    Bar(
        name="Engine's processor time",
        what="mean share of one core while all calls are up",
        limit=f"{judging.ENGINE_CORES} cores",
        source="softswitch, engine and callers share two cores",
        judge=judging.engine_leaves_cores,
    ),
    Bar(
        name="Growth of processor time",
        what="power of the calls with which the engine's share grows",
        limit=f"{judging.GROWTH_EXPONENT}",
        source="twice the calls take twice the machine, not four times",
        judge=judging.cpu_grows_linearly,
    ),
    Bar(
        name="Kept lines",
        what="trading customers who were refused while others had to be",
        limit="none",
        source="docs/lines.md",
        judge=judging.trading_is_never_refused,
        at_full_size=False,
    ),
    Bar(
        name="Answer to the others",
        what="refused callers who were given another SIP status than the file of lines says",
        limit="none",
        source="docs/lines.md",
        judge=judging_waves.others_are_refused_as_configured,
        at_full_size=False,
    ),
    Bar(
        name="Inside the wave",
        what="median from key to prompt, and calls inside that failed, while others are refused",
        limit=f"that before the wave and {judging.FRAME_S * 1e3:.0f} ms; none failed",
        source="who has got a line is served, whoever else wants one",
        judge=judging_waves.wave_degrades_nothing,
    ),
    Bar(
        name="After the wave",
        what="the same when the wave has passed, and how many are still refused a second",
        limit=(
            f"that before the wave and {judging.FRAME_S * 1e3:.0f} ms; none failed; of the"
            f" refusals that the wave brought {judging_waves.LEFT_OF_WAVE:.0%}"
        ),
        source="a wave that is over leaves nothing behind",
        judge=judging_waves.all_recovers,
    ),
    Bar(
        name="Memory",
        what="rise of the resident memory of engine and softswitch while calls are held up",
        limit=f"{judging.MEMORY_GROWTH_PER_HOUR:.0%} an hour",
        source="a system that nobody restarts",
        judge=judging.memory_is_flat,
    ),
    Bar(
        name="Leftovers",
        what="channels, bridges, lines, tasks and descriptors when all calls have ended",
        limit="none",
        source="a system that nobody restarts",
        judge=judging.nothing_is_left,
        at_full_size=False,
    ),
    Bar(
        name="Engine killed",
        what="calls that failed though only the engine died",
        limit="none",
        source="docs/architecture.md, when something dies",
        judge=judging.survives_kills,
        at_full_size=False,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Every bar, in order."""

    judgements: tuple[Judgement, ...]

    @classmethod
    def of(cls, result: LoadResult, figures: Figures) -> "Verdict":
        """Judge a run by every bar."""
        return cls(judgements=tuple(_judged(bar, result, figures) for bar in BARS))

    @property
    def missed(self) -> tuple[Judgement, ...]:
        """The bars that were missed; a run that missed none need not have measured all."""
        return self.standing_at(Standing.MISSED)

    def standing_at(self, standing: Standing) -> tuple[Judgement, ...]:
        """Return the bars of which the run says this."""
        return tuple(one for one in self.judgements if one.standing is standing)


def _judged(bar: Bar, result: LoadResult, figures: Figures) -> Judgement:
    finding = bar.judge(result, figures)
    standing = {True: Standing.MET, False: Standing.MISSED, None: Standing.NOT_MEASURED}
    small = bar.at_full_size and result.plan.calls < FULL_CALLS
    if finding.within and small:
        size = f"kept at {result.plan.calls} calls; the bar is for {FULL_CALLS}"
        note = "; ".join(filter(None, (size, finding.note)))
        finding = replace(finding, within=None, note=note)
    return Judgement(bar=bar, standing=standing[finding.within], finding=finding)
