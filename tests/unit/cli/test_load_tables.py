"""What `ivrengine load` prints beside the verdict."""

from dataclasses import replace

import pytest

from ivrengine.cli.load_tables import others_line, pace_line
from tests.kit.load_result import a_result

pytestmark = pytest.mark.unit


def test_what_else_used_the_processors_is_told() -> None:
    told = others_line(a_result())
    assert told.startswith("what else used the processors: 0.0")
    assert told.endswith("of them the host of this machine, 0.04 at worst")


def test_what_was_not_read_is_not_known() -> None:
    result = a_result()
    unread = tuple(replace(moment, stolen_cores=None) for moment in result.moments)
    assert others_line(replace(result, moments=unread)).endswith("not known")


def test_how_fast_the_processors_were_is_told() -> None:
    result = a_result()
    assert pace_line(result).endswith("took 1.00 ms, 95 % of the time less than 1.50")
    unread = tuple(replace(moment, fixed_s=None) for moment in result.moments)
    assert pace_line(replace(result, moments=unread)).endswith("not known")
