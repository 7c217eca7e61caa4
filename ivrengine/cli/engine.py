"""``ivrengine engine``: the engine alone, beside an Asterisk that runs already."""

import asyncio

import typer

from ivrengine.bootstrap.engine import run_engine
from ivrengine.config import load_settings

app = typer.Typer()


@app.command()
def engine() -> None:
    """Serve calls of the Asterisk of this state folder until SIGTERM; SIGHUP reloads files."""
    asyncio.run(run_engine(load_settings()))
