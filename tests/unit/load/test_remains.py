"""What calls leave behind is told in words, and what comes and goes by itself is not."""

import pytest

from ivrengine.load.remains import Remains

pytestmark = pytest.mark.unit

BEFORE = Remains(
    in_hand={"channels": 0, "bridges": 0, "lines": 0},
    descriptors={"engine": 60, "asterisk": 120},
    tasks=40,
)


def after(
    *, channels: int = 0, engine_descriptors: int = 60, asterisk: int = 120, tasks: int = 40
) -> Remains:
    return Remains(
        in_hand={"channels": channels, "bridges": 0, "lines": 0},
        descriptors={"engine": engine_descriptors, "asterisk": asterisk},
        tasks=tasks,
    )


def test_a_system_that_is_as_it_was_has_nothing_left_over() -> None:
    assert after().beyond(BEFORE) == []


def test_a_channel_that_stayed_is_told() -> None:
    assert after(channels=2).beyond(BEFORE) == ["2 channels"]


def test_a_few_connections_kept_open_are_no_leftovers_but_many_descriptors_are() -> None:
    assert after(engine_descriptors=66, asterisk=125).beyond(BEFORE) == []
    assert after(asterisk=150).beyond(BEFORE) == ["30 descriptors of asterisk"]


def test_tasks_that_stayed_are_told() -> None:
    assert after(tasks=43).beyond(BEFORE) == []
    assert after(tasks=50).beyond(BEFORE) == ["10 tasks"]


def test_a_process_that_was_not_there_before_has_left_nothing() -> None:
    begun = Remains(in_hand={}, descriptors={"new": 500}, tasks=40)
    assert begun.beyond(BEFORE) == []
