"""``ivrengine test-flows``: runs the tests that stand beside the flows, in virtual time."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ivrengine.bootstrap.flow_files import TESTS_FOLDER, business_lines, sources_in, surroundings_of
from ivrengine.config import load_settings
from ivrengine.flow.loader import load
from ivrengine.flow.rehearsal.coverage import Coverage, FlowCoverage
from ivrengine.flow.rehearsal.script import Verdict, perform
from ivrengine.flow.rehearsal.script_reader import read_tests
from ivrengine.flow.stepper import Stepper
from ivrengine.flow.surroundings import Surroundings

app = typer.Typer()


@app.command()
def rehearse(
    folder: Annotated[
        Path | None, typer.Argument(help="Flows to test; those in force when left out.")
    ] = None,
    only: Annotated[str, typer.Option(help="Only tests whose name holds this.")] = "",
    coverage: Annotated[
        bool, typer.Option("--coverage", help="List the ways that no test has taken.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Act out the tests of the flows; a failed one prints what the caller heard."""
    settings = load_settings()
    surroundings = surroundings_of(settings)
    failed = False
    for line in business_lines(folder or settings.dialplans):
        verdicts, taken = _run(line, surroundings, only)
        failed = failed or not all(verdict.passed for verdict in verdicts)
        if as_json:
            typer.echo(_as_json(line, verdicts, taken))
        else:
            _show(line, verdicts, taken, missed=coverage)
    if failed:
        raise typer.Exit(1)


def _run(
    folder: Path, surroundings: Surroundings, only: str
) -> tuple[list[Verdict], list[FlowCoverage]]:
    flows = load(sources_in(folder), surroundings)
    watched = Coverage(flows)
    stepper = Stepper(flows, watched.watch)
    tests = read_tests(sources_in(folder / TESTS_FOLDER))
    verdicts = [perform(test, stepper) for test in tests if only in test.name]
    return verdicts, list(watched.report())


def _show(
    folder: Path, verdicts: list[Verdict], taken: list[FlowCoverage], *, missed: bool
) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for verdict in verdicts:
        if not verdict.passed:
            test = verdict.test
            console.print(f"{test.file}:{verdict.line}: {test.name}: {verdict.fault}", markup=False)
            for line in verdict.transcript:
                console.print(f"    {line}", markup=False)
    passed = sum(verdict.passed for verdict in verdicts)
    ways, went = sum(each.ways for each in taken), sum(each.taken for each in taken)
    console.print(
        f"{folder}: {passed} of {len(verdicts)} tests passed, {went} of {ways} ways taken"
    )
    if missed:
        for flow in taken:
            for way in flow.missed:
                console.print(f"    not taken: {flow.flow}.{way}", markup=False)


def _as_json(folder: Path, verdicts: list[Verdict], taken: list[FlowCoverage]) -> str:
    told = {
        "folder": str(folder),
        "tests": [
            {
                "file": verdict.test.file,
                "line": verdict.line,
                "name": verdict.test.name,
                "passed": verdict.passed,
                "fault": verdict.fault,
            }
            for verdict in verdicts
        ],
        "coverage": [
            {"flow": each.flow, "taken": each.taken, "ways": each.ways, "missed": each.missed}
            for each in taken
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)
