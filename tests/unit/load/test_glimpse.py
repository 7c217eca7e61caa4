"""What is told of a load while it goes, in one line."""

import time
from collections.abc import Iterable

import pytest

from ivrengine.load.glimpse import Glimpse, setups_per_s
from ivrengine.load.measures.moment import Moment
from ivrengine.load.progress import Progress
from ivrengine.load.report.result import Kind, Ring
from tests.kit.load_result import a_result

pytestmark = pytest.mark.unit


class Series:
    """Stands in for what a run takes: the readings of one that never happened."""

    def __init__(self, moments: Iterable[Moment]) -> None:
        self.moments = list(moments)
        self.origin = time.monotonic() - self.moments[-1].at_s

    @property
    def latest(self) -> Moment:
        return self.moments[-1]


class Rung:
    def __init__(self, rings: Iterable[Ring]) -> None:
        self.rings = list(rings)


def progress(*, until_s: float, rings: Iterable[Ring] = (), kills: int = 0) -> Progress:
    result = a_result(calls=480, hold_s=120)
    moments = [moment for moment in result.moments if moment.at_s <= until_s]
    return Progress(
        kind=Kind.FULL,
        target="engine",
        plan=result.plan,
        samples=Series(moments),  # type: ignore[arg-type]
        crew=None,  # type: ignore[arg-type]
        probes=None,  # type: ignore[arg-type]
        readiness=Rung(rings),  # type: ignore[arg-type]
        ends_at_s=until_s + 65,
        name="full",
        killed_at_s=[10.0 + n for n in range(kills)],
    )


def facts(of: Progress) -> dict[str, str]:
    return dict(Glimpse.of(of).facts)


def test_a_full_house_is_told_with_what_is_left_of_its_time() -> None:
    house = progress(until_s=30)
    assert Glimpse.of(house).title == "engine: full, 1:05 left"
    assert facts(house)["up"] == "480 of 480"


def test_an_engine_that_was_killed_is_told_of() -> None:
    assert "engine killed 3 times" in Glimpse.of(progress(until_s=30, kills=3)).title


def test_the_rate_of_set_up_is_that_of_the_last_seconds() -> None:
    filling = progress(until_s=7).samples.moments
    assert setups_per_s(filling) == pytest.approx(64, abs=5)
    assert setups_per_s(filling[:1]) == 0


def test_rings_are_told_with_those_that_did_not_come() -> None:
    rings = [Ring(at_s=1, took_s=0.01), Ring(at_s=2, took_s=0.02), Ring(at_s=3, took_s=None)]
    told = facts(progress(until_s=30, rings=rings))["ready to ringing"]
    assert told == "15 ms, 99 % 20 ms of 2, 1 kept still"


def test_before_anything_was_measured_there_is_a_line_all_the_same() -> None:
    line = Glimpse.of(progress(until_s=0)).line()
    assert line.startswith("engine: full, 1:05 left · up 0 of 480 · ")
    assert "ready to ringing none yet" in line
