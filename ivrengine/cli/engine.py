"""``ivrengine engine``: the engine alone, beside an Asterisk that runs already."""

import asyncio
import importlib
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final

import typer

from ivrengine.bootstrap.system import ENGINE_SERVES, ENGINE_WAITS, EngineProgram
from ivrengine.config import Settings, load_settings
from ivrengine.softswitch.local.supervisor import Supervisor
from ivrengine.softswitch.local.wording import in_words

app = typer.Typer()

_ENGINE: Final = "ivrengine.bootstrap.engine"


@app.command()
def engine(
    keep_up: Annotated[
        bool,
        typer.Option("--keep-up", help="Start it anew whenever it ends or stands still."),
    ] = False,
    when_told: Annotated[
        bool,
        typer.Option(
            "--when-told",
            hidden=True,
            help="Load the program, then wait for a line on standard input, or end without one.",
        ),
    ] = False,
) -> None:
    """Serve calls of the Asterisk of this state folder until SIGTERM; SIGHUP reloads files.

    With --keep-up, SIGHUP ends it as SIGTERM does, and `ivrengine reload` reloads files.
    """
    if when_told and not _is_told():
        return
    settings = load_settings()
    if keep_up:
        asyncio.run(_kept_up(settings))
    else:
        _be_called(ENGINE_SERVES)
        asyncio.run(_served(settings))


def _is_told() -> bool:
    """Load what an engine needs, then wait to be told to begin; False when nobody will."""
    importlib.import_module(_ENGINE)
    _be_called(ENGINE_WAITS)
    return bool(sys.stdin.readline())


def _be_called(name: str) -> None:
    """Take the name under which the kernel lists this process (proc(5), comm)."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(name, encoding="ascii")


async def _kept_up(settings: Settings) -> None:
    program = EngineProgram(settings, apart=True)
    await Supervisor([program], tell=lambda news: typer.echo(in_words(news))).run()


async def _served(settings: Settings) -> None:
    # Imported here because who only keeps an engine up should not be as large as the engine.
    from ivrengine.bootstrap.engine import run_engine

    await run_engine(settings)
