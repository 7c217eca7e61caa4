"""The measurement beside app_queue, with few callers: both sides are there, and nothing is left."""

from pathlib import Path

import pytest

from ivrengine.bench.ready_to_ring.places import Places
from ivrengine.bench.ready_to_ring.trial import Plan, measure
from ivrengine.config import load_settings
from ivrengine.softswitch.local.network_ports import check_free, ports_of
from tests.kit.laid_out import lay_out
from tests.kit.processes import processes_of

pytestmark = [pytest.mark.functional, pytest.mark.timeout(240)]

FIRST_PORT = 23_000
"""Below the ports of the other tests' systems."""


async def test_either_side_is_rung_for_every_agent_who_becomes_ready(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    places = Places(first_port=FIRST_PORT, root=tmp_path)
    lay_out(Path(request.config.cache.mkdir("prompts")), places.engine_state / "prompts")
    news: list[str] = []
    settings = load_settings()
    measured = await measure(
        settings,
        places,
        Plan(waiting=5, samples=8, blocks=2),
        tell=news.append,
        report=lambda step: None,
    )
    for spread in (measured.engine, measured.app_queue):
        assert (spread.samples, spread.missed) == (8, 0)
        assert 0 < spread.median_ms <= spread.worst_ms
    turns = [line.removeprefix("5 callers call ") for line in news if line.startswith("5 callers")]
    assert turns == ["the engine", "app_queue", "app_queue", "the engine"]
    assert processes_of("IVRENGINE_STATE_DIR", str(places.engine_state)) == []
    check_free(ports_of(places.rival_settings(settings.softswitch)))
