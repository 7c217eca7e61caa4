"""A checkpoint survives the journal, whatever its variables hold."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.calls.checkpoints import checkpoint_from_json, checkpoint_to_json
from ivrengine.errors import Bug
from ivrengine.flow.effects import Checkpoint
from ivrengine.values import Language, Secret

pytestmark = pytest.mark.unit

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.times(),
    st.datetimes(),
)
CHECKPOINTS = st.builds(
    Checkpoint,
    frames=st.lists(st.tuples(st.text(), st.text(), st.text()), min_size=1).map(tuple),
    language=st.sampled_from(Language),
    variables=st.dictionaries(st.text(), VALUES),
)


@given(CHECKPOINTS)
def test_a_checkpoint_comes_back_as_it_was(checkpoint: Checkpoint) -> None:
    again = checkpoint_from_json(checkpoint_to_json(checkpoint))
    assert again == checkpoint
    for name, value in checkpoint.variables.items():
        assert type(again.variables[name]) is type(value)


def test_values_that_look_alike_keep_their_types() -> None:
    variables = {
        "price": Decimal("12.50"),
        "code": "600519",
        "day": date(2026, 11, 21),
        "moment": datetime(2026, 11, 21, 9, 30),  # noqa: DTZ001
        "opens": time(9, 30),
    }
    checkpoint = Checkpoint(
        frames=(("quotes", "abc", "menu"),), language=Language.ENGLISH, variables=variables
    )
    again = checkpoint_from_json(checkpoint_to_json(checkpoint))
    assert str(again.variables["price"]) == "12.50"
    assert again == checkpoint


def test_a_secret_never_reaches_the_journal() -> None:
    checkpoint = Checkpoint(
        frames=(("trading", "abc", "menu"),),
        language=Language.MANDARIN,
        variables={"pin": Secret("111222")},
    )
    with pytest.raises(Bug) as caught:
        checkpoint_to_json(checkpoint)
    assert "111222" not in str(caught.value)


@pytest.mark.parametrize(
    "noted",
    [
        {},
        {"frames": [["a", "b"]], "language": "zh", "variables": {}},
        {"frames": [["a", "b", "c"]], "language": "fr", "variables": {}},
        {"frames": [["a", "b", "c"]], "language": "zh", "variables": {"x": ["tuple", 1]}},
        {"frames": [["a", "b", "c"]], "language": "zh", "variables": {"x": 3}},
    ],
)
def test_what_is_no_checkpoint_is_refused(noted: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        checkpoint_from_json(noted)
