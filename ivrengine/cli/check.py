"""``ivrengine check``: are all files of operators right, and do they fit together?"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ivrengine.agents.licences import today
from ivrengine.bootstrap.checking import CheckedFiles, check_files, read_roster_files
from ivrengine.bootstrap.flow_files import (
    business_lines,
    catalogue_of,
    sources_in,
    surroundings_of,
)
from ivrengine.clock import SteadyClock
from ivrengine.config import load_settings
from ivrengine.flow.findings import Finding
from ivrengine.flow.linter import Surroundings, lint
from ivrengine.flow.loader import read
from ivrengine.flow.model import FlowSet

app = typer.Typer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found in one folder or file; ``version`` is that of flows that can be used."""

    folder: str
    contents: str
    version: str
    flows: int
    nodes: int
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...] = ()


@app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="Flows to check; those in force when left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check flows together with prompts, actions and queues, then agents, queues and lines."""
    settings = load_settings()
    catalogue = catalogue_of(settings)
    roster = read_roster_files(settings, catalogue)
    surroundings = surroundings_of(settings, roster.queue_names)
    results = [
        _checked(line, surroundings) for line in business_lines(folder or settings.dialplans)
    ]
    results += [
        _result(files)
        for files in check_files(settings, catalogue, roster, day=today(SteadyClock()))
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
    count = len(flows.flows) if flows else 0
    nodes = sum(len(flow.nodes) for flow in flows.flows.values()) if flows else 0
    version = _version(flows, findings)
    return Checked(
        folder=str(folder),
        contents=f"{count} flows, {nodes} nodes, version {version}",
        version=version,
        flows=count,
        nodes=nodes,
        findings=tuple(sorted(set(findings))),
    )


def _from_here(where: Path) -> Path:
    here = Path.cwd()
    return where.relative_to(here) if where.is_relative_to(here) else where


def _result(files: CheckedFiles) -> Checked:
    return Checked(
        folder=str(_from_here(files.where)),
        contents=files.contents,
        version="",
        flows=0,
        nodes=0,
        findings=files.findings,
        warnings=files.warnings,
    )


def _version(flows: FlowSet | None, findings: list[Finding]) -> str:
    return "" if flows is None or findings else flows.short_version


def _show(results: list[Checked]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for result in results:
        for finding in result.findings:
            console.print(str(finding), markup=False)
        for warning in result.warnings:
            console.print(f"warning: {warning}", markup=False)
        if result.findings:
            count = len(result.findings)
            console.print(f"{result.folder}: {count} finding{'s' if count > 1 else ''}")
        else:
            console.print(f"{result.folder}: {result.contents}, nothing to find")
