"""The same few callers at a dialplan and at the engine: figures of both, and nothing is left."""

import asyncio
from pathlib import Path

import pytest

from ivrengine.bench.calls.trial import CallsPlace, Watched, measure_calls
from ivrengine.config import load_settings
from ivrengine.load.plan import LoadPlan
from ivrengine.load.progress import Progress
from ivrengine.softswitch.local.network_ports import check_free, ports_of
from tests.kit.laid_out import lay_out
from tests.kit.processes import processes_of

pytestmark = [pytest.mark.functional, pytest.mark.timeout(300)]

FIRST_PORT = 15_000
"""Below the ports of the other tests' systems."""


async def test_callers_are_served_at_both_and_the_figures_stand_side_by_side(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    place = CallsPlace(first_port=FIRST_PORT, root=tmp_path)
    lay_out(Path(request.config.cache.mkdir("prompts")), place.prompts)
    settings, news, shown = load_settings(), list[str](), set[str]()

    async def show(progress: Progress) -> None:
        shown.add(progress.target)
        await asyncio.Event().wait()

    measured = await measure_calls(
        settings,
        place,
        LoadPlan(calls=8, minutes=0.1, rate_per_s=4.0, probes=2),
        Watched(tell=news.append, report=lambda step: None, show=show),
    )
    lines = {line.what: line for line in measured.lines}
    assert lines["calls up at once"].engine == lines["calls up at once"].rival == 8
    for what in ("INVITE → 200 OK, median", "key → next prompt, median", "both for 100 calls"):
        line = lines[what]
        assert line.engine is not None
        assert line.rival is not None
        assert line.ratio is not None
        assert line.rival > 0
    for count in ("calls refused", "wrong or missing prompts"):
        assert (lines[count].engine, lines[count].rival) == (0, 0)
    assert shown == {"engine", "Asterisk's dialplan and app_queue"}
    assert all((measured.reports / f"{of}.json").exists() for of in ("engine", "dialplan"))
    assert processes_of("IVRENGINE_STATE_DIR", str(tmp_path / "engine")) == []
    check_free(ports_of(place.rival.settings(settings.softswitch, ())))
