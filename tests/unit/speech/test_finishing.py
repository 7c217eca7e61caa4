import numpy as np
import pytest

from ivrengine.errors import SpeechError
from ivrengine.speech.finishing import finish, speech_level_dbfs, trimmed
from ivrengine.speech.masters import SAMPLE_RATE_HZ, Waveform
from ivrengine.speech.music import compose
from ivrengine.speech.tones import beep
from ivrengine.speech.voices.cutting import find_pause

pytestmark = pytest.mark.unit


def hum(length_s: float, peak: float = 0.3) -> Waveform:
    times = np.arange(round(length_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return np.asarray(peak * np.sin(2 * np.pi * 250 * times), dtype=np.float32)


def silence(length_s: float) -> Waveform:
    return np.zeros(round(length_s * SAMPLE_RATE_HZ), dtype=np.float32)


def test_silence_at_both_ends_is_cut_down_to_the_air_asked_for() -> None:
    speech = np.concatenate([silence(0.4), hum(0.5), silence(0.9)])
    assert len(trimmed(speech, air_s=0.03)) / SAMPLE_RATE_HZ == pytest.approx(0.56, abs=0.01)


def test_air_is_added_where_there_is_none() -> None:
    assert len(trimmed(hum(0.5), air_s=0.03)) / SAMPLE_RATE_HZ == pytest.approx(0.56, abs=0.01)


def test_pauses_inside_stay_and_do_not_count_for_the_level() -> None:
    speech = np.concatenate([hum(0.4), silence(0.5), hum(0.4)])
    assert len(trimmed(speech, air_s=0)) == pytest.approx(len(speech), abs=300)
    assert speech_level_dbfs(speech) == pytest.approx(speech_level_dbfs(hum(0.4)), abs=0.1)


@pytest.mark.parametrize("peak", [0.01, 0.2, 1.0])
def test_all_speech_is_brought_to_one_level(peak: float) -> None:
    done = finish(hum(1.0, peak), loudness_dbfs=-20, air_s=0.03)
    assert speech_level_dbfs(done) == pytest.approx(-20, abs=0.2)


def test_peaks_are_bent_and_never_clipped() -> None:
    spiky = hum(1.0, 0.05)
    spiky[::2000] = 1.0
    done = finish(spiky, loudness_dbfs=-14, air_s=0.03)
    assert 0.7 < np.abs(done).max() <= 0.95


def test_both_ends_begin_and_end_in_silence() -> None:
    done = finish(hum(0.5), loudness_dbfs=-20, air_s=0)
    assert abs(done[0]) < 1e-6
    assert abs(done[-1]) < 1e-6


def test_a_rendering_of_nothing_is_refused() -> None:
    with pytest.raises(SpeechError, match="silent"):
        finish(silence(1.0), loudness_dbfs=-20, air_s=0.03)


def test_a_pause_between_two_words_is_found_at_its_end() -> None:
    words = np.concatenate([hum(0.3), silence(0.1), hum(0.3)])
    cut = find_pause(words, round(0.29 * SAMPLE_RATE_HZ), round(0.4 * SAMPLE_RATE_HZ))
    assert cut.silent
    assert 0.3 <= cut.at / SAMPLE_RATE_HZ <= 0.4


def test_words_that_run_into_each_other_have_no_pause() -> None:
    words = hum(0.7)
    cut = find_pause(words, round(0.3 * SAMPLE_RATE_HZ), round(0.4 * SAMPLE_RATE_HZ))
    assert not cut.silent


def test_the_beep_is_short_and_as_loud_as_speech() -> None:
    assert len(beep()) / SAMPLE_RATE_HZ == 0.25
    assert speech_level_dbfs(beep()) == pytest.approx(-17.5, abs=2)


def test_the_tune_is_below_speech_and_can_be_looped() -> None:
    tune = compose()
    assert 60 <= len(tune) / SAMPLE_RATE_HZ <= 90
    assert speech_level_dbfs(tune) == pytest.approx(-28, abs=1.5)
    assert np.abs(tune).max() < 0.5
    seam = np.abs(tune[0] - tune[-1])
    assert seam <= np.abs(np.diff(tune)).max()
    assert (compose() == tune).all()
