"""``ivrengine bench``: how fast the routing core is on this machine."""

from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

from ivrengine.bench.core import CoreBench, Measured, bench_core

app = typer.Typer()

_JSON = TypeAdapter(CoreBench)
_EVENTS = 60_000
_LEAST_EVENTS_PER_S, _MOST_P99_US, _MOST_GROWTH = 20_000, 1000.0, 2.0


@app.command()
def bench(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    events: Annotated[int, typer.Option(min=100, help="Events on each floor.")] = _EVENTS,
) -> None:
    """Measure the routing core: a small floor, a large one, and one that is polled."""
    console = Console(stderr=True)
    with console.status("") as status:
        measured = bench_core(events, tell=lambda news: status.update(f"measuring {news} …"))
    if as_json:
        typer.echo(_JSON.dump_json(measured, indent=2))
    else:
        Console().print(_table(measured))


def _table(bench: CoreBench) -> Table:
    table = Table(title="Routing core, one core of this machine", title_justify="left", box=None)
    table.add_column("")
    table.add_column("agents", justify="right")
    table.add_column("waiting", justify="right")
    table.add_column("events/s", justify="right")
    table.add_column("median", justify="right")
    table.add_column("99 %", justify="right")
    table.add_column("worst", justify="right")
    for measured in (bench.small, bench.large, bench.counted):
        table.add_row(*_cells(measured))
    large = bench.large
    table.caption_justify = "left"
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
        )
    )
    return table


def _cells(measured: Measured) -> tuple[str, ...]:
    return (
        measured.name,
        f"{measured.size.agents:,}",
        f"{measured.size.waiting:,}",
        f"{measured.events_per_s:,.0f}",
        f"{measured.median_us:,.0f} µs",
        f"{measured.p99_us:,.0f} µs",
        f"{measured.worst_us / 1e3:,.1f} ms",
    )


def _judged(kept: bool, target: str) -> str:
    return f"target {target} {'kept' if kept else 'MISSED'}"
