"""``ivrengine softswitch``: fetch Asterisk, run it alone, and look at a running one."""

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from ivrengine.config import Settings, load_settings
from ivrengine.errors import SwitchUnavailable
from ivrengine.softswitch.local.asterisk import LocalSoftswitch
from ivrengine.softswitch.local.debian.progress import PrintedLines, Report, Step
from ivrengine.softswitch.local.installation import Installation, fetch, fetch_test_tools
from ivrengine.softswitch.local.supervisor import Supervisor
from ivrengine.softswitch.local.wording import in_words

app = typer.Typer(help="Fetch, run and look at Asterisk.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchStatus:
    """What can be seen of a softswitch from outside."""

    version: str
    sip: str
    ari: str
    running: bool
    answering: bool
    uptime: str
    channels: str


@app.command("fetch")
def fetch_command(
    with_test_tools: Annotated[
        bool, typer.Option("--with-test-tools", help="Fetch SIPp and baresip too.")
    ] = False,
) -> None:
    """Have an Asterisk ready to run, downloading and unpacking it if there is none."""
    settings = load_settings().for_softswitch()
    with progress_shown() as report:
        found = fetch(settings, report)
        tools = fetch_test_tools(settings, report) if with_test_tools else None
    typer.echo(f"Asterisk {found.version}: {found.asterisk}")
    if tools is not None:
        typer.echo(f"SIPp: {tools.sipp}\nbaresip: {tools.baresip}")


@app.command("start")
def start_command() -> None:
    """Run Asterisk without the engine until Ctrl-C; callers hear the fallback."""
    settings = load_settings()
    switch = _softswitch(settings)
    supervisor = Supervisor([switch], tell=lambda news: typer.echo(in_words(news)))
    asyncio.run(supervisor.run())


@app.command("stop")
def stop_command() -> None:
    """Stop the Asterisk of this state folder now; under `ivrengine run` it is started again."""
    asyncio.run(_softswitch(load_settings()).command("core stop now"))
    typer.echo("Asterisk stops")


@app.command("status")
def status_command(as_json: AsJson = False) -> None:
    """Show whether Asterisk runs and answers; exit code 1 when it does not answer."""
    status = asyncio.run(_look(load_settings()))
    if as_json:
        typer.echo(json.dumps(asdict(status)))
    else:
        table = Table(show_header=False)
        for name, value in asdict(status).items():
            table.add_row(name, {True: "yes", False: "no"}.get(value, str(value)))
        Console().print(table)
    raise typer.Exit(0 if status.answering else 1)


@app.command("console")
def console_command() -> None:
    """Open Asterisk's own console on the running Asterisk."""
    switch = _softswitch(load_settings())
    arguments = switch.console_command()
    os.execv(arguments[0], arguments)


@contextmanager
def progress_shown() -> Iterator[Report]:
    """Show steps as bars on a terminal and as lines elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield PrintedLines(lambda line: typer.echo(line, err=True))
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f} {task.fields[unit]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bars:
        known: dict[str, TaskID] = {}

        def show(step: Step) -> None:
            if step.what not in known:
                known[step.what] = bars.add_task(step.what, total=step.total or 1, unit=step.unit)
            bars.update(known[step.what], completed=step.done)

        yield show


def _softswitch(settings: Settings) -> LocalSoftswitch:
    return LocalSoftswitch(
        settings.for_softswitch(), state_dir=settings.state_dir, installation=_installed(settings)
    )


def _installed(settings: Settings) -> Installation:
    with progress_shown() as report:
        return fetch(settings.for_softswitch(), report)


async def _look(settings: Settings) -> SwitchStatus:
    switch = _softswitch(settings)
    own = switch.settings
    uptime, channels = await _told(switch, "core show uptime"), ""
    if uptime:
        channels = await _told(switch, "core show channels count")
    return SwitchStatus(
        version=switch.installation.version,
        sip=f"{own.sip_address}:{own.sip_port}",
        ari=f"127.0.0.1:{own.http_port}",
        running=bool(uptime),
        answering=bool(uptime) and await switch.is_answering(),
        uptime=uptime,
        channels=channels,
    )


async def _told(switch: LocalSoftswitch, line: str) -> str:
    """Return the first line of what Asterisk prints, or nothing when it does not run."""
    try:
        printed = await switch.command(line)
    except SwitchUnavailable:
        return ""
    return printed.strip().partition("\n")[0]
