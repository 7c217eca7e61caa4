"""What was heard is told as a listener would: joined, in words, and cut where it was cut."""

import pytest

from ivrengine.demo.utterances import spoken, utterances
from ivrengine.softphone.hearing.library import Sound
from ivrengine.softphone.hearing.transcript import Entry, Heard, Unknown

pytestmark = pytest.mark.unit

FRAME = 160
TEXTS = {"a.first": "您好", "a.second": "再见", "b.hello": "Hello", "b.there": "there"}


def heard(
    prompt_id: str,
    *,
    at_frame: int,
    language: str | None = "zh",
    length: int = 20,
    to_frame: int | None = None,
    ongoing: bool = False,
) -> Heard:
    last = length - 1 if to_frame is None else to_frame
    begin = at_frame * 0.02
    return Heard(
        sounds=(Sound(prompt_id, language),),
        began_at=begin,
        ended_at=begin + last * 0.02,
        start_s=begin,
        end_s=begin + (last + 1) * 0.02,
        from_frame=0,
        to_frame=last,
        frames=length,
        rtp_begin=at_frame * FRAME,
        rtp_end=(at_frame + last + 1) * FRAME,
        ongoing=ongoing,
    )


def unknown(*, at_frame: int, frames: int) -> Unknown:
    begin = at_frame * 0.02
    return Unknown(
        began_at=begin,
        ended_at=begin + frames * 0.02,
        start_s=begin,
        end_s=begin + frames * 0.02,
        frames=frames,
        level_dbfs=-20.0,
        loudest_hz=440.0,
        rtp_begin=at_frame * FRAME,
        rtp_end=(at_frame + frames) * FRAME,
    )


def words(*entries: Entry) -> list[str]:
    return [
        spoken(each.speech, lambda prompt: TEXTS[prompt.prompt_id]) for each in utterances(entries)
    ]


def test_fragments_that_follow_each_other_are_one_utterance() -> None:
    assert words(heard("a.first", at_frame=0), heard("a.second", at_frame=22)) == ["您好再见"]


def test_english_has_spaces_between_its_fragments() -> None:
    english = (
        heard("b.hello", at_frame=0, language="en"),
        heard("b.there", at_frame=20, language="en"),
    )
    assert words(*english) == ["Hello there"]


def test_a_pause_ends_an_utterance() -> None:
    assert words(heard("a.first", at_frame=0), heard("a.second", at_frame=50)) == ["您好", "再见"]


def test_another_language_begins_another_utterance() -> None:
    both = (heard("a.first", at_frame=0), heard("b.hello", at_frame=20, language="en"))
    assert words(*both) == ["您好", "Hello"]


def test_what_was_cut_off_ends_where_it_was_cut() -> None:
    cut = heard("a.first", at_frame=0, to_frame=9)
    assert words(cut, heard("a.second", at_frame=10)) == ["您—", "再见"]


def test_music_is_an_utterance_of_its_own_however_often_it_begins_again() -> None:
    music = [
        heard("music.waiting", at_frame=at, language=None, length=100) for at in (20, 120, 220)
    ]
    told = utterances([heard("a.first", at_frame=0), *music, heard("a.second", at_frame=320)])
    assert [each.is_music for each in told] == [False, True, False]


def test_a_click_is_not_worth_telling_but_a_voice_is() -> None:
    click, voice = utterances([unknown(at_frame=0, frames=3), unknown(at_frame=100, frames=80)])
    assert click.is_click
    assert not voice.is_click


def test_an_utterance_is_over_once_nothing_can_join_it() -> None:
    [only] = utterances([heard("a.first", at_frame=0)])
    assert not only.is_over(only.ended_at + 0.1)
    assert only.is_over(only.ended_at + 0.5)
