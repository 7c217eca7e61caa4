"""Turning frames into a transcript, with everything a network does to them."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivrengine.softphone.hearing.library import PromptLibrary, Sound
from ivrengine.softphone.hearing.transcriber import Transcriber
from ivrengine.softphone.hearing.transcript import Entry, Heard, Unknown, render
from ivrengine.softphone.sip.rtp import Arrival, RtpPacket
from ivrengine.softphone.sound.codec import FRAME_S, FRAME_SAMPLES, Codec, encode
from ivrengine.softphone.sound.sources import tone
from tests.kit.prompts import speech_like

pytestmark = pytest.mark.unit

CODEC = Codec.PCMA
FILES = {
    Sound("a", "zh"): encode(speech_like(30, seed=1), CODEC),
    Sound("b", "zh"): encode(speech_like(12, seed=2), CODEC),
    Sound("b", "en"): encode(speech_like(15, seed=3), CODEC),
    Sound("music.calm", None): encode(speech_like(80, seed=4), CODEC),
}
PREFIX = encode(speech_like(20, seed=5), CODEC)
TWINS = {
    Sound("twin.1", "zh"): encode(speech_like(10, seed=6), CODEC),
    Sound("twin.2", "zh"): encode(speech_like(10, seed=6), CODEC),
    Sound("short", "zh"): PREFIX,
    Sound("long", "zh"): PREFIX + encode(speech_like(20, seed=7), CODEC),
}
BEEP = encode(
    (8000 * np.sin(2 * np.pi * 400 * np.arange(25 * FRAME_SAMPLES) / 8000)).astype(np.int16), CODEC
)
LIBRARY = PromptLibrary(CODEC, [*FILES.items(), *TWINS.items(), (Sound("beep", "zh"), BEEP)])


def frames(payload: bytes) -> list[bytes]:
    return [payload[at : at + FRAME_SAMPLES] for at in range(0, len(payload), FRAME_SAMPLES)]


def quiet(count: int) -> list[bytes]:
    return [CODEC.silent_frame] * count


def hum(count: int) -> list[bytes]:
    source = tone(CODEC, 1000)
    return [next(source) for _ in range(count)]


def packets(
    payloads: Iterable[bytes], *, timestamp: int = 0, sequence: int = 0, ssrc: int = 1
) -> list[Arrival]:
    return [
        Arrival(
            at=step * FRAME_S,
            packet=RtpPacket(
                payload_type=CODEC.payload_type,
                sequence=(sequence + step) & 0xFFFF,
                timestamp=(timestamp + step * FRAME_SAMPLES) & 0xFFFFFFFF,
                ssrc=ssrc,
                payload=payload,
            ),
        )
        for step, payload in enumerate(payloads)
    ]


def transcribe(arrivals: Iterable[Arrival]) -> list[Entry]:
    transcriber = Transcriber(LIBRARY, origin=0.0)
    for arrival in arrivals:
        transcriber.take(arrival)
    return transcriber.entries


def heard(entries: Sequence[Entry]) -> list[Heard]:
    assert all(isinstance(entry, Heard) for entry in entries), render(list(entries))
    return [entry for entry in entries if isinstance(entry, Heard)]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.sampled_from(list(FILES)), st.integers(0, 5)), max_size=8))
def test_any_row_of_prompts_is_read_back(row: list[tuple[Sound, int]]) -> None:
    payloads = [p for sound, pause in row for p in [*frames(FILES[sound]), *quiet(pause)]]
    entries = heard(transcribe(packets(payloads)))
    assert [entry.sounds for entry in entries] == [(sound,) for sound, _ in row]
    assert all(entry.complete and not entry.ongoing for entry in entries)
    pauses = [b.rtp_begin - a.rtp_end for a, b in pairwise(entries)]
    assert pauses == [pause * FRAME_SAMPLES for _, pause in row[: max(0, len(row) - 1)]]


@given(st.integers(4, 28))
def test_a_prompt_that_is_cut_ends_with_its_last_audible_frame(length: int) -> None:
    [entry] = heard(transcribe(packets([*frames(FILES[Sound("a", "zh")])[:length], *quiet(20)])))
    assert not entry.complete
    assert entry.from_frame == 0
    assert entry.to_frame == (length - 1 if length != 16 else 14)


@given(st.integers(4, 28), st.integers(1, 30))
def test_a_prompt_that_pauses_goes_on_in_its_next_stretch(length: int, pause: int) -> None:
    arrivals = packets(frames(FILES[Sound("a", "zh")]))
    late = packets(frames(FILES[Sound("a", "zh")]), timestamp=pause * FRAME_SAMPLES)
    first, rest = heard(transcribe(arrivals[:length] + late[length:]))
    assert first.goes_on_in(rest)
    whole = first.with_rest(rest)
    assert whole.complete
    assert whole.rtp_end - whole.rtp_begin == (30 + pause) * FRAME_SAMPLES


def test_a_prompt_that_leaves_out_or_repeats_something_does_not_go_on() -> None:
    payloads = frames(FILES[Sound("a", "zh")])
    for at in (0, 9, 11):
        first, rest = heard(transcribe(packets([*payloads[:10], *quiet(5), *payloads[at:]])))
        assert not first.goes_on_in(rest), at


def test_lost_frames_are_counted_and_do_not_break_a_prompt() -> None:
    arrivals = packets(frames(FILES[Sound("a", "zh")]))
    [entry] = heard(transcribe(arrivals[:5] + arrivals[8:]))
    assert entry.complete
    assert entry.lost_frames == 3


def test_late_and_doubled_frames_are_left_out() -> None:
    arrivals = packets(frames(FILES[Sound("a", "zh")]))
    transcriber = Transcriber(LIBRARY, origin=0.0)
    for arrival in [*arrivals[:10], arrivals[4], arrivals[9], *arrivals[10:]]:
        transcriber.take(arrival)
    [entry] = heard(transcriber.entries)
    assert entry.complete
    assert transcriber.late_frames == 2


def test_the_timestamp_may_wrap_around() -> None:
    begin = (1 << 32) - 10 * FRAME_SAMPLES
    [entry] = heard(transcribe(packets(frames(FILES[Sound("a", "zh")]), timestamp=begin)))
    assert entry.complete


def test_another_source_in_the_middle_does_not_break_a_prompt() -> None:
    payloads = frames(FILES[Sound("a", "zh")])
    first = packets(payloads[:10])
    rest = packets(payloads, timestamp=99_999, ssrc=2)[10:]
    [entry] = heard(transcribe(first + rest))
    assert entry.complete


def test_a_prompt_that_jumps_is_two_stretches() -> None:
    payloads = frames(FILES[Sound("music.calm", None)])
    first, second = heard(transcribe(packets(payloads[:20] + payloads[50:])))
    assert (first.to_frame, second.from_frame) == (19, 50)


def test_equal_files_are_both_named() -> None:
    [entry] = heard(transcribe(packets(frames(TWINS[Sound("twin.1", "zh")]))))
    assert entry.is_("twin.1")
    assert entry.is_("twin.2", "zh")
    assert not entry.is_("twin.1", "en")


def test_a_common_beginning_is_decided_by_what_follows() -> None:
    [long] = heard(transcribe(packets(frames(TWINS[Sound("long", "zh")]))))
    assert long.sounds == (Sound("long", "zh"),)
    assert long.complete
    undecided = heard(transcribe(packets(frames(PREFIX))))
    assert set(undecided[0].sounds) == {Sound("short", "zh"), Sound("long", "zh")}


def test_a_beep_of_equal_frames_is_heard_from_its_beginning() -> None:
    [entry] = heard(transcribe(packets([*quiet(3), *frames(BEEP), *quiet(3)])))
    assert entry.complete
    assert entry.prompt_id == "beep"


def test_unknown_sound_is_described() -> None:
    before, unknown, after = transcribe(
        packets([*frames(FILES[Sound("b", "zh")]), *hum(40), *frames(FILES[Sound("b", "en")])])
    )
    assert isinstance(before, Heard)
    assert isinstance(after, Heard)
    assert isinstance(unknown, Unknown)
    assert unknown.frames == 40
    assert unknown.loudest_hz == pytest.approx(1000, abs=5)


def test_frames_of_another_length_are_unknown_sound() -> None:
    [unknown] = transcribe(packets([payload[:80] for payload in hum(5)]))
    assert isinstance(unknown, Unknown)


def test_what_is_still_heard_is_marked_so() -> None:
    [entry] = heard(transcribe(packets(frames(FILES[Sound("a", "zh")])[:10])))
    assert entry.ongoing
    assert "still going" in str(entry)


def test_an_empty_library_hears_nothing_it_knows() -> None:
    transcriber = Transcriber(PromptLibrary(CODEC, []), origin=0.0)
    for arrival in packets(hum(3)):
        transcriber.take(arrival)
    assert isinstance(transcriber.entries[0], Unknown)
