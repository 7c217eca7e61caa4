"""``ivrengine engine``: the engine alone, beside an Asterisk that runs already."""

import asyncio
from typing import Annotated

import typer

from ivrengine.bootstrap.system import EngineProgram
from ivrengine.config import Settings, load_settings
from ivrengine.softswitch.local.supervisor import Supervisor
from ivrengine.softswitch.local.wording import in_words

app = typer.Typer()


@app.command()
def engine(
    keep_up: Annotated[
        bool,
        typer.Option("--keep-up", help="Start it anew whenever it ends or stands still."),
    ] = False,
) -> None:
    """Serve calls of the Asterisk of this state folder until SIGTERM; SIGHUP reloads files.

    With --keep-up, SIGHUP ends it as SIGTERM does, and `ivrengine reload` reloads files.
    """
    settings = load_settings()
    asyncio.run(_kept_up(settings) if keep_up else _served(settings))


async def _kept_up(settings: Settings) -> None:
    program = EngineProgram(settings, apart=True)
    await Supervisor([program], tell=lambda news: typer.echo(in_words(news))).run()


async def _served(settings: Settings) -> None:
    # Imported here because who only keeps an engine up should not be as large as the engine.
    from ivrengine.bootstrap.engine import run_engine

    await run_engine(settings)
