"""``ivrengine test-flows``: runs the tests that stand beside the flows, in virtual time."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ivrengine.bootstrap.flow_files import TESTS_FOLDER, business_lines, sources_in, surroundings_of
from ivrengine.config import load_settings
from ivrengine.errors import ConfigError
from ivrengine.flow.loader import load
from ivrengine.flow.rehearsal.coverage import Coverage, FlowCoverage
from ivrengine.flow.rehearsal.script import Verdict, perform
from ivrengine.flow.rehearsal.script_reader import read_tests
from ivrengine.flow.stepper import Stepper
from ivrengine.flow.surroundings import Surroundings

app = typer.Typer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """How the tests of one folder ended, and which ways they took."""

    folder: Path
    verdicts: tuple[Verdict, ...]
    taken: tuple[FlowCoverage, ...]


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
    results = [
        _tested(line, surroundings, only) for line in business_lines(folder or settings.dialplans)
    ]
    verdicts = [verdict for result in results for verdict in result.verdicts]
    if only and not verdicts:
        raise ConfigError(
            f"no test has {only!r} in its name", remedy="leave --only out to run all tests"
        )
    if as_json:
        listed = [_listed(result) for result in results]
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=2))
    else:
        for result in results:
            _show(result, missed=coverage)
    if not all(verdict.passed for verdict in verdicts):
        raise typer.Exit(1)


def _tested(folder: Path, surroundings: Surroundings, only: str) -> Tested:
    flows = load(sources_in(folder), surroundings)
    watched = Coverage(flows)
    stepper = Stepper(flows, watched.watch)
    tests = read_tests(sources_in(folder / TESTS_FOLDER))
    verdicts = tuple(perform(test, stepper) for test in tests if only in test.name)
    return Tested(folder=folder, verdicts=verdicts, taken=tuple(watched.report()))


def _show(result: Tested, *, missed: bool) -> None:
    console = Console(highlight=False, soft_wrap=True)
    verdicts, taken = result.verdicts, result.taken
    for verdict in verdicts:
        if not verdict.passed:
            test = verdict.test
            console.print(f"{test.file}:{verdict.line}: {test.name}: {verdict.fault}", markup=False)
            for line in verdict.transcript:
                console.print(f"    {line}", markup=False)
    passed = sum(verdict.passed for verdict in verdicts)
    ways, went = sum(each.ways for each in taken), sum(each.taken for each in taken)
    console.print(
        f"{result.folder}: {passed} of {len(verdicts)} tests passed, {went} of {ways} ways taken"
    )
    if missed:
        for flow in taken:
            for way in flow.missed:
                console.print(f"    not taken: {flow.flow}.{way}", markup=False)


def _listed(result: Tested) -> dict[str, object]:
    return {
        "folder": str(result.folder),
        "tests": [
            {
                "file": verdict.test.file,
                "line": verdict.line,
                "name": verdict.test.name,
                "passed": verdict.passed,
                "fault": verdict.fault,
            }
            for verdict in result.verdicts
        ],
        "coverage": [
            {"flow": each.flow, "taken": each.taken, "ways": each.ways, "missed": each.missed}
            for each in result.taken
        ],
    }
