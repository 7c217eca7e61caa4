"""Reading what Asterisk sends, whatever it sends."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.softswitch.ari import events as ari

pytestmark = pytest.mark.unit

CHANNEL = {
    "id": "1795298388.0",
    "name": "PJSIP/carrier-00000000",
    "state": "Ring",
    "caller": {"name": "", "number": "13900000001"},
    "dialplan": {
        "exten": "952588",
        "app_name": "Stasis",
        "app_data": "ivrengine,inbound,main",
    },
}
START = {
    "type": "StasisStart",
    "timestamp": "2026-11-21T21:59:48.066+0000",
    "args": ["inbound", "main"],
    "channel": CHANNEL,
}
PLAYBACK = {"id": "pb1", "target_uri": "channel:1795298388.0", "state": "playing"}
RECORDING = {"name": "r1", "target_uri": "channel:1795298388.0", "duration": 3}

WHOLE = [
    START,
    {"type": "StasisEnd", "channel": CHANNEL},
    {"type": "ChannelStateChange", "channel": CHANNEL},
    {"type": "Dial", "dialstatus": "RINGING", "peer": CHANNEL},
    {"type": "ChannelHangupRequest", "channel": CHANNEL, "soft": True, "cause": 32},
    {"type": "ChannelDestroyed", "channel": CHANNEL, "cause": 17},
    {"type": "ChannelDtmfReceived", "channel": CHANNEL, "digit": "5", "duration_ms": 120},
    {"type": "PlaybackStarted", "playback": PLAYBACK},
    {"type": "PlaybackFinished", "playback": PLAYBACK},
    {"type": "RecordingFinished", "recording": RECORDING},
    {"type": "RecordingFailed", "recording": RECORDING},
    {"type": "ApplicationRegistered"},
    {"type": "ApplicationReplaced"},
]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def read(event: Mapping[str, object]) -> ari.AriEvent | None:
    return ari.read_event(json.dumps(event))


@pytest.mark.parametrize("event", WHOLE, ids=lambda event: event["type"])
def test_every_kind_that_is_used_is_read_as_itself(event: Mapping[str, object]) -> None:
    assert type(read(event)).__name__ == event["type"]


def test_an_arrival_keeps_who_called_whom() -> None:
    event = read(START)
    assert isinstance(event, ari.StasisStart)
    assert event.channel.caller.number == "13900000001"
    assert event.channel.dialplan.exten == "952588"
    assert event.args == ("inbound", "main")
    assert event.stamped_at() == pytest.approx(1795298388.066)


@pytest.mark.parametrize("kind", sorted(ari.UNUSED))
def test_kinds_without_use_are_passed_over(kind: str) -> None:
    assert read({"type": kind, "channel": None}) is None


def test_a_kind_that_nobody_knows_is_named() -> None:
    with pytest.raises(ari.UnknownKind, match="ChannelBlessed"):
        read({"type": "ChannelBlessed"})


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[]", "7", '"text"', "{}", '{"type": null}', '{"type": 7}', "\ud800"]
)
def test_what_is_no_event_is_unreadable(text: str) -> None:
    with pytest.raises(ari.Unreadable):
        ari.read_event(text)


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({"type": "StasisStart", "args": []}, "channel"),
        ({"type": "StasisStart", "args": [], "channel": {}}, "channel.id"),
        ({"type": "StasisStart", "args": [], "channel": {"id": ""}}, "channel.id"),
        ({"type": "StasisStart", "args": [], "channel": {"id": 7}}, "channel.id"),
        ({"type": "StasisStart", "args": "inbound", "channel": CHANNEL}, "args"),
        ({"type": "ChannelDtmfReceived", "channel": CHANNEL}, "digit"),
        ({"type": "PlaybackFinished", "playback": None}, "playback"),
        ({"type": "RecordingFinished", "recording": {"name": None}}, "recording.name"),
    ],
)
def test_an_event_without_what_it_needs_is_unreadable_and_says_what(
    event: Mapping[str, object], field: str
) -> None:
    with pytest.raises(ari.Unreadable, match=field.replace(".", r"\.")):
        read(event)


@pytest.mark.parametrize("nonsense", [None, 7, [], "text", {"number": None}, {"number": 5}])
def test_a_caller_is_served_even_if_nothing_of_them_can_be_read(nonsense: object) -> None:
    event = read({**START, "channel": {**CHANNEL, "caller": nonsense}})
    assert isinstance(event, ari.StasisStart)
    assert event.channel.caller.number == ""


@pytest.mark.parametrize("nonsense", [None, "120", True, [], 10**400, -(10**12), 1.5])
def test_a_number_that_is_none_counts_as_nothing(nonsense: object) -> None:
    event = read(
        {"type": "ChannelDtmfReceived", "channel": CHANNEL, "digit": "5", "duration_ms": nonsense}
    )
    assert isinstance(event, ari.ChannelDtmfReceived)
    assert event.duration_ms == 0


@pytest.mark.parametrize("stamp", [None, "", "yesterday", 7, "2026-13-45T99:99:99+0000"])
def test_a_time_that_is_none_is_not_made_up(stamp: object) -> None:
    event = read({**START, "timestamp": stamp})
    assert isinstance(event, ari.StasisStart)
    assert event.stamped_at() is None


@given(text=st.text())
def test_no_text_makes_the_reader_fail_otherwise(text: str) -> None:
    with pytest.raises((ari.Unreadable, ari.UnknownKind)):
        ari.read_event(text)


@given(
    event=st.sampled_from(WHOLE),
    spoiled=st.dictionaries(
        st.sampled_from(["channel", "args", "digit", "playback", "peer", "cause", "timestamp"]),
        json_values,
    ),
)
def test_no_spoiled_field_makes_the_reader_fail_otherwise(
    event: Mapping[str, object], spoiled: Mapping[str, object]
) -> None:
    try:
        found = read({**event, **spoiled})
    except ari.Unreadable:
        return
    assert type(found).__name__ == event["type"]


@given(spoiled=st.dictionaries(st.sampled_from(sorted(CHANNEL)), json_values))
def test_no_spoiled_channel_makes_the_reader_fail_otherwise(spoiled: Mapping[str, object]) -> None:
    try:
        found = read({**START, "channel": {**CHANNEL, **spoiled}})
    except ari.Unreadable:
        return
    assert isinstance(found, ari.StasisStart)
    assert found.channel.id
