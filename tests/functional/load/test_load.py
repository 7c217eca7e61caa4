"""Small loads of whole systems: what is tallied and reported, and that nothing is left of them."""

import asyncio
import json
import signal
from collections import Counter
from pathlib import Path

import pytest

from ivrengine.config import load_settings
from ivrengine.load.plan import LoadPlan
from ivrengine.load.progress import Progress
from ivrengine.load.report.figures import figures_of
from ivrengine.load.report.result import Kind, LoadResult
from ivrengine.load.report.writing import write_report
from ivrengine.load.run import Offer, Show
from ivrengine.load.whole import OwnSystem, load_engine
from tests.kit.laid_out import lay_out
from tests.kit.processes import processes_of

pytestmark = [pytest.mark.functional, pytest.mark.timeout(300)]

FIRST_PORTS = {Kind.FULL: 10_000, Kind.OVERLOAD: 16_000, Kind.SOAK: 4_000}
"""Below the ports of the other tests' systems."""

EIGHT_LINES = """\
groups:
  - name: main
    lines: 8
    classes:
      trading: {leaves_free: 0}
      registered: {leaves_free: 2}
      ordinary: {leaves_free: 4}
    refused: {answer: 503}
"""
FEW_CUSTOMERS = """\
customers: {trading: 10, registered: 10, ordinary: 80}
again_after_s: 1-2
listens_s: 1-2
kinds:
  - {name: quote, share: 90, path: "1 11 600519", stays_s: 6-8}
  - name: person
    share: 10
    steps:
      - {listens: 1-2}
      - {presses: "1"}
      - {listens: 1-2}
      - {presses: "00"}
      - {waits_for_agent: 20}
      - {talks: 2-4}
"""


PATIENT = """\
customers: {trading: 10, registered: 10, ordinary: 80}
again_after_s: 1-2
listens_s: 1-2
kinds:
  - name: one quote after the other
    share: 70
    steps:
      - {listens: 1-2}
      - {presses: "1"}
      - {listens: 1-2}
      - {presses: "11"}
      - {listens: 1-2}
      - {presses: "600519"}
      - {listens: 26-30}
      - {presses: "1600519"}
      - {listens: 26-30}
      - {presses: "1600519"}
      - {listens: 26-30}
  - name: person
    share: 30
    steps:
      - {listens: 1-2}
      - {presses: "1"}
      - {listens: 1-2}
      - {presses: "00"}
      - {waits_for_agent: 90}
      - {talks: 60-80}
"""
"""They are there from before the first kill until after the last, however slow the machine is."""


async def unseen(_: Progress) -> None:
    """Nobody looks at how it goes."""


async def run(
    cache: pytest.Cache, root: Path, offer: Offer, *, lines: Path | None = None, show: Show = unseen
) -> LoadResult:
    lay_out(Path(cache.mkdir("prompts")), root / "engine" / "prompts")
    system = OwnSystem(root=root, first_port=FIRST_PORTS[offer.kind], lines=lines)
    offer.folder.mkdir()
    result = await load_engine(load_settings(), system, offer, show=show)
    assert processes_of("IVRENGINE_STATE_DIR", str(root / "engine")) == []
    return result


def small_plan(
    root: Path, *, calls: int, hold_s: float, probes: int = 0, mix: str = FEW_CUSTOMERS
) -> LoadPlan:
    return LoadPlan(
        calls=calls,
        minutes=hold_s / 60,
        rate_per_s=calls,
        probes=probes,
        mix=written(root, "mix.yaml", mix),
    )


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def reasons(result: LoadResult) -> Counter[str]:
    failed: Counter[str] = Counter()
    for tallied in result.tallies.values():
        failed.update(tallied.failed)
    return failed


def most_lines(result: LoadResult, trunk: str) -> int:
    return max(moment.lines[trunk] for moment in result.moments if moment.lines)


async def test_a_dozen_calls_are_held_up_and_leave_nothing_behind(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    plan = small_plan(tmp_path, calls=12, hold_s=12, probes=1)
    offer = Offer(plan=plan, folder=tmp_path / "report")
    result = await run(request.config.cache, tmp_path, offer)
    assert reasons(result) == {}
    assert max(moment.up for moment in result.moments) == 12
    counts = [tallied.counts for tallied in result.tallies.values()]
    assert sum(count.placed for count in counts) == sum(count.completed for count in counts) > 12
    assert result.leftovers == ()
    assert set(result.shortcomings) == {"skipped beats", "lost packets"}
    assert [phase.name for phase in result.phases if phase.steady] == ["quarter", "half", "full"]
    assert most_lines(result, "main") >= 10
    assert most_lines(result, "tollfree") >= 1
    present = set().union(*(moment.processes for moment in result.moments))
    assert present == {"engine", "asterisk", "SIPp", "sound", "agents", "probes", "measuring"}
    assert result.probe_calls[0].digit_to_prompt_s
    write_report(result, offer.folder)
    assert json.loads((offer.folder / "report.json").read_text())["plan"]["calls"] == 12
    assert (offer.folder / "report.html").stat().st_size > 1000


async def test_more_callers_than_lines_are_refused_and_those_inside_served(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    plan = small_plan(tmp_path, calls=8, hold_s=8)
    offer = Offer(plan=plan, folder=tmp_path / "report", kind=Kind.OVERLOAD)
    result = await run(
        request.config.cache,
        tmp_path,
        offer,
        lines=written(tmp_path, "lines.yaml", EIGHT_LINES),
    )
    assert reasons(result) == {}
    assert result.leftovers == ()
    refused = Counter[int]()
    for tallied in result.tallies.values():
        refused.update(tallied.refused)
    assert set(refused) == result.refused_with == {503}
    assert 4 <= most_lines(result, "main") <= 8
    before, wave, after = figures_of(result).stretches
    assert (before.name, wave.name, after.name) == ("before the wave", "wave", "after the wave")
    assert wave.refused_per_s > 0
    assert (before.failed, wave.failed, after.failed) == (0, 0, 0)


async def test_an_engine_that_is_killed_loses_no_call_and_a_run_can_be_ended(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    plan = small_plan(tmp_path, calls=6, hold_s=600, mix=PATIENT)
    offer = Offer(plan=plan, folder=tmp_path / "report", kind=Kind.SOAK, kill_every_s=6)
    result = await run(request.config.cache, tmp_path, offer, show=end_after_two_kills)
    assert result.interrupted
    assert result.kills == 2
    assert reasons(result) == {}
    assert {moment.engine is None for moment in result.moments} == {True, False}
    assert result.leftovers == ()


async def end_after_two_kills(progress: Progress) -> None:
    while progress.kills < 2 or not progress.serves:  # noqa: ASYNC110 - nobody tells of kills
        await asyncio.sleep(0.2)
    signal.raise_signal(signal.SIGINT)
