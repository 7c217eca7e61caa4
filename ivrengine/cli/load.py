"""``ivrengine load``: fills every line of a system with callers, and judges how it bears them."""

import asyncio
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ivrengine.bootstrap.system import sole_use
from ivrengine.cli.load_tables import others_line, pace_line, shortcomings_line, verdict_table
from ivrengine.clock import MARKET_ZONE, SteadyClock, local_time
from ivrengine.config import Settings, load_settings
from ivrengine.load.engine_target import PORTS, line_groups
from ivrengine.load.mix.generation import generate
from ivrengine.load.mix.reading import load_mix
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

Calls = Annotated[int, typer.Option(min=1, max=2000, help="Calls that are up at once.")]
Minutes = Annotated[float, typer.Option(min=0.05, help="Minutes for which they are held up.")]
Rate = Annotated[float, typer.Option(min=0.5, max=200, help="Calls set up in a second.")]
Seed = Annotated[int, typer.Option(help="Of everything that is left to chance.")]
Mix = Annotated[Path, typer.Option(help="Description of the callers.")]
Probes = Annotated[int, typer.Option(min=0, help="Of the calls, those by telephones that listen.")]
Lines = Annotated[Path | None, typer.Option(help="File of the lines, in place of the load's own.")]
Out = Annotated[Path | None, typer.Option(help="Folder for scenarios; unset: var/load/scenarios.")]
FirstPort = Annotated[
    int,
    typer.Option(min=1024, max=65_536 - PORTS, help=f"{PORTS} ports from this one on are used."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the report's JSON in the end.")]
KillEvery = Annotated[
    float | None,
    typer.Option(
        min=10, help="Seconds that the engine serves before each SIGKILL; left out: none."
    ),
]


class What(StrEnum):
    """What can be asked for: a kind of load, or only what its callers would be given."""

    FULL = Kind.FULL
    OVERLOAD = Kind.OVERLOAD
    SOAK = Kind.SOAK
    SCENARIOS = "scenarios"


WhichLoad = Annotated[What, typer.Argument(help="full, overload, soak, or scenarios.")]


@app.command()
def load(
    what: WhichLoad = What.FULL,
    calls: Calls = _PLAN.calls,
    minutes: Minutes = _PLAN.minutes,
    rate: Rate = _PLAN.rate_per_s,
    seed: Seed = _PLAN.seed,
    probes: Probes = _PLAN.probes,
    mix: Mix = MIX,
    lines: Lines = None,
    kill_every: KillEvery = None,
    out: Out = None,
    first_port: FirstPort = _FIRST_PORT,
    as_json: AsJson = False,
) -> None:
    """Start a system, fill its lines with callers, and judge how it bears them.

    full holds all lines taken. overload has more callers than lines for a while, 700 at 480. soak
    offers 120 % of what the lines hold, for as long as asked. scenarios starts nothing: it checks
    the description of the callers, and writes what SIPp would be given.
    """
    plan = LoadPlan(
        calls=calls, minutes=minutes, rate_per_s=rate, seed=seed, mix=mix, probes=probes
    )
    settings = load_settings()
    system = OwnSystem(root=settings.state_dir / "load", first_port=first_port, lines=lines)
    if what is What.SCENARIOS:
        _write_scenarios(plan, system, out or system.root / "scenarios")
    else:
        folder = system.root / _name_of_now()
        offer = Offer(plan=plan, folder=folder, kind=Kind(what), kill_every_s=kill_every)
        _run(settings, system, offer, as_json=as_json)


def _write_scenarios(plan: LoadPlan, system: OwnSystem, folder: Path) -> None:
    trunks = [group.trunk for group in line_groups(system.lines_for(Kind.FULL))]
    files = generate(load_mix(plan.mix), folder, trunks=trunks, seed=plan.seed)
    for file in (files.scenario, *files.callers):
        typer.echo(file)


def _run(settings: Settings, system: OwnSystem, offer: Offer, *, as_json: bool) -> None:
    console = Console(stderr=as_json, highlight=False)
    with sole_use(system.root):
        offer.folder.mkdir(parents=True)
        console.print(f"the system starts; what it writes goes to {system.root / 'engine'}")
        try:
            with logging_to(offer.folder, settings.telemetry, SteadyClock(), terminal=None):
                result = asyncio.run(load_engine(settings, system, offer, show=show_on(console)))
        except asyncio.CancelledError:
            console.print("stopped before anything was measured")
            sys.exit(_MISSED)
    _report(result, offer.folder, console, as_json=as_json)


def _name_of_now() -> str:
    return local_time(SteadyClock().now(), MARKET_ZONE).strftime("%Y-%m-%d_%H-%M-%S")


def _report(result: LoadResult, folder: Path, console: Console, *, as_json: bool) -> None:
    verdict = write_report(result, folder)
    console.print(verdict_table(verdict))
    console.print(shortcomings_line(result.shortcomings))
    console.print(others_line(result))
    console.print(pace_line(result))
    console.print(f"report: {folder / PAGE_FILE}")
    if as_json:
        typer.echo((folder / JSON_FILE).read_text(encoding="utf-8"))
    if verdict.missed:
        sys.exit(_MISSED)
