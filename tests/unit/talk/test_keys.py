"""What an agent keys in a conversation, and what it is read as."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.calls.talk.keys import KeyedOrder, KeyReader, TalkKey, order_of
from ivrengine.calls.talk.orders import TalkVerb, Target, TargetKind
from ivrengine.calls.talk.settings import TalkSettings

pytestmark = pytest.mark.unit

SETTINGS = TalkSettings()
KEYS = "0123456789*#"


def read(keys: str, *, gap_s: float = 0.5) -> list[KeyedOrder]:
    """The orders that keys make which are pressed one after the other."""
    reader = KeyReader(pause_s=5.0)
    found = (reader.press(key, place * gap_s) for place, key in enumerate(keys))
    return [order for order in found if order is not None]


@pytest.mark.parametrize(
    ("keys", "orders"),
    [
        ("*1", [KeyedOrder(key=TalkKey.HOLD_OR_RETRIEVE)]),
        ("*28002#", [KeyedOrder(key=TalkKey.TRANSFER, target="8002")]),
        ("*3013800000002#", [KeyedOrder(key=TalkKey.CONSULT, target="013800000002")]),
        ("*2#", [KeyedOrder(key=TalkKey.TRANSFER)]),
        ("*280*28003#", [KeyedOrder(key=TalkKey.TRANSFER, target="8003")]),
        ("**1", [KeyedOrder(key=TalkKey.HOLD_OR_RETRIEVE)]),
        ("*0*4*5*6*7*8*9", [KeyedOrder(key=TalkKey(digit)) for digit in "456789"]),
        ("1#5", []),
        ("*0", []),
        ("*2" + "1" * 40 + "#", []),
    ],
)
def test_keys_are_read_as_orders(keys: str, orders: list[KeyedOrder]) -> None:
    assert read(keys) == orders


def test_a_long_pause_forgets_what_was_begun() -> None:
    assert read("*28002#", gap_s=6.0) == []
    assert read("*1", gap_s=6.0) == []


@given(st.text(KEYS, max_size=60))
def test_whatever_is_keyed_nothing_breaks_and_what_follows_a_star_and_one_is_a_hold(
    keys: str,
) -> None:
    assert read(keys + "*1")[-1] == KeyedOrder(key=TalkKey.HOLD_OR_RETRIEVE)


@pytest.mark.parametrize(
    ("keys", "target"),
    [
        ("8002", Target(kind=TargetKind.AGENT, name="8002")),
        ("1", Target(kind=TargetKind.QUEUE, name="trading")),
        ("9", Target(kind=TargetKind.MENU, name="")),
        ("013800000002", Target(kind=TargetKind.OUTSIDE, name="13800000002")),
        ("", None),
    ],
)
def test_digits_stand_for_agents_queues_menus_and_numbers_outside(
    keys: str, target: Target | None
) -> None:
    order = order_of(
        KeyedOrder(key=TalkKey.TRANSFER, target=keys),
        SETTINGS,
        on_hold=False,
        paused=False,
        recorded=False,
    )
    assert (order.verb, order.target) == (TalkVerb.TRANSFER, target)


def test_one_key_does_and_undoes() -> None:
    keys = (TalkKey.HOLD_OR_RETRIEVE, TalkKey.PAUSE_OR_RECORD, TalkKey.START_OR_STOP_RECORDING)
    verbs = [
        order_of(KeyedOrder(key=key), SETTINGS, on_hold=done, paused=done, recorded=done).verb
        for key in keys
        for done in (False, True)
    ]
    assert verbs == [
        TalkVerb.HOLD,
        TalkVerb.RETRIEVE,
        TalkVerb.PAUSE_RECORDING,
        TalkVerb.RESUME_RECORDING,
        TalkVerb.START_RECORDING,
        TalkVerb.STOP_RECORDING,
    ]
