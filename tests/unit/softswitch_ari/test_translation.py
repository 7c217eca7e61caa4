"""What ARI's events mean: each leg's story in order, one end, and nothing after it."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.softswitch.ari import events as ari
from ivrengine.softswitch.ari.observers import DropCause
from ivrengine.softswitch.ari.translation import Translator
from ivrengine.telephony import (
    DigitPressed,
    HangUpCause,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegEvent,
    LegHeld,
    LegId,
    LegRetrieved,
    LegRinging,
    LegRole,
    PlaybackFinished,
    PlaybackId,
    PlaybackStarted,
    RecordingFinished,
    RecordingName,
)
from ivrengine.values import PhoneNumber

pytestmark = pytest.mark.unit

LEG = LegId("leg")
NOW = 1000.0


class Desk:
    """A translator, what it said, and what it dropped."""

    def __init__(self) -> None:
        self.dropped: list[DropCause] = []
        self.translator = Translator(self.dropped.append)
        self.said: list[LegEvent] = []

    def hears(self, *events: ari.AriEvent) -> list[LegEvent]:
        fresh = [said for event in events for said in self.translator.translate(event, NOW)]
        self.said.extend(fresh)
        return fresh


@pytest.fixture
def desk() -> Desk:
    return Desk()


def channel(state: str = "Up", leg: str = LEG) -> ari.Channel:
    return ari.Channel(
        id=leg,
        state=state,
        caller=ari.Party(number="13900000001"),
        dialplan=ari.Place(exten="952588"),
    )


def start(*args: str, leg: str = LEG) -> ari.StasisStart:
    return ari.StasisStart(type="StasisStart", channel=channel("Ring", leg), args=args)


def end(leg: str = LEG) -> ari.StasisEnd:
    return ari.StasisEnd(type="StasisEnd", channel=channel(leg=leg))


def hang_up(cause: int = 0, *, soft: bool = False, leg: str = LEG) -> ari.ChannelHangupRequest:
    return ari.ChannelHangupRequest(
        type="ChannelHangupRequest", channel=channel(leg=leg), cause=cause, soft=soft
    )


def destroyed(cause: int, leg: str = LEG) -> ari.ChannelDestroyed:
    return ari.ChannelDestroyed(type="ChannelDestroyed", channel=channel(leg=leg), cause=cause)


def rings(leg: str = LEG) -> ari.ChannelStateChange:
    return ari.ChannelStateChange(type="ChannelStateChange", channel=channel("Ringing", leg))


def dial_rings(leg: str = LEG) -> ari.Dial:
    return ari.Dial(type="Dial", peer=channel("Ringing", leg), dialstatus="RINGING")


def key(digit: str, duration_ms: int = 100, leg: str = LEG) -> ari.ChannelDtmfReceived:
    return ari.ChannelDtmfReceived(
        type="ChannelDtmfReceived", channel=channel(leg=leg), digit=digit, duration_ms=duration_ms
    )


def playback(name: str = "pb1", state: str = "playing", leg: str = LEG) -> ari.Playback:
    return ari.Playback(id=name, target_uri=f"channel:{leg}", state=state)


def started(name: str = "pb1", leg: str = LEG) -> ari.PlaybackStarted:
    return ari.PlaybackStarted(type="PlaybackStarted", playback=playback(name, leg=leg))


def finished(name: str = "pb1", state: str = "done", leg: str = LEG) -> ari.PlaybackFinished:
    return ari.PlaybackFinished(type="PlaybackFinished", playback=playback(name, state, leg))


def ended(cause: HangUpCause, *, by_far_end: bool) -> LegEnded:
    return LegEnded(leg=LEG, cause=cause, by_far_end=by_far_end, at=NOW)


def test_a_callers_leg_arrives_with_its_trunk(desk: Desk) -> None:
    assert desk.hears(start("inbound", "main")) == [
        LegArrived(
            leg=LEG,
            role=LegRole.CALLER,
            caller=PhoneNumber("13900000001"),
            dialled="952588",
            trunk="main",
            at=NOW,
        )
    ]


def test_an_agents_telephone_arrives_with_its_agent(desk: Desk) -> None:
    (arrived,) = desk.hears(start("agent", "8001"))
    assert isinstance(arrived, LegArrived)
    assert (arrived.role, arrived.agent) == (LegRole.AGENT_PHONE, "8001")


def test_a_leg_that_enters_twice_arrives_once(desk: Desk) -> None:
    desk.hears(start("inbound", "main"))
    assert desk.hears(start("inbound", "main")) == []
    assert desk.dropped == [DropCause.DUPLICATE]


@pytest.mark.parametrize("args", [(), ("inbound",), ("stranger", "x"), ("inbound", "main", "x")])
def test_arguments_that_are_not_ours_are_counted(desk: Desk, args: tuple[str, ...]) -> None:
    assert desk.hears(start(*args)) == []
    assert desk.dropped == [DropCause.UNEXPECTED]


def test_ringing_is_told_once_by_whichever_event_comes_first(desk: Desk) -> None:
    assert desk.hears(dial_rings(), rings()) == [LegRinging(leg=LEG, at=NOW)]
    other = Desk()
    assert other.hears(rings(), dial_rings()) == [LegRinging(leg=LEG, at=NOW)]


def test_an_ordered_leg_is_answered_when_it_enters(desk: Desk) -> None:
    up = ari.ChannelStateChange(type="ChannelStateChange", channel=channel("Up"))
    assert desk.hears(rings(), up, start("ordered", LEG)) == [
        LegRinging(leg=LEG, at=NOW),
        LegAnswered(leg=LEG, at=NOW),
    ]


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (17, HangUpCause.BUSY),
        (21, HangUpCause.REJECTED),
        (19, HangUpCause.NO_ANSWER),
        (20, HangUpCause.UNREACHABLE),
        (34, HangUpCause.CONGESTION),
        (127, HangUpCause.FAILED),
    ],
)
def test_a_refused_leg_ends_with_the_far_ends_cause(
    desk: Desk, code: int, cause: HangUpCause
) -> None:
    said = desk.hears(rings(), hang_up(code), destroyed(code))
    assert said[1:] == [ended(cause, by_far_end=True)]


def test_a_leg_that_nobody_answers_is_not_ended_by_the_far_end(desk: Desk) -> None:
    assert desk.hears(rings(), destroyed(19))[1:] == [
        ended(HangUpCause.NO_ANSWER, by_far_end=False)
    ]


def test_a_callers_hang_up_ends_the_leg(desk: Desk) -> None:
    said = desk.hears(start("inbound", "main"), hang_up(), end())
    assert said[1:] == [ended(HangUpCause.NORMAL, by_far_end=True)]


def test_our_own_hang_up_is_not_the_far_ends(desk: Desk) -> None:
    said = desk.hears(start("ordered", LEG), hang_up(32, soft=True), end(), destroyed(16))
    assert said[1:] == [ended(HangUpCause.NORMAL, by_far_end=False)]


def test_a_far_end_that_asterisk_gave_up_counts_as_gone(desk: Desk) -> None:
    said = desk.hears(start("inbound", "main"), hang_up(1, soft=True), end())
    assert said[1:] == [ended(HangUpCause.FAILED, by_far_end=True)]


def test_the_first_who_hangs_up_has_done_it(desk: Desk) -> None:
    said = desk.hears(start("inbound", "main"), hang_up(), hang_up(32, soft=True), end())
    assert said[1:] == [ended(HangUpCause.NORMAL, by_far_end=True)]


def test_a_leg_that_the_dialplan_takes_back_has_failed(desk: Desk) -> None:
    said = desk.hears(start("inbound", "main"), end())
    assert said[1:] == [ended(HangUpCause.FAILED, by_far_end=False)]


def test_nothing_is_told_of_a_leg_after_its_end(desk: Desk) -> None:
    desk.hears(start("inbound", "main"), hang_up(), end())
    late = (key("5"), finished(), started(), rings(), end(), start("inbound", "main"))
    assert desk.hears(*late) == []
    assert desk.dropped == [DropCause.LATE] * len(late)


def test_the_destruction_after_an_end_is_no_news(desk: Desk) -> None:
    desk.hears(start("ordered", LEG), hang_up(), end())
    assert desk.hears(destroyed(16)) == []
    assert desk.dropped == []


def test_keys_of_a_leg_that_was_up_before_us_are_told(desk: Desk) -> None:
    assert desk.hears(key("#", 80)) == [DigitPressed(leg=LEG, digit="#", duration_ms=80, at=NOW)]


@pytest.mark.parametrize("digit", ["A", "D", "55", "", "\u0665"])
def test_keys_that_no_telephone_has_are_counted(desk: Desk, digit: str) -> None:
    assert desk.hears(key(digit or "x")) == []
    assert desk.dropped == [DropCause.UNEXPECTED]


def test_a_media_list_starts_once(desk: Desk) -> None:
    assert desk.hears(started(), started(), finished(), started("pb2")) == [
        PlaybackStarted(playback=PlaybackId("pb1"), leg=LEG, at=NOW),
        PlaybackFinished(playback=PlaybackId("pb1"), leg=LEG, failed=False, at=NOW),
        PlaybackStarted(playback=PlaybackId("pb2"), leg=LEG, at=NOW),
    ]


def test_a_missing_sound_is_a_failure_and_a_hang_up_is_not(desk: Desk) -> None:
    (failed,) = desk.hears(finished(state="failed"))
    assert isinstance(failed, PlaybackFinished)
    assert failed.failed
    desk.hears(hang_up())
    (cut_off,) = desk.hears(finished("pb2", "failed"))
    assert isinstance(cut_off, PlaybackFinished)
    assert not cut_off.failed


def test_a_playback_in_a_bridge_is_nobodys(desk: Desk) -> None:
    on_bridge = ari.Playback(id="pb1", target_uri="bridge:b1", state="playing")
    assert desk.hears(ari.PlaybackStarted(type="PlaybackStarted", playback=on_bridge)) == []


@pytest.mark.parametrize(
    ("target_uri", "leg"), [("channel:leg", LEG), ("bridge:b1", ""), ("", ""), ("nonsense", "")]
)
def test_recordings_are_told_with_their_leg(desk: Desk, target_uri: str, leg: str) -> None:
    recording = ari.LiveRecording(name="r1", target_uri=target_uri, duration=3)
    assert desk.hears(
        ari.RecordingFinished(type="RecordingFinished", recording=recording),
        ari.RecordingFailed(type="RecordingFailed", recording=recording),
    ) == [
        RecordingFinished(
            recording=RecordingName("r1"), leg=LegId(leg), duration_s=3.0, failed=failed, at=NOW
        )
        for failed in (False, True)
    ]


def test_legs_that_went_unseen_are_buried_once(desk: Desk) -> None:
    desk.hears(start("inbound", "main"))
    known = desk.translator.confirmed()
    assert known == {LEG}
    assert desk.translator.bury(known, NOW) == [ended(HangUpCause.FAILED, by_far_end=False)]
    assert desk.translator.bury(known, NOW) == []
    assert desk.hears(end()) == []


def test_a_leg_that_is_only_being_dialled_is_not_buried(desk: Desk) -> None:
    desk.translator.expect(LEG)
    assert desk.translator.confirmed() == frozenset()
    desk.translator.confirm(LEG)
    assert desk.translator.confirmed() == {LEG}


def test_a_leg_that_is_not_made_is_forgotten_unless_it_was_seen(desk: Desk) -> None:
    desk.translator.expect(LEG)
    desk.translator.forget(LEG)
    assert len(desk.translator) == 0
    desk.translator.expect(LEG)
    desk.hears(rings())
    desk.translator.forget(LEG)
    assert desk.translator.confirmed() == {LEG}


def test_the_end_is_known_from_the_first_word_of_it(desk: Desk) -> None:
    desk.hears(start("inbound", "main"))
    assert not desk.translator.has_ended(LEG)
    desk.hears(hang_up())
    assert desk.translator.has_ended(LEG)
    desk.hears(end())
    assert desk.translator.has_ended(LEG)


def anything(leg: str) -> Iterator[ari.AriEvent]:
    yield start("inbound", "main", leg=leg)
    yield start("ordered", leg, leg=leg)
    yield end(leg)
    yield hang_up(leg=leg)
    yield hang_up(32, soft=True, leg=leg)
    yield destroyed(19, leg)
    yield rings(leg)
    yield dial_rings(leg)
    yield key("5", leg=leg)
    yield started(leg=leg)
    yield finished(leg=leg)


EVERYTHING = [event for leg in ("one", "two", "three") for event in anything(leg)]


@given(st.lists(st.sampled_from(EVERYTHING), max_size=60))
def test_in_any_order_each_leg_enters_once_ends_once_and_then_is_silent(
    events: list[ari.AriEvent],
) -> None:
    desk = Desk()
    desk.hears(*events)
    for leg in ("one", "two", "three"):
        story = [said for said in desk.said if said.leg == leg]
        ends = [at for at, said in enumerate(story) if isinstance(said, LegEnded)]
        assert ends in ([], [len(story) - 1])
        assert sum(isinstance(said, LegArrived | LegAnswered) for said in story) <= 1
        assert sum(isinstance(said, LegRinging) for said in story) <= 1


def test_a_hold_is_told_once_however_often_the_telephone_says_it(desk: Desk) -> None:
    held = ari.ChannelHold(type="ChannelHold", channel=channel())
    taken_back = ari.ChannelUnhold(type="ChannelUnhold", channel=channel())
    assert desk.hears(held, held) == [LegHeld(leg=LEG, at=NOW)]
    assert desk.hears(taken_back, taken_back) == [LegRetrieved(leg=LEG, at=NOW)]
