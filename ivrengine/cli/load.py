"""``ivrengine load``: fills every line of a system with callers, and judges how it bears them."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ivrengine.bootstrap.system import sole_use
from ivrengine.cli.load_tables import verdict_table
from ivrengine.clock import MARKET_ZONE, SteadyClock, local_time
from ivrengine.config import load_settings
from ivrengine.load.engine_target import PORTS
from ivrengine.load.plan import MIX, LoadPlan
from ivrengine.load.report.result import Kind, LoadResult
from ivrengine.load.report.writing import JSON_FILE, PAGE_FILE, write_report
from ivrengine.load.run import Offer
from ivrengine.load.view import show_on
from ivrengine.load.whole import OwnSystem, load_engine
from ivrengine.telemetry.logs import logging_to

app = typer.Typer()

_MISSED = 1
_FIRST_PORT = 22_000
_PLAN = LoadPlan()

WhichLoad = Annotated[Kind, typer.Argument(help="full, overload or soak.")]
Calls = Annotated[int, typer.Option(min=1, max=2000, help="Calls that are up at once.")]
Minutes = Annotated[float, typer.Option(min=0.05, help="Minutes for which they are held up.")]
Rate = Annotated[float, typer.Option(min=0.5, max=200, help="Calls set up in a second.")]
Seed = Annotated[int, typer.Option(help="Of everything that is left to chance.")]
Mix = Annotated[Path, typer.Option(help="Description of the callers.")]
Probes = Annotated[int, typer.Option(min=0, help="Of the calls, those by telephones that listen.")]
Lines = Annotated[Path | None, typer.Option(help="File of the lines, in place of the load's own.")]
FirstPort = Annotated[
    int,
    typer.Option(min=1024, max=65_536 - PORTS, help=f"{PORTS} ports from this one on are used."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the report's JSON in the end.")]
KillEvery = Annotated[
    float | None,
    typer.Option(min=10, help="Seconds between two SIGKILLs of the engine; left out: none."),
]


@app.command()
def load(
    kind: WhichLoad = Kind.FULL,
    calls: Calls = _PLAN.calls,
    minutes: Minutes = _PLAN.minutes,
    rate: Rate = _PLAN.rate_per_s,
    seed: Seed = _PLAN.seed,
    probes: Probes = _PLAN.probes,
    mix: Mix = MIX,
    lines: Lines = None,
    kill_every: KillEvery = None,
    first_port: FirstPort = _FIRST_PORT,
    as_json: AsJson = False,
) -> None:
    """Start a system, fill its lines with callers, and judge how it bears them.

    full holds all lines taken. overload has more callers than lines for a while, 700 at 480. soak
    offers 120 % of what the lines hold, for as long as asked.
    """
    plan = LoadPlan(
        calls=calls, minutes=minutes, rate_per_s=rate, seed=seed, mix=mix, probes=probes
    )
    settings = load_settings()
    system = OwnSystem(root=settings.state_dir / "load", first_port=first_port, lines=lines)
    started = local_time(SteadyClock().now(), MARKET_ZONE)
    folder = system.root / started.strftime("%Y-%m-%d_%H-%M-%S")
    console = Console(stderr=as_json, highlight=False)
    with sole_use(system.root):
        folder.mkdir(parents=True)
        console.print(f"the system starts; what it writes goes to {system.root / 'engine'}")
        offer = Offer(plan=plan, folder=folder, kind=kind, kill_every_s=kill_every)
        try:
            with logging_to(folder, settings.telemetry, SteadyClock()):
                result = asyncio.run(load_engine(settings, system, offer, show=show_on(console)))
        except asyncio.CancelledError:
            console.print("stopped before anything was measured")
            sys.exit(_MISSED)
    _report(result, folder, console, as_json=as_json)


def _report(result: LoadResult, folder: Path, console: Console, *, as_json: bool) -> None:
    verdict = write_report(result, folder)
    console.print(verdict_table(verdict))
    console.print(f"report: {folder / PAGE_FILE}")
    if as_json:
        typer.echo((folder / JSON_FILE).read_text(encoding="utf-8"))
    if verdict.missed:
        sys.exit(_MISSED)
