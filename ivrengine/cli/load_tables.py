"""What ``ivrengine load`` prints in the end: each bar, and how the run stands to it."""

from collections.abc import Mapping

from rich.table import Table

from ivrengine.load.report.bars import Standing, Verdict
from ivrengine.load.report.process_figures import (
    cores_of_others,
    fixed_computation,
    stolen_cores,
)
from ivrengine.load.report.result import LoadResult

_STYLES = {Standing.MET: "green", Standing.MISSED: "bold red", Standing.NOT_MEASURED: "dim"}


def verdict_table(verdict: Verdict) -> Table:
    """Show every bar, in order."""
    table = Table(title="Verdict", title_justify="left", box=None)
    table.add_column("")
    table.add_column("")
    for heading in ("found", "limit"):
        table.add_column(heading)
    for judgement in verdict.judgements:
        style = _STYLES[judgement.standing]
        table.add_row(
            f"[{style}]{judgement.standing}[/]",
            judgement.bar.name,
            judgement.finding.figure or judgement.finding.note,
            judgement.bar.limit,
        )
    return table


def others_line(result: LoadResult) -> str:
    """Say what took processor time from the run without having a part in it."""
    used, stolen = cores_of_others(result), stolen_cores(result)
    if used is None or stolen is None:
        return "what else used the processors: not known"
    return (
        f"what else used the processors: {used:.2f} of {result.machine.cores} cores, "
        f"{stolen.mean:.2f} of them the host of this machine, {stolen.worst:.2f} at worst"
    )


def pace_line(result: LoadResult) -> str:
    """Say how fast the processors were, and whether they stayed so."""
    took = fixed_computation(result)
    if took is None:
        return "pace of the processors: not known"
    return (
        f"pace of the processors: a fixed computation took {took.median_s * 1000:.2f} ms, "
        f"95 % of the time less than {took.p95_s * 1000:.2f}"
    )


def shortcomings_line(shortcomings: Mapping[str, int]) -> str:
    """Say what the callers' side did badly itself, for which nobody else is to blame."""
    told = ", ".join(f"{count:,} {what}" for what, count in shortcomings.items())
    return f"the callers' own shortcomings: {told or 'not known'}"
