"""Two loads side by side: each figure at both, their ratio, and what is not there."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivrengine.bench.calls.readouts import Readouts
from ivrengine.bench.calls.side_by_side import Line, side_by_side
from ivrengine.bench.calls.trial import CallsBench, CallsPlace
from ivrengine.cli import bench as command
from ivrengine.load.report.figures import figures_of
from ivrengine.load.report.result import LoadResult
from ivrengine.services.quotes.model import SecurityCode
from ivrengine.services.quotes.settings import QuoteSettings
from ivrengine.values import Language
from tests.kit.load_result import MACHINE, a_result

pytestmark = pytest.mark.unit


class StandingClock:
    """It is always the same moment."""

    def now(self) -> float:
        return 1_795_000_000.0


def without_engine(result: LoadResult) -> LoadResult:
    moments = tuple(
        replace(
            moment,
            engine=None,
            processes={name: use for name, use in moment.processes.items() if name != "engine"},
        )
        for moment in result.moments
    )
    return replace(result, moments=moments)


def lines() -> dict[str, Line]:
    engine, rival = a_result(), without_engine(a_result(seed=2))
    drawn = side_by_side(figures_of(engine), figures_of(rival))
    return {line.what: line for line in drawn}


def test_a_ratio_is_the_engines_figure_in_the_rivals() -> None:
    assert Line.of("a", "ms", engine=6.0, rival=2.0).ratio == 3.0
    assert Line.of("a", "ms", engine=6.0, rival=None).ratio is None
    assert Line.of("a", "calls", engine=0.0, rival=0.0).ratio is None


def test_delays_are_in_milliseconds_with_median_and_99_percent() -> None:
    heard = figures_of(a_result()).heard.digit_to_prompt
    assert heard is not None
    median, late = lines()["key → next prompt, median"], lines()["key → next prompt, 99 %"]
    assert (median.engine, late.engine) == (
        pytest.approx(heard.median_s * 1e3),
        pytest.approx(heard.p99_s * 1e3),
    )
    assert median.unit == "ms"
    assert median.ratio == pytest.approx(1, abs=0.3)


def test_what_both_cost_is_the_sum_and_the_rival_has_no_engine() -> None:
    table = lines()
    both, softswitch, engine = (
        table[f"{of} for 100 calls"] for of in ("both", "softswitch", "engine")
    )
    assert softswitch.engine is not None
    assert engine.engine is not None
    assert both.engine == pytest.approx(softswitch.engine + engine.engine)
    assert engine.rival is None
    assert both.rival == softswitch.rival
    assert engine.engine == pytest.approx(100 / 1600 * 100, rel=0.1)


def test_what_the_host_kept_from_each_is_told() -> None:
    table = lines()
    mean, worst = table["kept by the machine's host"], table["the same, worst second"]
    assert mean.engine == pytest.approx(2.2, abs=0.2)
    assert (worst.engine, worst.rival) == (pytest.approx(4), pytest.approx(4))


def test_the_rival_keeps_apart_from_the_engine_but_plays_its_prompts(tmp_path: Path) -> None:
    place = CallsPlace(first_port=22_000, root=tmp_path)
    own = place.rival
    assert own.state != tmp_path / "engine"
    assert own.prompts == tmp_path / "engine" / "prompts"
    assert own.first_port > 22_004
    assert own.media.last < 28_000


@pytest.mark.parametrize("language", list(Language))
async def test_a_read_out_is_that_of_the_flow(language: Language) -> None:
    readouts = Readouts(QuoteSettings(), StandingClock())
    prompts = await readouts.of(SecurityCode("600519"), language)
    assert prompts[0] == "security.600519"
    named = [prompt for prompt in prompts if prompt.startswith("quotes.")]
    assert [named[0], *named[2:]] == ["quotes.last", "quotes.high", "quotes.low", "quotes.as_of"]
    assert named[1] in ("quotes.up", "quotes.down", "quotes.flat")
    assert "600519" in readouts.codes


async def test_a_code_that_is_not_listed_is_not_told() -> None:
    readouts = Readouts(QuoteSettings(), StandingClock())
    assert await readouts.of(SecurityCode("999999"), Language.ENGLISH) == ()


def test_the_command_prints_both_with_the_ratio_and_says_how_to_repeat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def measured(plan: object, first_port: int) -> CallsBench:
        result = a_result()
        figures = figures_of(result)
        return CallsBench(
            plan=result.plan,
            machine=MACHINE,
            lines=side_by_side(figures, figures_of(without_engine(result))),
            reports=Path("/somewhere"),
        )

    monkeypatch.setattr(command, "_calls", measured)
    monkeypatch.setenv("COLUMNS", "200")
    plain = CliRunner().invoke(command.app, ["calls"])
    assert plain.exit_code == 0
    assert "key → next prompt, median" in plain.stdout
    assert "–" in plain.stdout
    assert "ivrengine bench calls --calls 480 --minutes 2 --probes 3 --seed 1" in plain.stdout
    printed = json.loads(CliRunner().invoke(command.app, ["calls", "--json"]).stdout)
    (median,) = [line for line in printed["lines"] if line["what"] == "INVITE → 200 OK, median"]
    assert median["ratio"] == 1.0
    assert median["unit"] == "ms"
