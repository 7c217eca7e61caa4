"""When an engine that was killed serves again: once it has answered in a reading since then."""

import time
from dataclasses import dataclass, field, replace

import pytest

from ivrengine.load.measures.moment import Moment
from ivrengine.load.progress import Progress
from ivrengine.load.report.result import Kind
from tests.kit.load_result import a_result

pytestmark = pytest.mark.unit

RESULT = a_result(hold_s=40)
KILLED_AT_S = 20.4


@dataclass
class Reading:
    """Stands in for the series: the newest moment only."""

    latest: Moment
    origin: float = field(default_factory=time.monotonic)


def progress(latest: Moment, *, killed_at_s: tuple[float, ...] = (KILLED_AT_S,)) -> Progress:
    return Progress(
        kind=Kind.SOAK,
        target="engine",
        plan=RESULT.plan,
        samples=Reading(latest),  # type: ignore[arg-type]
        crew=None,  # type: ignore[arg-type]
        probes=None,  # type: ignore[arg-type]
        readiness=None,  # type: ignore[arg-type]
        ends_at_s=60.0,
        killed_at_s=list(killed_at_s),
    )


def reading(at_s: float) -> Moment:
    return replace(RESULT.moments[30], at_s=at_s)


def test_an_engine_that_nobody_has_killed_serves() -> None:
    untouched = progress(replace(reading(21.0), engine=None), killed_at_s=())
    assert untouched.serves
    assert untouched.kills == 0


def test_what_it_said_before_it_was_killed_does_not_count() -> None:
    assert not progress(reading(KILLED_AT_S - 0.4)).serves


def test_it_serves_again_once_it_has_answered_since() -> None:
    assert progress(reading(KILLED_AT_S + 0.6)).serves


@pytest.mark.parametrize("silent", ["engine", "lines"])
def test_one_that_answers_in_part_is_still_starting(silent: str) -> None:
    half_there = replace(reading(KILLED_AT_S + 0.6), **{silent: None})
    assert not progress(half_there).serves


def test_the_last_of_several_kills_counts() -> None:
    again = progress(reading(KILLED_AT_S + 0.6), killed_at_s=(KILLED_AT_S, KILLED_AT_S + 9.0))
    assert not again.serves
    assert again.kills == 2
