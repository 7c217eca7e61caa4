"""A trunk group's figures, made of its tally."""

from dataclasses import dataclass

from acd.kpis.quotients import FORMULAS_VERSION, ratio, seconds
from acd.kpis.tallies import TrunkTally
from acd.trunk_groups import LineClass, Seizure


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassReport:
    """One class of calls on a group; ``utilisation`` is its share of all line time."""

    line_class: LineClass
    attempts: int
    refused: int
    blocking: float | None
    line_time_s: float
    mean_in_use: float | None
    utilisation: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkReport:
    """One trunk group, or several, over one interval, or several; shares run from 0 to 1.

    ``offered_erl`` is the load that would have been, had those refused stayed as long as the rest.
    """

    trunk: str
    begin_s: int
    end_s: int
    formulas_version: int
    attempts: int
    refused: int
    refused_no_line: int
    refused_for_kept_lines: int
    refused_class_full: int
    blocking: float | None
    line_time_s: float
    mean_in_use: float | None
    peak_in_use: int
    utilisation: float | None
    full_share: float | None
    offered_erl: float | None
    classes: tuple[ClassReport, ...]


def trunk_report(tally: TrunkTally) -> TrunkReport:
    """Work out a trunk group's figures, of the classes that asked for lines or held any."""
    attempts, refused = sum(tally.attempts.values()), sum(tally.refused.values())
    busy_us = sum(tally.busy_us.values())
    blocking, mean_in_use = ratio(refused, attempts), ratio(busy_us, tally.watched_us)
    offered_erl = mean_in_use
    if mean_in_use is not None and blocking is not None and blocking < 1:
        offered_erl = mean_in_use / (1 - blocking)
    return TrunkReport(
        trunk=tally.subject,
        begin_s=tally.begin_s,
        end_s=tally.end_s,
        formulas_version=FORMULAS_VERSION,
        attempts=attempts,
        refused=refused,
        refused_no_line=tally.refused_why.get(Seizure.NO_LINE, 0),
        refused_for_kept_lines=tally.refused_why.get(Seizure.KEPT, 0),
        refused_class_full=tally.refused_why.get(Seizure.CLASS_FULL, 0),
        blocking=blocking,
        line_time_s=seconds(busy_us),
        mean_in_use=mean_in_use,
        peak_in_use=tally.peak,
        utilisation=ratio(busy_us, tally.line_us),
        full_share=ratio(tally.full_us, tally.watched_us),
        offered_erl=offered_erl,
        classes=tuple(
            _class_report(tally, line_class)
            for line_class in LineClass
            if line_class in tally.attempts or line_class in tally.busy_us
        ),
    )


def _class_report(tally: TrunkTally, line_class: LineClass) -> ClassReport:
    attempts = tally.attempts.get(line_class, 0)
    refused = tally.refused.get(line_class, 0)
    busy_us = tally.busy_us.get(line_class, 0)
    return ClassReport(
        line_class=line_class,
        attempts=attempts,
        refused=refused,
        blocking=ratio(refused, attempts),
        line_time_s=seconds(busy_us),
        mean_in_use=ratio(busy_us, tally.watched_us),
        utilisation=ratio(busy_us, tally.line_us),
    )
