"""``ivrengine graph``: a flow as a picture, in Mermaid or DOT."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ivrengine.bootstrap.flow_files import business_lines, sources_in
from ivrengine.config import load_settings
from ivrengine.errors import ConfigError
from ivrengine.flow.findings import did_you_mean
from ivrengine.flow.graph import dot, mermaid
from ivrengine.flow.loader import load


class Form(StrEnum):
    """How the picture is written."""

    MERMAID = "mermaid"
    DOT = "dot"


app = typer.Typer()


@app.command()
def graph(
    flow: Annotated[str, typer.Argument(help="Name of the flow; all flows when left out.")] = "",
    folder: Annotated[
        Path | None, typer.Option(help="Folder of the flows; those in force when left out.")
    ] = None,
    form: Annotated[Form, typer.Option("--as", help="Mermaid or DOT.")] = Form.MERMAID,
) -> None:
    """Print a flow as a graph."""
    for line in business_lines(folder or load_settings().dialplans):
        flows = load(sources_in(line)).flows
        if flow and flow not in flows:
            hint = did_you_mean(flow, flows) or f"there are {', '.join(flows)}"
            raise ConfigError(f"there is no flow {flow} in {line}", remedy=hint)
        for drawn in [flows[flow]] if flow else flows.values():
            typer.echo(mermaid(drawn) if form is Form.MERMAID else dot(drawn), nl=False)
