"""``ivrengine bench``: the routing core alone, and the whole engine beside its rivals."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.status import Status
from rich.table import Table

from ivrengine.bench.calls.trial import CallsBench, CallsPlace, Watched, measure_calls
from ivrengine.bench.core import CoreBench, bench_core
from ivrengine.bench.ready_to_ring.places import Places
from ivrengine.bench.ready_to_ring.trial import Plan, ReadyToRing, Tell, measure
from ivrengine.cli.bench_tables import calls_table, core_table, ring_table
from ivrengine.clock import SteadyClock
from ivrengine.config import load_settings
from ivrengine.load.engine_target import PORTS
from ivrengine.load.plan import LoadPlan
from ivrengine.load.view import show_on
from ivrengine.softswitch.local.debian.progress import Step
from ivrengine.telemetry.logs import logging_to

app = typer.Typer()

_EVENTS = 60_000
_EVENTS_OF_ALL = 40_000
"""Fewer, so that everything together takes a few minutes also where the cores are shared."""

_FIRST_PORT, _LAST_FIRST_PORT = 28_000, 64_000
_PLAN = Plan()
_PLAN_OF_ALL = Plan(samples=60)
_CALLS = LoadPlan(minutes=2.0)
_CALLS_OF_ALL = LoadPlan(minutes=1.0)
_FIRST_CALLS_PORT = 22_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Everything:
    core: CoreBench
    ready_to_ring: ReadyToRing
    calls: CallsBench


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
FirstPort = Annotated[
    int,
    typer.Option(
        min=1024, max=_LAST_FIRST_PORT, help="A thousand ports from this one on are used."
    ),
]


@app.callback(invoke_without_command=True)
def bench(
    context: typer.Context, as_json: AsJson = False, first_port: FirstPort = _FIRST_PORT
) -> None:
    """Measure everything: the routing core, how soon telephones ring, and all lines full."""
    if context.invoked_subcommand is not None:
        return
    with _telling() as tell:
        core = bench_core(_EVENTS_OF_ALL, tell=lambda news: tell(f"measuring {news}"))
        ring = _ring(_PLAN_OF_ALL, first_port, tell)
    measured = _Everything(
        core=core, ready_to_ring=ring, calls=_calls(_CALLS_OF_ALL, _FIRST_CALLS_PORT)
    )
    tables = core_table(core), ring_table(ring), calls_table(measured.calls)
    _print(measured, *tables, as_json=as_json)


@app.command()
def core(
    as_json: AsJson = False,
    events: Annotated[int, typer.Option(min=100, help="Events on each floor.")] = _EVENTS,
) -> None:
    """Measure the routing core: a small floor, a large one, and one that is polled."""
    with _telling() as tell:
        measured = bench_core(events, tell=lambda news: tell(f"measuring {news}"))
    _print(measured, core_table(measured), as_json=as_json)


@app.command()
def ready_to_ring(
    as_json: AsJson = False,
    waiting: Annotated[
        int, typer.Option(min=1, max=450, help="Callers who wait at every moment.")
    ] = _PLAN.waiting,
    samples: Annotated[
        int, typer.Option(min=8, help="How often an agent becomes ready, at each side.")
    ] = _PLAN.samples,
    blocks: Annotated[
        int, typer.Option(min=1, max=4, help="Blocks of samples; the sides take turns.")
    ] = _PLAN.blocks,
    seed: Annotated[int, typer.Option(help="Of the agents' pauses.")] = _PLAN.seed,
    first_port: FirstPort = _FIRST_PORT,
) -> None:
    """Measure from an agent becoming ready to the telephone ringing, beside app_queue."""
    plan = Plan(waiting=waiting, samples=samples, blocks=blocks, seed=seed)
    with _telling() as tell:
        measured = _ring(plan, first_port, tell)
    _print(measured, ring_table(measured), as_json=as_json)


@app.command()
def calls(
    as_json: AsJson = False,
    calls: Annotated[
        int, typer.Option(min=8, max=480, help="Calls that are up at once.")
    ] = _CALLS.calls,
    minutes: Annotated[
        float, typer.Option(min=0.1, help="Minutes for which they are held up, at each.")
    ] = _CALLS.minutes,
    probes: Annotated[
        int, typer.Option(min=1, help="Of the calls, those by telephones that listen.")
    ] = _CALLS.probes,
    seed: Annotated[int, typer.Option(help="Of all that is left to chance.")] = _CALLS.seed,
    first_port: Annotated[
        int, typer.Option(min=1024, max=65_536 - PORTS, help=f"{PORTS} ports from this one on.")
    ] = _FIRST_CALLS_PORT,
) -> None:
    """Measure all lines full, with the same callers at the engine and at a plain dialplan."""
    plan = LoadPlan(calls=calls, minutes=minutes, probes=probes, seed=seed)
    measured = _calls(plan, first_port)
    _print(measured, calls_table(measured), as_json=as_json)


def _calls(plan: LoadPlan, first_port: int) -> CallsBench:
    settings = load_settings()
    console = Console(stderr=True, highlight=False)
    place = CallsPlace(first_port=first_port, root=settings.state_dir / "bench" / "calls")
    watched = Watched(
        tell=lambda news: console.print(f"{news} …"),
        report=lambda step: console.print(step.what),
        show=show_on(console),
    )
    with logging_to(place.root, settings.telemetry, SteadyClock()):
        return asyncio.run(measure_calls(settings, place, plan, watched))


def _ring(plan: Plan, first_port: int, tell: Tell) -> ReadyToRing:
    settings = load_settings()
    places = Places(first_port=first_port, root=settings.state_dir / "bench")

    def report(step: Step) -> None:
        tell(step.what)

    return asyncio.run(measure(settings, places, plan, tell=tell, report=report))


@contextmanager
def _telling() -> Iterator[Tell]:
    with Status("", console=Console(stderr=True)) as status:
        yield lambda news: status.update(f"{news} …")


def _print(measured: Any, *tables: Table, as_json: bool) -> None:
    if as_json:
        typer.echo(TypeAdapter(type(measured)).dump_json(measured, indent=2))
        return
    for table in tables:
        Console().print(table)
