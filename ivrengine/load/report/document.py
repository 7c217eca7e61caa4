"""A report for machines: the same as the page shows, and every reading it was drawn from.

docs/load-report.md says what stands where; `json_schema` gives out every key with its type.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import TypeAdapter

from ivrengine.clock import iso_time
from ivrengine.load.measures.moment import Moment
from ivrengine.load.measures.probe_call import ProbeCall
from ivrengine.load.plan import LoadPlan
from ivrengine.load.report.bars import Judgement, Standing, Verdict
from ivrengine.load.report.figures import Figures
from ivrengine.load.report.result import Kind, LoadResult, Machine, Phase, Ring, Tallied

VERSION: Final = 1
"""Grows when a key changes its meaning or goes; new keys may come without."""

_PERCENTILES: Final = (0.5, 0.95, 0.99)


@dataclass(frozen=True, slots=True, kw_only=True)
class BarLine:
    """One bar, and how the run stands to it; ``value`` is in ``unit``."""

    name: str
    what: str
    limit: str
    source: str
    standing: Standing
    figure: str
    value: float | None
    unit: str
    samples: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The whole report; times ``…_s`` within the run count from its first moment.

    ``engine_percentiles_s`` has the durations that half, 95 % and 99 % of what the engine measured
    itself do not exceed; null where that lies beyond the engine's last bucket.
    """

    version: int
    kind: Kind
    target: str
    plan: LoadPlan
    machine: Machine
    begun_at: str
    interrupted: bool
    kills: int
    leftovers: tuple[str, ...] | None
    shortcomings: Mapping[str, int]
    passed_over: int
    bars: tuple[BarLine, ...]
    figures: Figures
    engine_percentiles_s: Mapping[str, Mapping[str, float | None]]
    phases: tuple[Phase, ...]
    tallies: Mapping[str, Tallied]
    probe_calls: tuple[ProbeCall, ...]
    rings: tuple[Ring, ...]
    moments: tuple[Moment, ...]


_DOCUMENT: Final = TypeAdapter(Document)


def render_json(result: LoadResult, figures: Figures, verdict: Verdict) -> bytes:
    """Return the report as JSON in UTF-8, on one line: most of it are thousands of readings."""
    return _DOCUMENT.dump_json(_document(result, figures, verdict)) + b"\n"


def json_schema() -> dict[str, Any]:
    """Return the schema of the report, as JSON Schema."""
    return _DOCUMENT.json_schema(mode="serialization")


def _document(result: LoadResult, figures: Figures, verdict: Verdict) -> Document:
    own = figures.engine.histograms if figures.engine else {}
    return Document(
        version=VERSION,
        kind=result.kind,
        target=result.target,
        plan=result.plan,
        machine=result.machine,
        begun_at=iso_time(result.begun_at),
        interrupted=result.interrupted,
        kills=result.kills,
        leftovers=result.leftovers,
        shortcomings=result.shortcomings,
        passed_over=result.passed_over,
        bars=tuple(_line(judgement) for judgement in verdict.judgements),
        figures=figures,
        engine_percentiles_s={
            name: {f"{share:.0%}": buckets.quantile_s(share) for share in _PERCENTILES}
            for name, buckets in own.items()
        },
        phases=result.phases,
        tallies=result.tallies,
        # Telephones tell of the machine's own monotonic clock, which means nothing to a reader.
        probe_calls=tuple(_since(call, result.origin) for call in result.probe_calls),
        rings=result.rings,
        moments=result.moments,
    )


def _since(call: ProbeCall, origin: float) -> ProbeCall:
    pressed_at = tuple(at - origin for at in call.pressed_at)
    return replace(call, began_at=call.began_at - origin, pressed_at=pressed_at)


def _line(judgement: Judgement) -> BarLine:
    bar, finding = judgement.bar, judgement.finding
    return BarLine(
        name=bar.name,
        what=bar.what,
        limit=bar.limit,
        source=bar.source,
        standing=judgement.standing,
        figure=finding.figure,
        value=finding.value,
        unit=finding.unit,
        samples=finding.samples,
        note=finding.note,
    )
