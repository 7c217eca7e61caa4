"""The voices of lines, and how an agent's is told from all else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.load.sound.frames import FRAMES_A_VOICE, Voice, are_of_agents, voices
from ivrengine.softphone.sound.codec import FRAME_SAMPLES, Codec, decode, encode

pytestmark = pytest.mark.unit

TABLE = voices()
COUNTS_AS_SPEECH = 256


def loudness(voice: Voice) -> float:
    samples = decode(TABLE[voice.value].tobytes(), Codec.PCMA)
    return float(np.abs(samples.astype(np.int32)).mean())


def test_only_who_speaks_can_be_taken_for_speaking() -> None:
    assert loudness(Voice.QUIET) < COUNTS_AS_SPEECH / 4
    assert loudness(Voice.SPEAKING) > COUNTS_AS_SPEECH * 4
    assert loudness(Voice.AGENT) > COUNTS_AS_SPEECH * 4


@given(st.integers(0, FRAMES_A_VOICE - 2), st.integers(0, FRAME_SAMPLES))
def test_an_agent_is_recognised_wherever_a_frame_begins(frame: int, shift: int) -> None:
    wave = TABLE[Voice.AGENT.value].reshape(-1)
    begin = frame * FRAME_SAMPLES + shift
    assert are_of_agents(wave[None, begin : begin + FRAME_SAMPLES]).tolist() == [True]


def test_neither_noise_nor_speech_nor_silence_is_taken_for_an_agent() -> None:
    assert not are_of_agents(TABLE[Voice.QUIET.value]).any()
    assert not are_of_agents(TABLE[Voice.SPEAKING.value]).any()
    silence = np.frombuffer(Codec.PCMA.silent_frame, dtype=np.uint8)
    assert not are_of_agents(silence[None, :]).any()


def test_the_tones_that_a_switch_plays_are_not_taken_for_an_agent() -> None:
    moments = np.arange(FRAME_SAMPLES) / 8000
    for hertz in (350, 425, 440, 480, 620, 950, 1400, 1800):
        wave = (9000 * np.sin(2 * np.pi * hertz * moments)).astype(np.int16)
        frame = np.frombuffer(encode(wave, Codec.PCMA), dtype=np.uint8)
        assert not are_of_agents(frame[None, :]).any(), hertz


def test_no_two_frames_of_a_line_s_noise_are_alike() -> None:
    assert len({frame.tobytes() for frame in TABLE[Voice.QUIET.value]}) == FRAMES_A_VOICE
