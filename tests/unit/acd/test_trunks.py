"""Lines are seized once, given back once, and never more than there are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.trunks import Lines

pytestmark = pytest.mark.unit

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["seize", "release"]),
        st.sampled_from(["a", "b", "c", "d", "e"]),
        st.sampled_from(["main", "tollfree", "nowhere"]),
    )
)


@given(STEPS)
def test_lines_agree_with_a_plain_count(steps: list[tuple[str, str, str]]) -> None:
    capacity = {"main": 2, "tollfree": 1}
    lines = Lines(capacity)
    held: dict[str, str] = {}
    refused = dict.fromkeys(capacity, 0)
    for order, call, trunk in steps:
        if order == "release":
            lines.release(call)
            held.pop(call, None)
            continue
        free = list(held.values()).count(trunk) < capacity.get(trunk, 0)
        expected = call in held or free
        assert lines.seize(call, trunk, "ordinary") is expected
        if expected:
            held.setdefault(call, trunk)
        elif trunk in refused:
            refused[trunk] += 1
    for use in lines.usage():
        assert use.in_use == list(held.values()).count(use.trunk) <= use.lines
        assert sum(use.by_class.values()) == use.in_use
        assert use.refused == refused[use.trunk]


def test_usage_tells_classes_apart() -> None:
    lines = Lines({"main": 3})
    lines.seize("a", "main", "ordinary")
    lines.seize("b", "main", "trading")
    (use,) = lines.usage()
    assert use.by_class == {"ordinary": 1, "trading": 1}
