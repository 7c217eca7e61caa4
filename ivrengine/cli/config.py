"""``ivrengine config``: every setting, its value in force, and where that came from."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ivrengine.config import Setting, config_file, effective, load_settings

app = typer.Typer()


@app.command()
def config(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    changed: Annotated[
        bool, typer.Option("--changed", help="Only what is not at its default.")
    ] = False,
) -> None:
    """Show every setting; secrets are masked."""
    rows = [
        entry for entry in effective(load_settings()) if not changed or entry.origin != "default"
    ]
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2))
    else:
        Console().print(_table(rows))


def _table(rows: list[Setting]) -> Table:
    table = Table(
        title=f"Settings (file: {config_file()}; variables: IVRENGINE_SECTION__KEY)",
        title_justify="left",
    )
    for column in ("key", "value", "from", "what it is"):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(row.key, row.value, row.origin, row.description)
    return table
