"""The bench measures a real floor: the same each time, and busy with what it is meant to be."""

import json

import pytest
from typer.testing import CliRunner

from acd.events import LiveEvent, OfferAnswered, TimerExpired
from acd.model import ContactId
from ivrengine.bench.core import bench_core, polling_pass
from ivrengine.bench.floor import BusyFloor, FloorSize
from ivrengine.cli import bench as command

pytestmark = pytest.mark.unit

TINY = FloorSize(agents=20, queues=4, waiting=40, profiles=4, queues_of_each=2)
BIGGER = FloorSize(agents=60, queues=4, waiting=80, profiles=4, queues_of_each=2)


def happened(seed: int) -> list[LiveEvent]:
    return list(BusyFloor(TINY, seed=seed).events(400))


def test_the_same_seed_is_the_same_floor_and_another_is_not() -> None:
    assert happened(1) == happened(1)
    assert happened(1) != happened(2)


def test_a_floor_stays_as_busy_as_it_was_filled() -> None:
    floor = BusyFloor(TINY)
    kinds = {type(event) for event in floor.events(3000)}
    assert {OfferAnswered, TimerExpired} <= kinds
    assert floor.offers > floor.served > 0
    waiting = [visit for visit in floor.router.visits() if visit.joined_at is None]
    assert len(waiting) > TINY.waiting / 2


def test_every_event_is_timed_and_the_quantiles_are_in_order() -> None:
    measured = bench_core(500, small=TINY, large=BIGGER)
    for each in (measured.small, measured.large, measured.counted):
        assert each.events >= 500
        assert 0 < each.median_us <= each.p99_us <= each.p999_us <= each.worst_us
        assert each.events_per_s == pytest.approx(1e6 / each.mean_us)
    assert measured.large.size.agents == 60
    assert measured.counted.offers == measured.large.offers, "being counted changes nothing"
    assert measured.growth == pytest.approx(measured.large.mean_us / measured.small.mean_us)


def test_a_pass_of_polling_leaves_the_floor_as_it_is() -> None:
    floor = BusyFloor(TINY)
    before = floor.router.snapshot()
    assert polling_pass(floor.router) > 0
    assert floor.router.snapshot() == before
    assert floor.router.visit(ContactId("c1")) is not None


def test_the_command_prints_a_table_or_json(monkeypatch: pytest.MonkeyPatch) -> None:
    measured = bench_core(200, small=TINY, large=BIGGER)
    monkeypatch.setattr(command, "bench_core", lambda events, tell: measured)
    plain = CliRunner().invoke(command.app, ["core"])
    assert plain.exit_code == 0
    assert "events a second, large floor" in plain.stdout
    printed = CliRunner().invoke(command.app, ["core", "--json"])
    assert json.loads(printed.stdout)["large"]["size"]["agents"] == 60
