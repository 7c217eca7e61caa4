"""The kit's codecs, tones and keys, against other people's measures."""

import io

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.softphone.sip.dtmf import KEYS, KeyStyle, event_ticks, read_event
from ivrengine.softphone.sip.rtp import RtpPacket
from ivrengine.softphone.sound.codec import FRAME_SAMPLES, Codec, decode, encode
from ivrengine.softphone.sound.sources import tone
from ivrengine.softphone.sound.tones import level_dbfs, loudest_frequency_hz, peak, tone_share

pytestmark = pytest.mark.unit

SUBTYPES = {Codec.PCMU: "ULAW", Codec.PCMA: "ALAW"}
CODECS = pytest.mark.parametrize("codec", list(Codec), ids=lambda codec: codec.name)


@CODECS
def test_every_byte_decodes_as_libsndfile_says(codec: Codec) -> None:
    every = bytes(range(256))
    theirs, _ = soundfile.read(
        io.BytesIO(every),
        format="RAW",
        subtype=SUBTYPES[codec],
        samplerate=8000,
        channels=1,
        dtype="int16",
    )
    assert decode(every, codec).tolist() == theirs.tolist()


@CODECS
def test_encoding_undoes_decoding(codec: Codec) -> None:
    decoded = decode(bytes(range(256)), codec)
    assert decode(encode(decoded, codec), codec).tolist() == decoded.tolist()


@CODECS
def test_a_silent_frame_is_silent(codec: Codec) -> None:
    assert peak(decode(codec.silent_frame, codec)) <= 8


@CODECS
@pytest.mark.parametrize("frequency_hz", [300, 440, 1000, 2713])
def test_a_tone_is_found_at_its_frequency_and_nowhere_else(
    codec: Codec, frequency_hz: float
) -> None:
    frames = tone(codec, frequency_hz, level_dbfs=-12)
    samples = decode(b"".join(next(frames) for _ in range(5)), codec)
    assert tone_share(samples, frequency_hz) > 0.95
    assert tone_share(samples, frequency_hz + 200) < 0.05
    assert loudest_frequency_hz(samples) == pytest.approx(frequency_hz, abs=5)
    assert level_dbfs(samples) == pytest.approx(-15, abs=0.5)


def test_silence_has_no_tone() -> None:
    silent = np.zeros(FRAME_SAMPLES, dtype=np.int16)
    assert (tone_share(silent, 440), level_dbfs(silent)) == (0.0, -96.0)


@given(
    st.integers(0, 127),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFFFFFF),
    st.binary(max_size=200),
    st.booleans(),
)
def test_an_rtp_packet_survives_the_wire(
    payload_type: int, sequence: int, timestamp: int, payload: bytes, marker: bool
) -> None:
    sent = RtpPacket(
        payload_type=payload_type,
        sequence=sequence,
        timestamp=timestamp,
        ssrc=7,
        payload=payload,
        marker=marker,
    )
    assert RtpPacket.parse(sent.render()) == sent


def test_padding_extension_and_sources_are_passed_over() -> None:
    header = bytes([0x80 | 0x20 | 0x10 | 1, 8]) + bytes(10) + bytes(4)
    extension = b"\xbe\xde\x00\x01" + bytes(4)
    packet = RtpPacket.parse(header + extension + b"sound" + b"\x00\x00\x03")
    assert packet is not None
    assert packet.payload == b"sound"


@pytest.mark.parametrize("key", KEYS)
def test_a_press_is_updates_and_three_equal_ends(key: str) -> None:
    ticks = list(event_ticks(key, KeyStyle(duration_s=0.1)))
    assert [len(packets) for packets in ticks] == [1, 1, 1, 1, 3]
    assert [packets[0].marker for packets in ticks] == [True, False, False, False, False]
    assert len(set(ticks[-1])) == 1
    durations = [int.from_bytes(packets[0].payload[2:4]) for packets in ticks]
    assert durations == [160, 320, 480, 640, 800]
    assert read_event(ticks[0][0].payload) == (key, False)
    assert read_event(ticks[-1][0].payload) == (key, True)


def test_lost_updates_and_missing_ends_are_not_sent() -> None:
    ticks = list(event_ticks("1", KeyStyle(duration_s=0.1, lost_packets=2, end_packets=0)))
    assert [len(packets) for packets in ticks] == [0, 0, 1, 1, 0]


def test_a_very_long_press_goes_on_in_a_new_segment() -> None:
    [*_, last] = event_ticks("1", KeyStyle(duration_s=10))
    assert last[0].offset + int.from_bytes(last[0].payload[2:4]) == 80_000
    assert last[0].offset > 0
