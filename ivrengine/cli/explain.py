"""``ivrengine explain``: why a call waits, or why it went where it went."""

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ivrengine.cli.api import connect, segment
from ivrengine.clock import MARKET_ZONE
from ivrengine.console.explanations import ExplanationShape, StandingShape

app = typer.Typer()


@app.command()
def explain(
    call: Annotated[str, typer.Argument(help="The call's id, as `ivrengine records` shows it.")],
    agents: Annotated[
        bool, typer.Option("--agents", help="List every agent of the queue with the reason.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say why a call waits, or why it went where it went."""
    told = connect().get(f"calls/{segment(call)}/explain", ExplanationShape)
    if as_json:
        typer.echo(told.model_dump_json(indent=2))
        return
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(told.call, style="bold"))
    for stage in told.way:
        console.print(Text.assemble((f"{_clock(stage.at)}  ", "dim"), stage.words))
    if told.standing is None:
        console.print("It neither waits nor speaks with anybody at this moment.")
        return
    for sentence in told.standing.sentences:
        console.print(sentence, markup=False)
    if agents:
        console.print(_agents(told.standing))


def _agents(standing: StandingShape) -> Table:
    table = Table(title="Agents of the queue", title_justify="left")
    for column in ("agent", "why not", "what is missing", "until"):
        table.add_column(column)
    for verdict in standing.agents:
        until = "" if verdict.until is None else _clock(verdict.until)
        reason = "could be offered it" if verdict.reason is None else verdict.reason
        table.add_row(verdict.agent, reason, verdict.missing, until)
    return table


def _clock(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(MARKET_ZONE):%H:%M:%S}"
