"""What is said on lines: A-law frames of each voice, and how an agent's is told from all else."""

from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ivrengine.softphone.sound.codec import FRAME_SAMPLES, SAMPLE_RATE_HZ, Codec, encode

Frames = NDArray[np.uint8]

FRAMES_A_VOICE: Final = 64
_QUIET_AMPLITUDE: Final = 20
"""The noise of a line: far below what counts as speech, and yet never the same frame again."""

_LOUD_AMPLITUDE: Final = 6000
_AGENT_HZ: Final = 1000
_AGENT_AMPLITUDE: Final = 9000
_AGENT_PERIOD: Final = SAMPLE_RATE_HZ // _AGENT_HZ


class Voice(Enum):
    """What a line sends while no key is pressed."""

    QUIET = 0
    SPEAKING = 1
    AGENT = 2


def voices(seed: int = 0) -> Frames:
    """Return the frames of each voice: indexed by voice, then by frame, then by sample."""
    chance = np.random.default_rng(seed)
    length = FRAMES_A_VOICE * FRAME_SAMPLES
    noise = chance.uniform(-1.0, 1.0, length)
    moments = np.arange(length) / SAMPLE_RATE_HZ
    syllables = 0.6 + 0.4 * np.sin(2 * np.pi * 4 * moments)
    waves = {
        Voice.QUIET: _QUIET_AMPLITUDE * noise,
        Voice.SPEAKING: _LOUD_AMPLITUDE * noise * syllables,
        Voice.AGENT: _AGENT_AMPLITUDE * np.sin(2 * np.pi * _AGENT_HZ * moments),
    }
    table = np.empty((len(Voice), FRAMES_A_VOICE, FRAME_SAMPLES), dtype=np.uint8)
    for voice, wave in waves.items():
        coded = np.frombuffer(encode(wave.astype(np.int16), Codec.PCMA), dtype=np.uint8)
        table[voice.value] = coded.reshape(FRAMES_A_VOICE, FRAME_SAMPLES)
    return table


def are_of_agents(payloads: Frames) -> NDArray[np.bool_]:
    """Tell for each payload whether an agent's voice is in it.

    It repeats every eight samples, wherever a frame begins, which neither speech nor music does.
    """
    window = payloads[:, : FRAME_SAMPLES - _AGENT_PERIOD]
    repeats = np.asarray((window == payloads[:, _AGENT_PERIOD:FRAME_SAMPLES]).all(axis=1))
    moves = np.asarray(payloads[:, 0] != payloads[:, 1])
    found: NDArray[np.bool_] = np.logical_and(repeats, moves)
    return found
