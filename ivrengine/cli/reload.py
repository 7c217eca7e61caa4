"""``ivrengine reload``: put edited files in force without dropping anybody."""

from typing import Annotated

import typer
from rich.console import Console

from ivrengine.cli.api import connect
from ivrengine.console.operators_api import ChangesShape

app = typer.Typer()


@app.command()
def reload(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read flows, agents, queues, calendars, lines and customers again; all of them, or none."""
    answer = connect().post("reload", ChangesShape, {})
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    console = Console(highlight=False, soft_wrap=True)
    for change in answer.changes:
        console.print(change.words, markup=False)
    if not answer.changed:
        console.print("nothing changed: all files are in force as they are")
