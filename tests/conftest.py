"""What every test is held to, and the figures that a run has measured."""

import asyncio
import gc
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from tests.kit.measures import Measures, table

KINDS = frozenset({"unit", "calls", "contract", "functional"})


# A busy machine makes any example slow; how fast things are is measured elsewhere.
settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ours")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuses a test that does not say of which kind it is; real processes get a second try."""
    for item in items:
        kinds = KINDS & {mark.name for mark in item.iter_markers()}
        if len(kinds) != 1:
            said = ", ".join(sorted(kinds)) or "none"
            raise pytest.UsageError(f"{item.nodeid} must have one of {sorted(KINDS)}, has {said}")
        if kinds & {"contract", "functional"}:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Collects no garbage while a failure is put into words.

    What is collected may have words of its own, such as a task that was destroyed; both read source
    with `ast.parse`, which in Python 3.11.7 does not bear to be entered twice (CPython's issue
    106905), and the SystemError would end the whole run.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what was measured, and which tests needed their second try, with what they said."""
    for report in terminalreporter.getreports("rerun"):
        terminalreporter.write_line(f"second try: {report.nodeid}: {_words_of(report)}")
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        if isinstance(report, pytest.TestReport) and report.when == "call"
    ]
    lines = list(table(reports))
    if lines:
        terminalreporter.section("measured")
        for line in lines:
            terminalreporter.write_line(line)


def _words_of(report: pytest.TestReport) -> str:
    """The first line of a failure that tells what was wrong."""
    said = (line[1:].strip() for line in report.longreprtext.splitlines() if line.startswith("E "))
    return next(said, "it did not say why")


@pytest.fixture
def measures(request: pytest.FixtureRequest) -> Measures:
    """Files figures: `measures.note("digit to prompt", seconds)`."""
    return Measures(request.node)


def pytest_sessionstart() -> None:
    """States that there is no event loop outside the tests.

    looptime asks for the current loop before plain functions too, and asyncio (Python 3.11) makes
    one for whoever asks first, which nobody closes.
    """
    asyncio.set_event_loop(None)
