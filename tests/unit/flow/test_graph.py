"""Pictures of flows: what a drawing program would stumble over."""

import pytest

from ivrengine.flow.graph import dot, mermaid
from tests.kit.flows import flow_set, main_flow

pytestmark = pytest.mark.unit

FLOW = flow_set(
    main_flow("  first: {play: say.a, next: end}\n  end: {hang_up: say.bye}"),
).flows["main"]


def test_a_node_may_be_called_what_means_something_else_to_mermaid() -> None:
    lines = [line.strip() for line in mermaid(FLOW).splitlines()]
    assert 'end_(["end (hang_up)"])' in lines
    assert "first --> end_" in lines
    assert "end" not in {word for line in lines for word in line.split(" ")[::2]}


def test_dot_has_names_in_quotes() -> None:
    assert '"first" -> "end";' in dot(FLOW)
