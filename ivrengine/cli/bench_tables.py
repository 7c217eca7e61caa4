"""What ``ivrengine bench`` prints: measured figures beside their targets."""

from rich.table import Table

from ivrengine.bench.calls.trial import CallsBench
from ivrengine.bench.core import CoreBench, Measured
from ivrengine.bench.ready_to_ring.figures import Spread
from ivrengine.bench.ready_to_ring.trial import TARGET_MS, ReadyToRing

_LEAST_EVENTS_PER_S, _MOST_P99_US, _MOST_GROWTH = 20_000, 1000.0, 2.0
_LEAST_IN_TIME = 0.99


def core_table(bench: CoreBench) -> Table:
    """Show the routing core on its floors."""
    table = _table("Routing core, one core of this machine")
    for heading in ("agents", "waiting", "events/s", "median", "99 %", "worst"):
        table.add_column(heading, justify="right")
    for measured in (bench.small, bench.large, bench.counted):
        table.add_row(*_core_cells(measured))
    large = bench.large
    table.caption = "\n".join(
        (
            f"events a second, large floor: {large.events_per_s:,.0f}, "
            + _judged(large.events_per_s >= _LEAST_EVENTS_PER_S, f"{_LEAST_EVENTS_PER_S:,}"),
            f"99 % of decisions: {large.p99_us:,.0f} µs, "
            + _judged(large.p99_us < _MOST_P99_US, f"{_MOST_P99_US:,.0f} µs"),
            f"cost of an event, large floor to small: {bench.growth:.2f}, "
            + _judged(bench.growth <= _MOST_GROWTH, f"{_MOST_GROWTH:g}"),
            f"one pass of polling over the large floor: {bench.polling_pass_s * 1e3:,.0f} ms, "
            f"as much as {bench.polling_in_events:,.0f} events",
            "again: ivrengine bench core",
        )
    )
    return table


def ring_table(measured: ReadyToRing) -> Table:
    """Show both sides, the engine's first."""
    plan, engine = measured.plan, measured.engine
    table = _table(
        f"Agent ready to telephone ringing, {plan.waiting} callers waiting with music, in ms"
    )
    for heading in ("samples", "missed", "median", "half within", "95 %", "99 %", "worst"):
        table.add_column(heading, justify="right")
    table.add_row("engine", *_ring_cells(engine))
    table.add_row("app_queue", *_ring_cells(measured.app_queue))
    table.caption = "\n".join(
        (
            f"within {TARGET_MS:.0f} ms: {engine.in_time:.1%} of the engine's, "
            + _judged(engine.in_time >= _LEAST_IN_TIME, f"{_LEAST_IN_TIME:.0%}")
            + f"; {measured.app_queue.in_time:.1%} of app_queue's",
            f"app_queue's median is {measured.ratio:.1f} times the engine's",
            f"again: ivrengine bench ready-to-ring --waiting {plan.waiting} "
            f"--samples {plan.samples} --blocks {plan.blocks} --seed {plan.seed}",
        )
    )
    return table


def calls_table(measured: CallsBench) -> Table:
    """Show the engine beside a dialplan with app_queue, under the same callers."""
    plan = measured.plan
    table = _table(f"{plan.calls} calls up for {plan.minutes:g} minutes, at each in turn")
    for heading in ("", "engine", "dialplan, app_queue", "ratio"):
        table.add_column(heading, justify="right")
    for line in measured.lines:
        cells = (_figure(figure) for figure in (line.engine, line.rival, line.ratio))
        table.add_row(line.what, line.unit, *cells)
    table.caption = "\n".join(
        (
            "ratio: the engine's figure in the rival's",
            f"whole reports: {measured.reports}",
            f"again: ivrengine bench calls --calls {plan.calls} --minutes {plan.minutes:g} "
            f"--probes {plan.probes} --seed {plan.seed}",
        )
    )
    return table


def _table(title: str) -> Table:
    table = Table(title=title, title_justify="left", caption_justify="left", box=None)
    table.add_column("")
    return table


def _core_cells(measured: Measured) -> tuple[str, ...]:
    return (
        measured.name,
        f"{measured.size.agents:,}",
        f"{measured.size.waiting:,}",
        f"{measured.events_per_s:,.0f}",
        f"{measured.median_us:,.0f} µs",
        f"{measured.p99_us:,.0f} µs",
        f"{measured.worst_us / 1e3:,.1f} ms",
    )


def _ring_cells(spread: Spread) -> tuple[str, ...]:
    return (
        f"{spread.samples}",
        f"{spread.missed}",
        f"{spread.median_ms:,.1f}",
        f"{spread.quarter_ms:,.1f}-{spread.three_quarters_ms:,.1f}",
        f"{spread.p95_ms:,.1f}",
        f"{spread.p99_ms:,.1f}",
        f"{spread.worst_ms:,.1f}",
    )


def _figure(figure: float | None) -> str:
    if figure is None:
        return "–"
    return f"{figure:,.0f}" if abs(figure) >= 100 or figure == int(figure) else f"{figure:.3g}"


def _judged(kept: bool, target: str) -> str:
    return f"target {target} {'kept' if kept else 'MISSED'}"
