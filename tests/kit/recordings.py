"""Recordings as an operator gets them over the API, and what can be heard in them."""

import io
import wave

import numpy as np

from ivrengine.softphone.sound.codec import SAMPLE_RATE_HZ, Samples
from ivrengine.softphone.sound.tones import tone_share
from tests.kit.api import WebApi, asked


async def downloaded(api: WebApi, recording: str) -> Samples:
    """The sound of a recording, which must be a WAV file of one channel at 8 kHz."""
    octets = await asked(lambda: api.octets("GET", f"/api/recordings/{recording}"))
    with wave.open(io.BytesIO(octets)) as sound:
        form = (sound.getnchannels(), sound.getsampwidth(), sound.getframerate())
        assert form == (1, 2, SAMPLE_RATE_HZ), form
        return np.frombuffer(sound.readframes(sound.getnframes()), dtype=np.int16)


def seconds_with(sound: Samples, *tones_hz: float, least_share: float = 0.2) -> float:
    """For how many seconds all these tones sound together, in steps of a tenth."""
    step = SAMPLE_RATE_HZ // 10
    windows = [sound[at : at + step] for at in range(0, sound.size - step + 1, step)]
    return 0.1 * sum(
        all(tone_share(window, tone) > least_share for tone in tones_hz) for window in windows
    )
