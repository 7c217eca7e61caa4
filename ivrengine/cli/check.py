"""``ivrengine check``: are the flows right, and the prompts, agents and queues they rely on?"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ivrengine.bootstrap.flow_files import business_lines, sources_in, surroundings_of
from ivrengine.config import load_settings
from ivrengine.flow.findings import Finding
from ivrengine.flow.linter import Surroundings, lint
from ivrengine.flow.loader import read
from ivrengine.flow.model import FlowSet

app = typer.Typer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found in one folder; ``version`` is empty when it cannot be used."""

    folder: str
    version: str
    flows: int
    nodes: int
    findings: tuple[Finding, ...]


@app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="Flows to check; those in force when left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check flow files together with the prompts, actions and queues that they name."""
    settings = load_settings()
    surroundings = surroundings_of(settings)
    results = [
        _checked(line, surroundings) for line in business_lines(folder or settings.dialplans)
    ]
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in results], ensure_ascii=False, indent=2))
    else:
        _show(results)
    if any(each.findings for each in results):
        raise typer.Exit(1)


def _checked(folder: Path, surroundings: Surroundings) -> Checked:
    flows, findings = read(sources_in(folder))
    if flows is not None:
        findings = lint(flows, surroundings)
    return Checked(
        folder=str(folder),
        version=_version(flows, findings),
        flows=len(flows.flows) if flows else 0,
        nodes=sum(len(flow.nodes) for flow in flows.flows.values()) if flows else 0,
        findings=tuple(sorted(set(findings))),
    )


def _version(flows: FlowSet | None, findings: list[Finding]) -> str:
    return "" if flows is None or findings else flows.short_version


def _show(results: list[Checked]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for result in results:
        for finding in result.findings:
            console.print(str(finding), markup=False)
        if result.findings:
            count = len(result.findings)
            console.print(f"{result.folder}: {count} finding{'s' if count > 1 else ''}")
        else:
            size = f"{result.flows} flows, {result.nodes} nodes"
            console.print(f"{result.folder}: {size}, version {result.version}, nothing to find")
