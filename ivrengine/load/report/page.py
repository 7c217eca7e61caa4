"""The report for people: one page that needs nothing else; verdict first, then plots and tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from math import isinf
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ivrengine.clock import MARKET_ZONE, local_time
from ivrengine.load.measures import engine_metrics
from ivrengine.load.measures.spread import Spread
from ivrengine.load.report.bars import Standing, Verdict
from ivrengine.load.report.figures import Figures
from ivrengine.load.report.plots.calls import call_plots
from ivrengine.load.report.plots.canvas import Plot
from ivrengine.load.report.plots.delays import delay_plots
from ivrengine.load.report.plots.machine import machine_plots
from ivrengine.load.report.result import Kind, LoadResult, Tallied

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_WORDS: Final = {
    Kind.FULL: "full house",
    Kind.OVERLOAD: "overload",
    Kind.SOAK: "soak",
}
_OWN_DELAYS: Final = {
    engine_metrics.ANSWER: "arrival to answer",
    engine_metrics.DIGIT_TO_PROMPT: "key to prompt",
    engine_metrics.OFFER_DELAY: "caller and agent there to ringing",
    engine_metrics.LOOP_LAG: "lag of the event loop",
    engine_metrics.ORDERS: "order to the softswitch",
}
_MOST_FAULTS: Final = 10
_BUSY_OTHERS_CORES: Final = 0.1
"""From here on other programs are worth a warning: quiet machines have a few hundredths."""

_MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayRow:
    """One line of the table of delays, in words."""

    name: str
    samples: int
    cells: tuple[str, ...]


def render_page(result: LoadResult, figures: Figures, verdict: Verdict) -> str:
    """Return the page as HTML in which everything is inline."""
    plots = chain(call_plots(result), delay_plots(result), machine_plots(result))
    faults = (call for call in result.probe_calls if call.fault)
    return _TEMPLATES.get_template("page.html.j2").render(
        title=f"{result.plan.calls:,} calls at {_named(result.target)}: {_WORDS[result.kind]}",
        begun=local_time(result.begun_at, MARKET_ZONE).strftime("%Y-%m-%d %H:%M:%S %Z"),
        result=result,
        figures=figures,
        verdict=verdict,
        counts={standing: len(verdict.standing_at(standing)) for standing in Standing},
        plots=[(plot, _drawing(plot)) for plot in plots],
        heard=list(_heard(figures)),
        own=list(_own(figures)),
        faults=list(islice(faults, _MOST_FAULTS)),
        mib=lambda size: "–" if size is None else f"{size / _MIB:,.0f}",
        ms=_ms,
        tallies=sorted(result.tallies.items(), key=lambda item: -item[1].counts.placed),
        why=_why,
        busy_others=_BUSY_OTHERS_CORES,
    )


def _named(target: str) -> str:
    return f"the {target}" if target == target.lower() else target


def _drawing(plot: Plot) -> Markup:
    # The drawing is our own, and the title stands beside it for those who see neither.
    return Markup(plot.svg)


def _heard(figures: Figures) -> Iterator[DelayRow]:
    heard = figures.heard
    spreads: dict[str, Spread | None] = {
        "INVITE to 200": heard.setup,
        "200 to first sound": heard.first_sound,
        "key to prompt": heard.digit_to_prompt,
        "agent ready to ringing": figures.ready_to_ring,
    }
    for name, spread in spreads.items():
        if spread is not None:
            percentiles = (spread.median_s, spread.p95_s, spread.p99_s, spread.worst_s)
            cells = tuple(_ms(delay_s) for delay_s in percentiles)
            yield DelayRow(name=name, samples=spread.samples, cells=cells)


def _own(figures: Figures) -> Iterator[DelayRow]:
    histograms = figures.engine.histograms if figures.engine else {}
    for key, name in _OWN_DELAYS.items():
        buckets = histograms.get(key)
        if buckets is not None and buckets.samples:
            cells = tuple(_ms(buckets.quantile_s(share)) for share in (0.5, 0.95, 0.99))
            yield DelayRow(name=name, samples=buckets.samples, cells=(*cells, ""))


def _why(tallied: Tallied) -> str:
    refused = (f"{count} refused with {status}" for status, count in tallied.refused.items())
    failed = (f"{count} failed: {reason}" for reason, count in tallied.failed.items())
    return "; ".join((*refused, *failed))


def _ms(delay_s: float | None) -> str:
    if delay_s is None:
        return "–"
    return "beyond" if isinf(delay_s) else f"{delay_s * 1e3:,.1f}"
