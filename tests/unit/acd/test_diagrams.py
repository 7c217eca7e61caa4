from pathlib import Path

import pytest

from acd.diagrams import pages

pytestmark = pytest.mark.unit

STATES = Path(__file__).parents[3] / "docs" / "states"


@pytest.mark.parametrize("page", pages())
def test_the_pages_of_states_show_the_tables_as_they_are(page: str) -> None:
    assert (STATES / page).read_text(encoding="utf-8") == pages()[page], (
        "write it again: python -m ivrengine.agents.draw_states docs/states"
    )
